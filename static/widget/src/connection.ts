// Gets the visitor connected and keeps it so: token, socket or stream, retry without end.
import { backoff } from "./backoff.ts";
import type { ClientFrame, Grant, ServerFrame } from "./frames.ts";
import { Refused, requestGrant, type Visitor } from "./grant.ts";
import { Code, type Link, type LinkEvents } from "./link.ts";
import type { Memory } from "./memory.ts";
import type { ConnectionState } from "./notices.ts";
import { SocketLink } from "./socket.ts";

/** A link that lived this long shows that the gateway is well: the next wait starts small again. */
const STABLE_AFTER = 10_000;
/** The socket could not be opened this often in a row: the network does not let it through. */
const SOCKET_TRIES = 2;

/** Opens the other way to the gateway, for networks that refuse WebSockets. */
export type OpenStream = (
  base: string,
  grant: Grant,
  after: number,
  events: LinkEvents,
) => Promise<Link>;

export interface ConnectionHooks {
  state(state: ConnectionState): void;
  /** Called with each new token, before a link uses it. */
  granted(grant: Grant): void;
  /** The gateway said no for good; another try is made only when the visitor asks for one. */
  barred(refusal: Refused): void;
  frame(frame: ServerFrame): void;
  /** The last event held, after which a new link should go on. */
  cursor(): number;
}

export interface ConnectionOptions {
  base: string;
  memory: Memory;
  openStream: OpenStream;
  hooks: ConnectionHooks;
}

export class Connection {
  visitor: Visitor;
  readonly #options: ConnectionOptions;
  readonly #hooks: ConnectionHooks;
  readonly #listening = new AbortController();
  #grant: Grant | undefined;
  #link: Link | undefined;
  #isWanted = false;
  #isBarred = false;
  #readyAt = 0;
  #failures = 0;
  #unopened = 0;
  /** Counts new beginnings, so that an answer to an earlier one is recognised and dropped. */
  #epoch = 0;
  #advancing = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(visitor: Visitor, options: ConnectionOptions) {
    this.visitor = visitor;
    this.#options = options;
    this.#hooks = options.hooks;
  }

  get grant(): Grant | undefined {
    return this.#grant;
  }

  /** Get the site's settings; nothing stays open until `want`. */
  start(): void {
    const { signal } = this.#listening;
    const probe = () => this.#link?.probe();
    addEventListener("online", () => this.#hurry(), { signal });
    addEventListener("offline", () => this.#hooks.state("offline"), { signal });
    addEventListener("pageshow", probe, { signal });
    addEventListener("focus", probe, { signal });
    addEventListener("storage", ({ key }) => this.#noticeOtherTab(key), { signal });
    void this.#advance();
  }

  /** Be connected from now on. A wait between two tries is not cut short. */
  want(): void {
    this.#isWanted = true;
    if (!this.#timer) void this.#advance();
  }

  /** The visitor stirs: go on if the gateway had put the chat to rest. */
  wake(): void {
    if (!this.#isBarred) this.want();
  }

  /** Lost when nothing is connected: whoever needs it delivered sends again at `ready`. */
  send(frame: ClientFrame): void {
    if (this.#readyAt) this.#link?.send(frame);
  }

  /** Something is missing: ask again from the cursor. Waits, so it cannot spin. */
  again(): void {
    this.#drop();
    this.#retry(backoff(this.#failures++));
  }

  /** Begin with a new token, for the remembered session or, if there is none, a new one. */
  renew(): void {
    this.#leave();
    this.#grant = undefined;
    void this.#advance();
  }

  stop(): void {
    this.#leave();
    this.#listening.abort();
  }

  #leave(): void {
    this.#epoch += 1;
    this.#failures = 0;
    this.#drop();
    this.#stopWaiting();
  }

  #drop(): void {
    this.#readyAt = 0;
    this.#link?.close();
    this.#link = undefined;
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Take the next step towards a connection, unless one is under way. Safe to call at any time. */
  async #advance(): Promise<void> {
    const epoch = this.#epoch;
    if (this.#link || this.#advancing === epoch || this.#listening.signal.aborted) return;
    this.#stopWaiting();
    this.#isBarred = false;
    this.#advancing = epoch;
    try {
      const grant = await this.#usableGrant();
      const link = epoch === this.#epoch && (await this.#open(grant));
      if (epoch === this.#epoch) this.#link = link || undefined;
      else if (link) link.close();
    } catch (failure) {
      if (epoch === this.#epoch) this.#fail(failure);
    }
    if (this.#advancing === epoch) this.#advancing = -1;
  }

  /** By this device's clock; should that be wrong, the gateway says so and a new one is fetched. */
  async #usableGrant(): Promise<Grant> {
    if (this.#grant && Date.parse(this.#grant.expires) > Date.now()) return this.#grant;
    return requestGrant(this.#options.base, this.visitor, this.#options.memory);
  }

  async #open(grant: Grant): Promise<Link | undefined> {
    if (grant !== this.#grant) {
      this.#hooks.granted(grant);
      this.#grant = grant;
    }
    if (!this.#isWanted) return undefined;
    const { base, openStream } = this.#options;
    const after = this.#hooks.cursor();
    const events = this.#eventsOf(this.#epoch);
    if (this.#unopened < SOCKET_TRIES) {
      return new SocketLink(base, grant.token, after, events);
    }
    this.#unopened = 0;
    return openStream(base, grant, after, events);
  }

  #eventsOf(epoch: number): LinkEvents {
    return {
      frame: (frame) => epoch === this.#epoch && this.#receive(frame),
      down: (code, wasOpen) => epoch === this.#epoch && this.#down(code, wasOpen),
    };
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === "ready") {
      this.#readyAt = Date.now();
      this.#hooks.state("online");
    }
    if (frame.type === "token" && this.#grant) {
      this.#grant = { ...this.#grant, token: frame.jwt, expires: frame.expires };
    }
    // Before `ready` it says why the link is about to end, and the close code says what to do.
    if (frame.type !== "error" || this.#readyAt) this.#hooks.frame(frame);
  }

  #fail(failure: unknown): void {
    if (!(failure instanceof Refused)) return this.again();
    this.#isBarred = true;
    this.#hooks.state("refused");
    this.#hooks.barred(failure);
  }

  #down(code: number, wasOpen: boolean): void {
    const wasStable = this.#readyAt && Date.now() - this.#readyAt > STABLE_AFTER;
    this.#drop();
    this.#unopened = wasOpen ? 0 : this.#unopened + 1;
    this.#failures = wasStable ? 0 : this.#failures + 1;
    if (code === Code.token || code === Code.site) this.#grant = undefined;
    if (code === Code.idle || code === Code.replaced) return this.#hooks.state("asleep");
    const rest = code === Code.rate ? 5_000 : code === Code.restart ? Math.random() * 3_000 : 0;
    this.#retry(rest + backoff(this.#failures));
  }

  #retry(wait: number): void {
    const isOffline = globalThis.navigator?.onLine === false;
    this.#hooks.state(isOffline ? "offline" : "reconnecting");
    this.#stopWaiting();
    this.#timer = setTimeout(() => void this.#advance(), wait);
  }

  #hurry(): void {
    this.#failures = 0;
    this.#link?.probe();
    if (this.#readyAt) this.#hooks.state("online");
    else void this.#advance();
  }

  /** Another tab ended the conversation, or began a new one: follow it. */
  #noticeOtherTab(key: string | null): void {
    const { memory } = this.#options;
    if (!this.#grant || !memory.isVisitKey(key)) return;
    if (memory.visit?.session !== this.#grant.session) this.renew();
  }
}
