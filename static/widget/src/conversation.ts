// What the visitor should see of a conversation, worked out from what is told.
import type { Choice, MessageFrame, Progress, ServerFrame, Settings, Status } from "./frames.ts";
import type { ConnectionState, Notice } from "./notices.ts";

export interface Line {
  /** Stays the same from the moment a message is written until it is stored and beyond. */
  key: string;
  seq: number;
  role: "visitor" | "assistant";
  text: string;
  isSent: boolean;
}

/** The reply as far as it has been written; nothing of it is certain yet. */
export interface Provisional {
  turn: string;
  attempt: number;
  text: string;
}

const GREETING = "greeting";

export class Conversation {
  connection: ConnectionState;
  settings: Settings | undefined;
  status: Status = "new";
  lines: Line[] = [];
  provisional: Provisional | undefined;
  choices: Choice[] = [];
  progress: Progress | undefined;
  isCaughtUp = false;
  readonly #answered = new Set<string>();

  /** What is known of the site and the network outlives a conversation. */
  constructor(before?: Conversation) {
    this.settings = before?.settings;
    this.connection = before?.connection ?? "connecting";
  }

  /** True while a visitor's message has no answer yet. */
  get isAwaited(): boolean {
    const last = this.lines.at(-1);
    const isAnswered = last?.role !== "visitor" || !last.isSent;
    return this.isActive && !isAnswered && this.connection === "online";
  }

  /** True while the visitor may still say something. */
  get isActive(): boolean {
    return this.status !== "completed" && this.status !== "closed";
  }

  apply(notice: Notice): void {
    switch (notice.type) {
      case "connection":
        this.connection = notice.state;
        if (notice.state !== "online") this.provisional = undefined;
        break;
      case "settings":
        this.settings = notice.settings;
        this.status = notice.status;
        this.#greet();
        break;
      case "caught_up":
        this.isCaughtUp = true;
        break;
      case "unsent":
        this.#show(notice.entry.client_id, notice.entry.text);
        break;
      case "refused":
        this.lines = this.lines.filter(({ key, isSent }) => isSent || key !== notice.clientId);
        if (notice.code === "session_closed") this.status = "closed";
        break;
      case "frame":
        this.#take(notice.frame);
    }
  }

  #take(frame: ServerFrame): void {
    switch (frame.type) {
      case "ready":
        this.status = frame.status;
        this.progress = frame.progress ?? this.progress;
        break;
      case "ack":
        this.lines = this.lines.map((line) =>
          line.key === frame.client_id ? { ...line, isSent: true } : line,
        );
        break;
      case "delta":
        this.#extend(frame);
        break;
      case "message":
        this.#place(frame);
        break;
      case "progress":
        this.progress = { filled: frame.filled, required: frame.required };
        break;
      case "completed":
      case "closed":
        if (this.status !== "completed") this.status = frame.type;
        this.choices = [];
    }
  }

  #greet(): void {
    if (this.status !== "new" || this.lines.some(({ isSent }) => isSent)) return;
    const text = this.settings?.greeting;
    if (text) this.lines.unshift({ key: GREETING, seq: 0, role: "assistant", text, isSent: true });
  }

  #show(key: string, text: string): void {
    if (this.lines.some((line) => line.key === key)) return;
    this.lines.push({ key, seq: Number.POSITIVE_INFINITY, role: "visitor", text, isSent: false });
    this.choices = [];
  }

  /** A new attempt begins the text again: what an earlier one said may never be committed. */
  #extend({ turn, attempt, text }: Provisional): void {
    if (this.#answered.has(turn)) return;
    const before = this.provisional;
    const isSame = before?.turn === turn && before.attempt === attempt;
    this.provisional = { turn, attempt, text: isSame ? before.text + text : text };
  }

  #place(frame: MessageFrame): void {
    const { seq, role, text } = frame;
    const key = this.#keyOf(frame);
    const line: Line = { key, seq, role, text, isSent: true };
    const others = this.lines.filter((other) => other.key !== key);
    this.lines = [...others, line].sort((a, b) => (a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0));
    if (this.status === "new") this.status = "open";
    this.progress = frame.progress ?? this.progress;
    if (role === "assistant") this.#conclude(frame);
    this.choices = this.lines.at(-1) === line ? (frame.choices ?? []) : [];
  }

  #conclude({ turn }: MessageFrame): void {
    if (turn) this.#answered.add(turn);
    if (!turn || this.provisional?.turn === turn) this.provisional = undefined;
  }

  #keyOf({ client_id, id, role, seq }: MessageFrame): string {
    const isGreeting = role === "assistant" && seq === 1;
    return isGreeting ? GREETING : (client_id ?? id);
  }
}
