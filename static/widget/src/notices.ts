// What the client tells whoever shows the conversation.
import type { ServerFrame, Settings, Status } from "./frames.ts";
import type { Unsent } from "./memory.ts";

export type ConnectionState =
  | "connecting"
  | "online"
  | "reconnecting"
  | "offline"
  | "asleep"
  | "refused";

export type Notice =
  | { type: "connection"; state: ConnectionState }
  | { type: "settings"; settings: Settings; session: string; status: Status }
  /** Forget the transcript: it is sent again from its beginning, or a new one begins. */
  | { type: "reset" }
  /** Everything that happened before now has been told. */
  | { type: "caught_up" }
  | { type: "unsent"; entry: Unsent }
  /** `text` is what the visitor wrote and what will not be sent: give it back. */
  | {
      type: "refused";
      code: string;
      detail: string;
      clientId?: string | undefined;
      text?: string | undefined;
    }
  | { type: "frame"; frame: ServerFrame };

export type Notify = (notice: Notice) => void;
