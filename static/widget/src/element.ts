// <chat-intake>: the tag on the customer's page, and what the page may ask of it.
import type { Json } from "./frames.ts";
import { Memory } from "./memory.ts";
import { CHANGEABLE } from "./options.ts";
import { Widget } from "./widget.ts";

export class ChatIntake extends HTMLElement {
  static readonly observedAttributes = CHANGEABLE;
  /** The gateway's address with a slash at its end; the loader knows it. */
  static base = "";

  readonly #shadow = this.attachShadow({ mode: "open" });
  #widget: Widget | undefined;

  connectedCallback(): void {
    const site = this.getAttribute("site");
    if (site) this.#widget = new Widget(this, this.#shadow, ChatIntake.base, site);
    else console.warn('chatsaas: give <chat-intake> its site key: site="pk_..."');
  }

  disconnectedCallback(): void {
    this.#widget?.leave();
    this.#widget = undefined;
  }

  attributeChangedCallback(): void {
    this.#widget?.render();
  }

  open(): void {
    this.#widget?.open();
  }

  close(): void {
    this.#widget?.close();
  }

  toggle(): void {
    this.#widget?.toggle();
  }

  /** Values that the page knows, by path. They are used when the next conversation begins. */
  prefill(values: Record<string, Json>): void {
    this.#widget?.client.prefill(values);
  }

  /** A signed statement, made by the customer's own server, of who the visitor is. */
  identify(identity: string): void {
    this.#widget?.client.identify(identity);
  }

  /** Forget this visitor on this device, for instance when they sign out of the customer's site. */
  forget(): void {
    new Memory(this.getAttribute("site") ?? "").forget();
  }
}
