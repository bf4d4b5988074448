// The way round networks that refuse WebSockets: events by server-sent events, messages by POST.
import type { OpenStream } from "./connection.ts";
import type { ClientFrame, Grant, ServerFrame } from "./frames.ts";
import { Refused, refusalOf } from "./grant.ts";
import { Code, type Link, type LinkEvents } from "./link.ts";
import { readEvents } from "./sse.ts";

/** A socket is better, so it is tried again this long after the network refused one. */
const SOCKET_AGAIN = 300_000;

const EXPIRED = "token_expired";

class StreamLink implements Link {
  readonly #base: string;
  readonly #grant: Grant;
  readonly #events: LinkEvents;
  readonly #abort = new AbortController();
  readonly #again: ReturnType<typeof setTimeout>;
  #posts: Promise<void> = Promise.resolve();
  #wasOpen = false;

  constructor(base: string, grant: Grant, after: number, events: LinkEvents) {
    this.#base = base;
    this.#grant = grant;
    this.#events = events;
    this.#again = setTimeout(() => this.#end(Code.restart), SOCKET_AGAIN);
    this.#follow(after).catch((failure) => this.#lose(failure));
  }

  send(frame: ClientFrame): void {
    if (frame.type === "close") {
      const init = { method: "POST", body: "{}", keepalive: true };
      this.#queue(() => this.#fetch(`sessions/${this.#grant.session}/close`, init));
    }
    if (frame.type === "message") {
      this.#queue(() => this.#say(frame.client_id, frame.text), frame.client_id);
    }
  }

  probe(): void {}

  close(): void {
    clearTimeout(this.#again);
    this.#abort.abort();
  }

  async #follow(after: number): Promise<void> {
    const response = await this.#fetch(`sessions/${this.#grant.session}/events?after=${after}`);
    this.#wasOpen = true;
    const { session, status, settings } = this.#grant;
    this.#hear({ type: "ready", session, status, seq: after, progress: null, settings });
    for await (const frame of readEvents(response)) {
      this.#hear(frame);
      if (frame.type === "closed") return; // nothing will follow, so there is nothing to mend
    }
    this.#end(Code.lost);
  }

  /** The reply's stored events come by the followed stream; only what is not stored is taken here. */
  async #say(client_id: string, text: string): Promise<void> {
    const response = await this.#post("chat", { client_id, text });
    this.#hear({ type: "ack", client_id, seq: 0 });
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return;
    for await (const frame of readEvents(response)) {
      if (frame.type === "delta" || frame.type === "error") this.#hear(frame);
    }
  }

  #queue(work: () => Promise<unknown>, client_id?: string): void {
    this.#posts = this.#posts.then(work).then(
      () => undefined,
      (failure) => {
        if (!(failure instanceof Refused) || failure.code === EXPIRED) return this.#lose(failure);
        this.#hear({ type: "error", code: failure.code, detail: failure.message, client_id });
      },
    );
  }

  #post(path: string, body: object): Promise<Response> {
    return this.#fetch(path, { method: "POST", body: JSON.stringify(body) });
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(`${this.#base}api/v1/${path}`, {
      ...init,
      headers: {
        Authorization: `Bearer ${this.#grant.token}`,
        Accept: "text/event-stream, application/json",
        "Content-Type": "application/json",
      },
      credentials: "omit",
      signal: init.keepalive ? null : this.#abort.signal,
    });
    if (response.ok) return response;
    if (response.status === 401) throw new Refused(EXPIRED, "");
    throw await refusalOf(response);
  }

  #lose(failure: unknown): void {
    this.#end(failure instanceof Refused ? Code.token : Code.lost);
  }

  #hear(frame: ServerFrame): void {
    if (!this.#abort.signal.aborted) this.#events.frame(frame);
  }

  #end(code: number): void {
    if (this.#abort.signal.aborted) return;
    this.close();
    this.#events.down(code, this.#wasOpen);
  }
}

export const openStream: OpenStream = async (...all) => new StreamLink(...all);
