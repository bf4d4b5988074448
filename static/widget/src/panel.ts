// The chat window: header, progress, conversation, composer. Draws what a Conversation holds.
import { Composer, type ComposerHooks } from "./composer.ts";
import type { Conversation } from "./conversation.ts";
import { h, say } from "./dom.ts";
import { Ending } from "./ending.ts";
import type { Choice } from "./frames.ts";
import { icon } from "./icons.ts";
import { Log } from "./log.ts";
import { Menu, type MenuHooks } from "./menu.ts";
import * as strings from "./strings.ts";

export interface PanelHooks extends ComposerHooks, MenuHooks {
  startOver(): void;
  close(): void;
}

/** A short break is mended before anyone need hear of it. */
const PATIENCE = 1_500;

export class Panel {
  readonly element: HTMLElement;
  readonly composer: Composer;
  readonly #hooks: PanelHooks;
  readonly #menu: Menu;
  readonly #ending: Ending;
  readonly #log = new Log();
  readonly #title = h("h2", { tabindex: -1 });
  readonly #name = h("p.name");
  readonly #count = h("span.count", { "aria-hidden": "true" });
  readonly #progress = h("progress", { "aria-label": strings.progress });
  readonly #provisional = h("div.bubble", { dir: "auto" });
  readonly #writing: HTMLElement;
  readonly #choices = h("div.choices", { role: "group", "aria-label": strings.quickReplies });
  readonly #scroller: HTMLElement;
  readonly #status = h("p.status", { role: "status" });
  readonly #alert = h("p.alert", { role: "alert" });
  #spoken: Choice[] = [];
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(tag: "dialog" | "section", hooks: PanelHooks, draft: string) {
    this.#hooks = hooks;
    this.composer = new Composer(hooks, draft);
    this.#menu = new Menu(hooks);
    this.#ending = new Ending(hooks.startOver);
    this.#writing = h("div.line.assistant.writing", { "aria-hidden": "true" });
    this.#writing.append(this.#provisional, h("span.dots", {}, h("i"), h("i"), h("i")));
    this.#scroller = h(
      "div.scroller",
      { tabindex: 0, role: "group", "aria-label": strings.conversation },
      h("div", {}, this.#log.element, this.#writing, this.#choices, this.#ending.element),
    );
    this.element = h(tag as "dialog", { class: "panel" }, this.#header(tag === "dialog"));
    this.element.append(this.#progress, this.#scroller, this.#status, this.#alert);
    this.element.append(this.#menu.confirmation, this.composer.element);
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  #header(isClosable: boolean): HTMLElement {
    const close = h(
      "button.tool",
      { type: "button", "aria-label": strings.closeChat, onclick: () => this.#hooks.close() },
      icon("close"),
    );
    return h(
      "header",
      {},
      h("span.avatar", {}, icon("chat")),
      h("div.heading", {}, this.#title, this.#name),
      this.#count,
      this.#menu.element,
      isClosable ? close : undefined,
    );
  }

  /** Where the keyboard goes when the panel opens: to the composer, unless that covers the screen. */
  focus(isOnPhone: boolean): void {
    if (isOnPhone || this.composer.element.hidden) this.#title.focus();
    else this.composer.focus();
  }

  showEnd(): void {
    this.#scroller.scrollTop = 0; // the style sheet turns the scroller round: its end is its zero
  }

  /** Stands until the next message, or until it is taken back with "". */
  alert(text: string, isTrouble = true): void {
    say(this.#alert, text);
    this.#alert.classList.toggle("danger", isTrouble);
  }

  render(chat: Conversation): void {
    this.#renderHeading(chat);
    const isOnline = chat.connection === "online";
    const hasNews = this.#log.render(chat.lines, chat.isCaughtUp, isOnline);
    this.renderWriting(chat);
    this.#renderChoices(chat.isActive ? chat.choices : []);
    const hasEnded = this.#ending.render(chat.status);
    this.#renderComposer(chat);
    this.#renderStatus(chat);
    const isOwn = hasNews && chat.lines.at(-1)?.role === "visitor";
    if (isOwn || hasEnded) this.showEnd();
  }

  #renderHeading({ settings, progress }: Conversation): void {
    const title = settings?.title || settings?.name || "";
    this.element.setAttribute("aria-label", title || strings.conversation);
    say(this.#title, title);
    say(this.#name, settings && settings.name !== title ? settings.name : "");
    const { filled = 0, required = 0 } = progress ?? {};
    this.#progress.hidden = this.#count.hidden = !required;
    this.#progress.max = required || 1;
    this.#progress.value = filled;
    this.#progress.setAttribute("aria-valuetext", strings.progressOf(filled, required));
    say(this.#count, strings.progressOf(filled, required));
  }

  /** Also called apart from the rest, because it changes many times a second. */
  renderWriting({ provisional, isAwaited }: Conversation): void {
    say(this.#provisional, provisional?.text ?? "");
    this.#writing.classList.toggle("silent", !provisional);
    this.#writing.hidden = !provisional && !isAwaited;
  }

  #renderChoices(choices: Choice[]): void {
    if (choices === this.#spoken) return;
    this.#spoken = choices;
    const buttons = choices.map(({ label }) => {
      const pick = () => {
        this.#hooks.send(label);
        this.#hooks.settle();
      };
      return h("button.choice", { type: "button", dir: "auto", onclick: pick }, label);
    });
    this.#choices.replaceChildren(...buttons);
    this.#choices.hidden = !buttons.length;
  }

  /** Hiding what has the keyboard would drop it on the page, so it moves to the title first. */
  #renderComposer({ isActive, status }: Conversation): void {
    if (!isActive && this.composer.hasFocus) this.#title.focus();
    this.composer.element.hidden = !isActive;
    this.#menu.element.hidden = !isActive || status === "new";
    if (!isActive) this.#menu.confirmation.hidden = true;
  }

  #renderStatus(chat: Conversation): void {
    clearTimeout(this.#patience);
    const isBroken = chat.connection === "connecting" || chat.connection === "reconnecting";
    const show = () => {
      say(this.#status, statusOf(chat));
      const isQuiet = chat.connection === "online" && chat.status !== "handoff";
      this.#status.classList.toggle("unseen", isQuiet);
    };
    if (isBroken) this.#patience = setTimeout(show, PATIENCE);
    else show();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.#menu.dismiss()) this.#hooks.close();
  }
}

function statusOf(chat: Conversation): string {
  if (!chat.isActive) return "";
  switch (chat.connection) {
    case "connecting":
      return strings.connecting;
    case "reconnecting":
      return strings.reconnecting;
    case "offline":
      return strings.offline;
    case "asleep":
      return strings.asleep;
    case "refused":
      return "";
    case "online":
      if (chat.isAwaited) return strings.typing;
      return chat.status === "handoff" ? strings.handoff : "";
  }
}
