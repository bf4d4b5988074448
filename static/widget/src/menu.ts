// The options behind the dots: end the chat, or end it and forget it on this device.
import { h, say } from "./dom.ts";
import { icon } from "./icons.ts";
import * as strings from "./strings.ts";

export interface MenuHooks {
  end(): void;
  endAndForget(): void;
  /** What had the keyboard is gone: put it in a useful place. */
  settle(): void;
}

export class Menu {
  readonly element: HTMLElement;
  /** Asks whether the visitor means it. Stands above the composer while it does. */
  readonly confirmation: HTMLElement;
  readonly #hooks: MenuHooks;
  readonly #button = h(
    "button.tool",
    {
      type: "button",
      "aria-label": strings.options,
      "aria-expanded": "false",
      onclick: () => this.#show(!!this.#list.hidden),
    },
    icon("more"),
  );
  readonly #list: HTMLElement;
  readonly #question = h("p", { id: "question" });
  readonly #keep = h(
    "button.plain",
    { type: "button", onclick: () => this.#answer(false) },
    strings.keepChatting,
  );
  #confirmed: () => void = () => {};

  constructor(hooks: MenuHooks) {
    this.#hooks = hooks;
    const end = () => this.#ask(strings.endQuestion, hooks.end);
    const forget = () => this.#ask(strings.forgetQuestion, hooks.endAndForget);
    this.#list = h(
      "div.options",
      { hidden: true },
      h("button", { type: "button", onclick: end }, strings.endChat),
      h("button", { type: "button", onclick: forget }, strings.endAndForget),
    );
    this.element = h("div.menu", { onfocusout: (event: FocusEvent) => this.#left(event) });
    this.element.append(this.#button, this.#list);
    const confirm = () => this.#answer(true);
    const yes = h("button.plain.danger", { type: "button", onclick: confirm }, strings.endConfirm);
    this.confirmation = h("div.confirm", { role: "group", "aria-labelledby": "question" });
    this.confirmation.append(this.#question, h("div.answers", {}, yes, this.#keep));
    this.confirmation.hidden = true;
  }

  /** Close whatever stands open. Answers false when nothing did. */
  dismiss(): boolean {
    if (!this.#list.hidden) {
      this.#show(false);
      this.#button.focus();
      return true;
    }
    if (this.confirmation.hidden) return false;
    this.#answer(false);
    return true;
  }

  #show(isShown: boolean): void {
    this.#list.hidden = !isShown;
    this.#button.setAttribute("aria-expanded", String(isShown));
    if (isShown) this.#list.querySelector("button")?.focus();
  }

  #left({ relatedTarget }: FocusEvent): void {
    if (!this.element.contains(relatedTarget as Node | null)) this.#show(false);
  }

  #ask(question: string, confirmed: () => void): void {
    this.#confirmed = confirmed;
    say(this.#question, question);
    this.confirmation.hidden = false;
    this.#keep.focus();
    this.#show(false);
  }

  #answer(isYes: boolean): void {
    this.confirmation.hidden = true;
    if (isYes) this.#confirmed();
    this.#hooks.settle();
  }
}
