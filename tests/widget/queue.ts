// What has arrived, in order, for a test to wait on.

export class Queue<T> {
  readonly all: T[] = [];
  #taken = 0;
  #wake: () => void = () => {};

  put(item: T): void {
    this.all.push(item);
    this.#wake();
  }

  /** The next item that fits, passing over others; waits for it. */
  async next(fits: (item: T) => boolean = () => true): Promise<T> {
    for (;;) {
      while (this.#taken < this.all.length) {
        const item = this.all[this.#taken++] as T;
        if (fits(item)) return item;
      }
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }
}
