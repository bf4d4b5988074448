// Where the visitor writes. Keeps what was typed until it is sent.
import { h, say } from "./dom.ts";
import { icon } from "./icons.ts";
import * as strings from "./strings.ts";

const MOST_BYTES = 8 * 1024;

export interface ComposerHooks {
  send(text: string): void;
  /** Called at each change with the whole text. */
  typed(text: string): void;
}

export class Composer {
  readonly element: HTMLFormElement;
  readonly #hooks: ComposerHooks;
  readonly #box = h("textarea", {
    rows: 1,
    id: "message",
    dir: "auto",
    enterkeyhint: "send",
    autocomplete: "off",
    placeholder: strings.placeholder,
    "aria-label": strings.message,
    "aria-describedby": "trouble",
  });
  readonly #button = h("button.send", { "aria-label": strings.send }, icon("send"));
  readonly #trouble = h("p.trouble", { id: "trouble", role: "alert" });

  constructor(hooks: ComposerHooks, draft: string) {
    this.#hooks = hooks;
    this.element = h(
      "form.composer",
      { novalidate: true },
      this.#trouble,
      h("div.row", {}, this.#box, this.#button),
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#box.addEventListener("input", () => this.#changed());
    this.#box.value = draft;
    this.#fit();
  }

  focus(): void {
    this.#box.focus();
  }

  get hasFocus(): boolean {
    return this.element.matches(":focus-within");
  }

  /** Put back a message that could not be sent, before whatever was typed since. */
  giveBack(text: string): void {
    this.#box.value = [text, this.#box.value].filter(Boolean).join("\n");
    this.#changed();
  }

  clear(): void {
    this.#box.value = "";
    this.#changed();
  }

  complain(text: string): void {
    say(this.#trouble, text);
    if (text) this.#box.setAttribute("aria-invalid", "true");
    else this.#box.removeAttribute("aria-invalid");
  }

  /** Enter sends, but not while an input method is still composing a word. */
  #key(event: KeyboardEvent): void {
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #changed(): void {
    this.complain("");
    this.#fit();
    this.#hooks.typed(this.#box.value);
  }

  #submit(): void {
    const text = sendable(this.#box.value);
    if (!text) return this.focus();
    if (new TextEncoder().encode(text).length > MOST_BYTES) return this.complain(strings.tooLong);
    this.clear();
    this.#hooks.send(text);
  }

  #fit(): void {
    const isEmpty = !this.#box.value.trim();
    this.#button.classList.toggle("empty", isEmpty);
    this.#box.rows = Math.min(5, this.#box.value.split("\n").length);
  }
}

/** NUL and halves of a surrogate pair can be neither stored nor seen, so they are left out. */
export function sendable(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, "").trim();
}
