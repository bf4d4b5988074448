// A gateway on loopback that says what a test tells it to, over real HTTP and real sockets.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { type WebSocket, WebSocketServer } from "ws";
import type { Grant, ServerFrame } from "../../static/widget/src/frames.ts";
import { Queue } from "./queue.ts";

const SETTINGS: Grant["settings"] = {
  name: "Rivera Roofing",
  title: "Get a roof quote",
  greeting: "Hi!",
  locale: "en",
  theme: "auto",
  color: "#0f766e",
  position: "right",
  launcher_title: "",
};

type Body = Record<string, unknown>;

export class Gateway {
  /** The bodies of token requests, and the frames or chat bodies, as they arrive. */
  readonly tokens = new Queue<Body>();
  readonly hellos = new Queue<Body>();
  readonly frames = new Queue<Body>();
  readonly streams = new Queue<{ url: string; send(frame: ServerFrame): void; end(): void }>();
  session = "ses_1";
  /** Every answer names another resume secret, as the real one does. */
  #grants = 0;
  refusesSockets = false;
  refusal: { status: number; code: string } | undefined;
  /** A hello is answered with this error and this close code instead of `ready`. */
  turnsAway: { code: string; close: number } | undefined;
  /** What `ready` says; the events after the visitor's cursor follow it. */
  events: ServerFrame[] = [];
  readonly #http: Server = createServer(
    (request, response) => void this.#answer(request, response),
  );
  readonly #sockets = new WebSocketServer({ noServer: true });
  #current: WebSocket | undefined;

  async open(): Promise<string> {
    this.#http.on("upgrade", (request, socket, head) => {
      if (this.refusesSockets) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#serve(opened));
    });
    await new Promise<void>((opened) => this.#http.listen(0, "127.0.0.1", opened));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((closed) => this.#http.close(closed));
  }

  say(frame: ServerFrame): void {
    this.#current?.send(JSON.stringify(frame));
  }

  hangUp(code: number): void {
    this.#current?.close(code);
  }

  cutTheLine(): void {
    this.#current?.terminate();
  }

  #serve(socket: WebSocket): void {
    this.#current = socket;
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Body;
      if (frame.type === "hello") this.#welcome(frame);
      else this.frames.put(frame);
    });
  }

  #welcome(hello: Body): void {
    this.hellos.put(hello);
    if (this.turnsAway) {
      this.say({ type: "error", code: this.turnsAway.code, detail: "No." });
      return this.hangUp(this.turnsAway.close);
    }
    this.say({
      type: "ready",
      session: this.session,
      status: this.events.length ? "open" : "new",
      seq: this.events.length,
      progress: null,
      settings: SETTINGS,
    });
    for (const event of this.events.slice(Number(hello.after))) this.say(event);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? "";
    if (url.includes("/events")) return this.#stream(url, response);
    const body = (await json(request)) as Body;
    response.setHeader("Content-Type", "application/json");
    if (!url.endsWith("/token")) {
      this.frames.put({ ...body, url });
      response.end("{}");
    } else if (this.refusal) {
      this.tokens.put(body);
      response.statusCode = this.refusal.status;
      response.end(JSON.stringify({ code: this.refusal.code, detail: "No." }));
    } else {
      this.tokens.put(body);
      response.end(JSON.stringify(this.#grant()));
    }
  }

  #grant(): Grant {
    this.#grants += 1;
    return {
      token: `token-${this.#grants}`,
      expires: "2099-01-01T00:00:00Z",
      session: this.session,
      resume: `resume-${this.#grants}`,
      status: this.events.length ? "open" : "new",
      settings: SETTINGS,
    };
  }

  #stream(url: string, response: ServerResponse): void {
    response.setHeader("Content-Type", "text/event-stream");
    response.write(": here\n\n");
    const send = (frame: ServerFrame) => {
      response.write(`event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`);
    };
    this.streams.put({ url, send, end: () => response.end() });
  }
}
