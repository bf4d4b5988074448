// Registers the tag, and nothing else does.
import { ChatIntake } from "./element.ts";

const { ChatSaaS } = window as Window & { ChatSaaS?: { base?: string } };

if (ChatSaaS?.base && !customElements.get("chat-intake")) {
  ChatIntake.base = ChatSaaS.base;
  customElements.define("chat-intake", ChatIntake);
}
