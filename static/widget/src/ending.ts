// The card at the end of a conversation: what happened, and what the visitor can do now.

import { h, say } from "./dom.ts";
import type { Status } from "./frames.ts";
import { icon } from "./icons.ts";
import * as strings from "./strings.ts";

export class Ending {
  readonly element: HTMLElement;
  readonly #title = h("h3");
  readonly #text = h("p");

  constructor(startOver: () => void) {
    this.element = h(
      "div.ending",
      { hidden: true },
      h("span.mark", {}, icon("done")),
      this.#title,
      this.#text,
      h("button.solid", { type: "button", onclick: startOver }, strings.newChat),
    );
  }

  /** Answers true when the card has just appeared. */
  render(status: Status): boolean {
    const wasHidden = this.element.hidden;
    const isDone = status === "completed";
    this.element.hidden = !isDone && status !== "closed";
    this.element.classList.toggle("complete", isDone);
    say(this.#title, isDone ? strings.completedTitle : strings.closedTitle);
    say(this.#text, isDone ? strings.completedText : strings.closedText);
    return wasHidden && !this.element.hidden;
  }
}
