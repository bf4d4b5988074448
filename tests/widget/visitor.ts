// A visitor's browser for the client's tests: its storage, its network events, its open pages.
import { ChatClient } from "../../static/widget/src/client.ts";
import type { MessageFrame } from "../../static/widget/src/frames.ts";
import { Memory } from "../../static/widget/src/memory.ts";
import type { Notice } from "../../static/widget/src/notices.ts";
import { openStream } from "../../static/widget/src/stream.ts";
import { Queue } from "./queue.ts";

export type Told<T extends Notice["type"]> = Extract<Notice, { type: T }>;

export class Page {
  readonly client: ChatClient;
  readonly notices = new Queue<Notice>();

  constructor(base: string, visitor: Record<string, unknown> = {}) {
    this.client = new ChatClient({
      base,
      visitor: { site: "pk_1", ...visitor },
      memory: new Memory("pk_1"),
      openStream,
      notify: (notice) => this.notices.put(notice),
    });
  }

  /** Loads, joins the conversation, and has caught up. */
  async join(): Promise<this> {
    this.client.start();
    this.client.connect();
    await this.notices.next(({ type }) => type === "caught_up");
    return this;
  }

  state(state: Told<"connection">["state"]): Promise<Notice> {
    return this.notices.next((notice) => notice.type === "connection" && notice.state === state);
  }

  async told<T extends Notice["type"]>(type: T): Promise<Told<T>> {
    return (await this.notices.next((notice) => notice.type === type)) as Told<T>;
  }

  /** The numbers of all events that were shown, in order. */
  get shown(): number[] {
    return this.notices.all.flatMap((notice) =>
      notice.type === "frame" && notice.frame.type === "message" ? [notice.frame.seq] : [],
    );
  }
}

export class Browser {
  readonly #events = new EventTarget();
  readonly #pages: Page[] = [];

  constructor() {
    const { addEventListener } = EventTarget.prototype;
    Object.assign(globalThis, {
      localStorage: {},
      sessionStorage: {},
      addEventListener: addEventListener.bind(this.#events),
    });
  }

  page(base: string, visitor: Record<string, unknown> = {}): Page {
    const page = new Page(base, visitor);
    this.#pages.push(page);
    return page;
  }

  happen(name: string, values: Record<string, unknown> = {}): void {
    this.#events.dispatchEvent(Object.assign(new Event(name), values));
  }

  close(): void {
    for (const { client } of this.#pages) client.stop();
  }
}

export function message(seq: number, values: Partial<MessageFrame> = {}): MessageFrame {
  return {
    type: "message",
    seq,
    id: `msg_${seq}`,
    role: "assistant",
    text: `Message ${seq}`,
    client_id: null,
    turn: null,
    attempt: null,
    asking: null,
    choices: [],
    progress: null,
    at: "2026-01-01T09:00:00Z",
    ...values,
  };
}
