// The shapes on the wire between widget and gateway, exactly as the gateway sends and takes them.

export type Status = "new" | "open" | "completed" | "handoff" | "closed";
export type Theme = "auto" | "light" | "dark";
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Settings {
  name: string;
  title: string;
  greeting: string;
  locale: string;
  theme: Theme;
  color: string;
  position: "right" | "left";
  launcher_title: string;
}

/** What the gateway grants a visitor: a token, and the secret that gets the next one. */
export interface Grant {
  token: string;
  expires: string;
  session: string;
  resume: string;
  status: Status;
  settings: Settings;
}

export interface Progress {
  filled: number;
  required: number;
}

export interface Choice {
  value: Json;
  label: string;
}

export interface MessageFrame {
  type: "message";
  seq: number;
  id: string;
  role: "visitor" | "assistant";
  text: string;
  client_id: string | null;
  turn: string | null;
  attempt: number | null;
  asking: string | null;
  choices: Choice[] | null;
  progress: Progress | null;
  at: string;
}

export interface FieldFrame {
  type: "field";
  seq: number;
  path: string;
  value: Json;
  status: "set" | "corrected" | "cleared" | "dropped" | "declined" | "refused";
  evidence: Json;
}

/** The frames that are stored: each has the next number of its session, without a gap. */
export type EventFrame =
  | MessageFrame
  | FieldFrame
  | { type: "progress"; seq: number; filled: number; required: number }
  | { type: "completed"; seq: number; fields: Json }
  | { type: "closed"; seq: number; reason: string };

export interface ReadyFrame {
  type: "ready";
  session: string;
  status: Status;
  seq: number;
  progress: Progress | null;
  settings: Settings;
}

export interface DeltaFrame {
  type: "delta";
  turn: string;
  attempt: number;
  text: string;
}

export interface ErrorFrame {
  type: "error";
  code: string;
  detail: string;
  client_id?: string | null | undefined;
  retry_after?: number | null | undefined;
}

export type ServerFrame =
  | EventFrame
  | ReadyFrame
  | DeltaFrame
  | ErrorFrame
  | { type: "ack"; client_id: string; seq: number }
  | { type: "token"; jwt: string; expires: string }
  | { type: "resync"; after: number }
  | { type: "pong" };

export type ClientFrame =
  | { type: "hello"; token: string; after: number }
  | { type: "message"; client_id: string; text: string }
  | { type: "typing" }
  | { type: "close" }
  | { type: "ping" };
