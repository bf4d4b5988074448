// How the panel stands on the page: beside the launcher on a desk, over everything on a phone.

const PHONE = "(max-width: 480px), (max-height: 480px)";

export class Stage {
  /** Follows the space that the phone's keyboard leaves. */
  readonly sheet = new CSSStyleSheet();
  readonly #dialog: HTMLDialogElement;
  readonly #phone = matchMedia(PHONE);
  readonly #left = new AbortController();

  constructor(dialog: HTMLDialogElement, dismissed: () => void) {
    this.#dialog = dialog;
    const { signal } = this.#left;
    this.#phone.addEventListener("change", () => this.#stand(), { signal });
    visualViewport?.addEventListener("resize", () => this.#measure(), { signal });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      dismissed();
    });
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  get isOnPhone(): boolean {
    return this.#phone.matches;
  }

  open(): void {
    this.#measure();
    // As a modal the browser itself makes the page behind it inert.
    if (this.isOnPhone) this.#dialog.showModal();
    else this.#dialog.show();
  }

  close(): void {
    this.#dialog.close();
  }

  leave(): void {
    this.#left.abort();
  }

  /** The window crossed the border between desk and phone while the panel was open. */
  #stand(): void {
    if (!this.isOpen) return;
    this.close();
    this.open();
  }

  #measure(): void {
    const height = Math.round(visualViewport?.height ?? innerHeight);
    this.sheet.replaceSync(`.root{--seen-height:${height}px}`);
  }
}
