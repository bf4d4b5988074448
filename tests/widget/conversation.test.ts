// What the visitor sees of a conversation, as the notices come in.
import { expect, test } from "vitest";
import { Conversation } from "../../static/widget/src/conversation.ts";
import type { Grant, ServerFrame, Status } from "../../static/widget/src/frames.ts";
import { message } from "./visitor.ts";

function chatWith(...frames: ServerFrame[]): Conversation {
  const chat = new Conversation();
  chat.apply({ type: "connection", state: "online" });
  for (const frame of frames) chat.apply({ type: "frame", frame });
  return chat;
}

function begin(status: Status): Conversation {
  const chat = new Conversation();
  const settings = { greeting: "Hi!" } as Grant["settings"];
  chat.apply({ type: "settings", settings, session: "ses_1", status });
  return chat;
}

const asked = message(2, { role: "visitor", client_id: "c1", turn: "c1" });
const delta = (attempt: number, text: string): ServerFrame => {
  return { type: "delta", turn: "c1", attempt, text };
};

test("pieces of a reply are joined, and thrown away when another attempt begins", () => {
  const chat = chatWith(asked, delta(1, "Thank"), delta(1, "s, A"));
  expect(chat.provisional?.text).toBe("Thanks, A");
  chat.apply({ type: "frame", frame: delta(2, "Hello") });
  expect(chat.provisional?.text).toBe("Hello");
});

test("the final message replaces the pieces, and later pieces of its turn are ignored", () => {
  const final = message(3, { turn: "c1", text: "Thanks!" });
  const chat = chatWith(asked, delta(1, "Thanks?"), final, delta(1, "late"));
  expect(chat.provisional).toBeUndefined();
  expect(chat.lines.map(({ text }) => text)).toEqual(["Message 2", "Thanks!"]);
});

test("pieces are thrown away when the connection is lost", () => {
  const chat = chatWith(asked, delta(1, "Thank"));
  chat.apply({ type: "connection", state: "reconnecting" });
  expect(chat.provisional).toBeUndefined();
});

test("the greeting stands before the first message and becomes its first event", () => {
  const chat = begin("new");
  const entry = { client_id: "c1", session: "ses_1", text: "Ann", at: 1 };
  chat.apply({ type: "unsent", entry });
  const keys = chat.lines.map(({ key }) => key);
  chat.apply({ type: "frame", frame: message(1, { text: "Hi!" }) });
  chat.apply({ type: "frame", frame: asked });
  expect(chat.lines.map(({ key }) => key)).toEqual(keys);
  expect(chat.lines.map(({ isSent }) => isSent)).toEqual([true, true]);
});

test("a message of this visitor stays one line from writing to storing", () => {
  const chat = begin("open");
  chat.apply({ type: "unsent", entry: { client_id: "c1", session: "", text: "Ann", at: 1 } });
  chat.apply({ type: "frame", frame: { type: "ack", client_id: "c1", seq: 2 } });
  chat.apply({ type: "frame", frame: asked });
  expect(chat.lines).toHaveLength(1);
});

test("choices are offered only while their question is the last thing said", () => {
  const choices = [{ value: "a", label: "A" }];
  const chat = chatWith(message(1, { choices }));
  expect(chat.choices).toEqual(choices);
  chat.apply({ type: "frame", frame: asked });
  expect(chat.choices).toEqual([]);
});

test("an answer is awaited from the acknowledgement to the reply", () => {
  const chat = chatWith(message(1));
  expect(chat.isAwaited).toBe(false);
  chat.apply({ type: "frame", frame: asked });
  expect(chat.isAwaited).toBe(true);
  chat.apply({ type: "frame", frame: message(3, { turn: "c1" }) });
  expect(chat.isAwaited).toBe(false);
});

test("a completed conversation stays completed when it is closed", () => {
  const chat = chatWith(
    { type: "completed", seq: 1, fields: {} },
    { type: "closed", seq: 2, reason: "visitor" },
  );
  expect([chat.status, chat.isActive]).toEqual(["completed", false]);
});
