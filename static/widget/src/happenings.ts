// Tells the customer's page what happens, as DOM events that leave the shadow root.
import type { Notice } from "./notices.ts";

const FRAMES: Record<string, string> = {
  message: "message",
  field: "field",
  completed: "complete",
};

export function tell(element: Element, name: string, detail?: unknown): void {
  const init = { detail, bubbles: true, composed: true };
  element.dispatchEvent(new CustomEvent(`chatsaas:${name}`, init));
}

/** History that is told again after a reload is no news to the page, so it is left out. */
export function tellNotice(element: Element, notice: Notice, isLive: boolean): void {
  if (notice.type === "settings") tell(element, "ready", notice);
  if (notice.type === "refused") tell(element, "error", notice);
  if (notice.type !== "frame" || !isLive) return;
  const name = FRAMES[notice.frame.type];
  if (name) tell(element, name, notice.frame);
}
