// The small parts that need no network.
import { expect, test } from "vitest";
import { backoff } from "../../static/widget/src/backoff.ts";
import { sendable } from "../../static/widget/src/composer.ts";
import { Memory } from "../../static/widget/src/memory.ts";
import { readEvents } from "../../static/widget/src/sse.ts";

test("waits double, differ by chance, and never exceed half a minute", () => {
  const longest = [0, 1, 2, 3, 20, 5_000].map((failures) => backoff(failures, () => 1));
  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
  expect(backoff(3, () => 0)).toBe(2_000);
});

test("what can be neither stored nor seen is left out of a message", () => {
  expect(sendable(" a\0b\ud800c\udc00 😀 ")).toBe("abc 😀");
});

test("events are read whole, however the network cuts them", async () => {
  const text = ': hello\n\nevent: ack\r\ndata: {"type":"ack",\r\ndata: "seq":1}\r\n\r\nid: 2\n\n';
  const bytes = new TextEncoder().encode(`${text}data: {"type":"pong","é":"é"}\n\n`);
  const cut = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  const frames = [];
  for await (const frame of readEvents(new Response(cut))) frames.push(frame);
  expect(frames).toEqual([
    { type: "ack", seq: 1 },
    { type: "pong", é: "é" },
  ]);
});

test("where storage is refused, the page's own memory serves", () => {
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get: () => {
      throw new Error("refused");
    },
  });
  const memory = new Memory("pk_1");
  memory.draft = "half a sen";
  expect(memory.draft).toBe("half a sen");
});

test("where storage is full, the page's own memory takes over", () => {
  const full = Object.freeze({ "chatsaas:pk_1:draft": '"before"' });
  Object.defineProperty(globalThis, "localStorage", { configurable: true, value: full });
  const memory = new Memory("pk_1");
  memory.keep({ client_id: "c1", session: "s", text: "Ann", at: 1 });
  expect(memory.unsent.map(({ text }) => text)).toEqual(["Ann"]);
  expect(memory.draft).toBe("before");
});

test("forgetting leaves the site's looks and nothing else", () => {
  Object.defineProperty(globalThis, "localStorage", { configurable: true, value: {} });
  const memory = new Memory("pk_1");
  memory.visit = { session: "s", resume: "r" };
  memory.draft = "secret";
  memory.keep({ client_id: "c1", session: "s", text: "Ann", at: 1 });
  new Memory("pk_2").draft = "another site";
  memory.forget();
  expect(Object.keys(localStorage)).toEqual(["chatsaas:pk_2:draft"]);
});
