// The visitor's messages that the gateway has not acknowledged: sent again, same id, until it has.
import type { ClientFrame } from "./frames.ts";
import type { Memory, Unsent } from "./memory.ts";

const ANSWER_WITHIN = 10_000;

export class Outbox {
  readonly #memory: Memory;
  readonly #send: (frame: ClientFrame) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Empty until the gateway has named the session. */
  session = "";

  constructor(memory: Memory, send: (frame: ClientFrame) => void) {
    this.#memory = memory;
    this.#send = send;
  }

  /** This session's messages, oldest first. */
  get waiting(): Unsent[] {
    return this.#memory.unsent.filter(({ session }) => session === this.session);
  }

  /**
   * From now on messages of this session are sent; those written before it was known join it.
   * Answers, and gives up, those of any other session: it is over.
   */
  adopt(session: string): Unsent[] {
    this.session = session;
    for (const entry of this.#memory.unsent) {
      if (!entry.session) this.#memory.keep({ ...entry, session });
    }
    const orphans = this.#memory.unsent.filter((entry) => entry.session !== session);
    for (const { client_id } of orphans) this.#memory.drop(client_id);
    return orphans;
  }

  put(text: string): Unsent {
    const last = this.#memory.unsent.at(-1)?.at ?? 0;
    const at = Math.max(Date.now(), last + 1); // two within one millisecond keep their order
    const entry = { client_id: crypto.randomUUID(), session: this.session, text, at };
    this.#memory.keep(entry);
    this.#transmit(entry);
    return entry;
  }

  settle(clientId: string): void {
    this.#memory.drop(clientId);
    if (!this.waiting.length) clearTimeout(this.#timer);
  }

  /** Give up on a message that the gateway will never take. Answers its text. */
  takeBack(clientId: string): string | undefined {
    const entry = this.#memory.unsent.find(({ client_id }) => client_id === clientId);
    this.settle(clientId);
    return entry?.text;
  }

  flush(): void {
    for (const entry of this.waiting) this.#transmit(entry);
  }

  flushIn(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  pause(): void {
    clearTimeout(this.#timer);
  }

  #transmit({ client_id, text }: Unsent): void {
    this.#send({ type: "message", client_id, text });
    this.flushIn(ANSWER_WITHIN);
  }
}
