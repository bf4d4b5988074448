// One WebSocket to the gateway: says hello, notices a dead line, reports its end once.
import type { ClientFrame, ServerFrame } from "./frames.ts";
import { Code, type Link, type LinkEvents } from "./link.ts";

const PING_EVERY = 25_000;
const ANSWER_WITHIN = 10_000;

export class SocketLink implements Link {
  readonly #socket: WebSocket;
  readonly #events: LinkEvents;
  #wasOpen = false;
  #isOver = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #pings: ReturnType<typeof setInterval>;

  constructor(base: string, token: string, after: number, events: LinkEvents) {
    this.#events = events;
    this.#socket = new WebSocket(`${base.replace(/^http/, "ws")}ws/v1/chat`, "chat.v1");
    this.#socket.onopen = () => {
      this.#wasOpen = true;
      this.send({ type: "hello", token, after });
    };
    this.#socket.onmessage = (event) => this.#hear(String(event.data));
    this.#socket.onerror = () => this.#end(Code.lost);
    this.#socket.onclose = (event) => this.#end(event.code);
    this.#pings = setInterval(() => this.probe(), PING_EVERY);
    this.#expectFrame();
  }

  send(frame: ClientFrame): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  probe(): void {
    this.send({ type: "ping" });
    this.#expectFrame();
  }

  close(): void {
    this.#isOver = true;
    this.#release();
  }

  #hear(data: string): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
    if (!this.#isOver) this.#events.frame(JSON.parse(data) as ServerFrame);
  }

  /** A line can die without a close event; silence after a question tells. */
  #expectFrame(): void {
    this.#deadline ??= setTimeout(() => this.#end(Code.lost), ANSWER_WITHIN);
  }

  #end(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#release();
    this.#events.down(code, this.#wasOpen);
  }

  #release(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#pings);
    this.#socket.close();
  }
}
