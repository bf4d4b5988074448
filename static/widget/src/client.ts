// One visitor's conversation: sends what is written, puts events in order. Never touches the page.
import { Connection, type ConnectionHooks, type OpenStream } from "./connection.ts";
import type { ErrorFrame, EventFrame, Grant, Json, ServerFrame } from "./frames.ts";
import type { Visitor } from "./grant.ts";
import type { Memory } from "./memory.ts";
import type { Notify } from "./notices.ts";
import { Outbox } from "./outbox.ts";

const TYPING_EVERY = 3_000;

export interface ClientOptions {
  /** The gateway's address with a slash at its end. */
  base: string;
  visitor: Visitor;
  memory: Memory;
  openStream: OpenStream;
  notify: Notify;
}

export class ChatClient {
  readonly #memory: Memory;
  readonly #notify: Notify;
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  #cursor = 0;
  /** The last event of the history that a new link tells first; -1 when it has been told. */
  #catchUp = -1;
  #isEnding = false;
  #typedAt = 0;

  constructor({ base, visitor, memory, openStream, notify }: ClientOptions) {
    this.#memory = memory;
    this.#notify = notify;
    const hooks: ConnectionHooks = {
      state: (state) => notify({ type: "connection", state }),
      granted: (grant) => this.#adopt(grant),
      barred: ({ code, message }) => notify({ type: "refused", code, detail: message }),
      frame: (frame) => this.#receive(frame),
      cursor: () => this.#cursor,
    };
    this.#connection = new Connection(visitor, { base, memory, openStream, hooks });
    this.#outbox = new Outbox(memory, (frame) => this.#connection.send(frame));
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Get the site's settings; the conversation itself is joined by `connect`. */
  start(): void {
    this.#connection.start();
  }

  connect(): void {
    this.#connection.want();
  }

  /** Safe at any time: the message is kept until the gateway has acknowledged it. */
  send(text: string): void {
    this.#notify({ type: "unsent", entry: this.#outbox.put(text) });
    this.connect();
  }

  typing(): void {
    this.#connection.wake();
    if (Date.now() - this.#typedAt < TYPING_EVERY) return;
    this.#typedAt = Date.now();
    this.#connection.send({ type: "typing" });
  }

  /** Ask the gateway to close the conversation, as soon as it can be reached. */
  end(): void {
    this.#isEnding = true;
    this.#connection.send({ type: "close" });
  }

  /** Leave this conversation behind, forget it on this device, and begin another. */
  startOver(): void {
    this.#memory.forget();
    this.#reset();
    this.#connection.renew();
  }

  /** Values the page knows already; used when the conversation has not begun yet. */
  prefill(values: Record<string, Json>): void {
    const { visitor, grant } = this.#connection;
    this.#connection.visitor = { ...visitor, prefill: { ...visitor.prefill, ...values } };
    if (grant && !this.#cursor) this.#connection.renew();
  }

  identify(identity: string): void {
    this.#connection.visitor = { ...this.#connection.visitor, identity };
    this.#connection.renew();
  }

  stop(): void {
    this.#outbox.pause();
    this.#connection.stop();
  }

  #adopt({ settings, session, status }: Grant): void {
    if (this.#outbox.session && this.#outbox.session !== session) this.#reset();
    this.#notify({ type: "settings", settings, session, status });
    for (const { client_id: clientId, text } of this.#outbox.adopt(session)) {
      const detail = "The session that this message was written in is over.";
      this.#notify({ type: "refused", code: "session_replaced", detail, clientId, text });
    }
    this.#showUnsent();
    if (this.#outbox.waiting.length) this.connect();
  }

  #reset(): void {
    this.#cursor = 0;
    this.#isEnding = false;
    this.#notify({ type: "reset" });
  }

  #showUnsent(): void {
    for (const entry of this.#outbox.waiting) this.#notify({ type: "unsent", entry });
  }

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "ready":
        this.#catchUp = frame.seq;
        this.#outbox.flush();
        if (this.#isEnding) this.end();
        break;
      case "ack":
        this.#outbox.settle(frame.client_id);
        break;
      case "resync":
        this.#reset();
        this.#catchUp = this.#cursor = frame.after;
        return this.#showUnsent();
      case "error":
        return this.#refuse(frame);
      case "delta":
        break;
      case "token":
      case "pong":
        return;
      default:
        if (!this.#take(frame)) return;
    }
    this.#notify({ type: "frame", frame });
    this.#checkCaughtUp();
  }

  /** Answers false for an event that was seen before, or that comes after a gap. */
  #take(frame: EventFrame): boolean {
    if (frame.seq > this.#cursor + 1) this.#connection.again();
    if (frame.seq !== this.#cursor + 1) return false;
    this.#cursor = frame.seq;
    if (frame.type === "closed") this.#isEnding = false;
    if (frame.type === "message" && frame.client_id) this.#outbox.settle(frame.client_id);
    return true;
  }

  #checkCaughtUp(): void {
    if (this.#catchUp < 0 || this.#cursor < this.#catchUp) return;
    this.#catchUp = -1;
    this.#notify({ type: "caught_up" });
  }

  /** A refusal for now is tried again later; one for good gives the visitor the words back. */
  #refuse({ code, detail, client_id, retry_after }: ErrorFrame): void {
    if (retry_after || code === "rate_limited") {
      return this.#outbox.flushIn((retry_after ?? 5) * 1000);
    }
    const clientId = client_id ?? undefined;
    const text = clientId && this.#outbox.takeBack(clientId);
    this.#notify({ type: "refused", code, detail, clientId, text });
  }
}
