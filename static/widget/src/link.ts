// What a connection to the gateway can do, whether over a socket or over plain HTTP.
import type { ClientFrame, ServerFrame } from "./frames.ts";

export interface Link {
  send(frame: ClientFrame): void;
  /** Ask for a sign of life now, because the network may have changed. */
  probe(): void;
  /** Leave quietly: `down` is not called. */
  close(): void;
}

export interface LinkEvents {
  frame(frame: ServerFrame): void;
  /** Called once. `code` is the socket's close code; `wasOpen` is false when none connected. */
  down(code: number, wasOpen: boolean): void;
}

/** Close codes: the socket's own, and the gateway's. */
export enum Code {
  lost = 1006,
  restart = 1012,
  token = 4401,
  site = 4403,
  idle = 4408,
  replaced = 4409,
  rate = 4429,
}
