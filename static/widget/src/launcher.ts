// The button on the customer's page that opens the chat.
import { h, say } from "./dom.ts";
import { icon } from "./icons.ts";
import * as strings from "./strings.ts";

export class Launcher {
  readonly element: HTMLButtonElement;
  readonly #title = h("span.title");
  readonly #badge = h("span.badge", { "aria-hidden": "true" });

  constructor(toggle: () => void) {
    this.element = h(
      "button.launcher",
      { type: "button", "aria-expanded": "false", onclick: toggle },
      icon("chat"),
      icon("down"),
      this.#title,
      this.#badge,
    );
  }

  render(title: string, isOpen: boolean, unread: number): void {
    const news = unread ? `, ${strings.unread(unread)}` : "";
    this.element.setAttribute("aria-label", (title || strings.chat) + news);
    this.element.setAttribute("aria-expanded", String(isOpen));
    say(this.#title, isOpen ? "" : title);
    say(this.#badge, unread ? String(Math.min(unread, 99)) : "");
  }
}
