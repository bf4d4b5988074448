// The list of complete messages. Each is added once; screen readers hear only what is new.
import type { Line } from "./conversation.ts";
import { h, say } from "./dom.ts";
import { formatted, withLinks } from "./formatted.ts";
import * as strings from "./strings.ts";

export class Log {
  readonly element = h("div.log", {
    role: "log",
    "aria-label": strings.conversation,
    "aria-live": "off",
  });
  readonly #shown = new Map<string, HTMLElement>();

  /** Answers true when a message was added. `isLive` is false while history is being told. */
  render(lines: Line[], isLive: boolean, isOnline: boolean): boolean {
    const before = this.#shown.size;
    this.#remove(lines);
    lines.forEach((line, place) => {
      this.#place(this.#elementOf(line), place);
      this.#mark(line, isOnline);
    });
    if (isLive) this.element.removeAttribute("aria-live");
    else this.element.setAttribute("aria-live", "off");
    return this.#shown.size > before;
  }

  #remove(lines: Line[]): void {
    const keys = new Set(lines.map(({ key }) => key));
    for (const [key, element] of this.#shown) {
      if (keys.has(key)) continue;
      element.remove();
      this.#shown.delete(key);
    }
  }

  #elementOf(line: Line): HTMLElement {
    const shown = this.#shown.get(line.key) ?? draw(line);
    this.#shown.set(line.key, shown);
    return shown;
  }

  /** Moving a node makes some screen readers speak it again, so it moves only when it must. */
  #place(element: HTMLElement, place: number): void {
    const there = this.element.children[place] ?? null;
    if (there !== element) this.element.insertBefore(element, there);
  }

  #mark({ key, isSent }: Line, isOnline: boolean): void {
    const note = this.#shown.get(key)?.querySelector(".note");
    if (!note) return;
    if (isSent) note.remove();
    else say(note, isOnline ? strings.sending : strings.waitingToSend);
  }
}

function draw({ role, text, isSent }: Line): HTMLElement {
  const isOwn = role === "visitor";
  const author = isOwn ? strings.you : strings.assistant;
  return h(
    "div",
    { class: `line ${role}` },
    h("span.unseen", {}, `${author}: `),
    h("div.bubble", { dir: "auto" }, ...(isOwn ? withLinks : formatted)(text)),
    isSent ? undefined : h("span.note"),
  );
}
