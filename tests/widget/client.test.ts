// What the client promises about delivery and order, over real sockets.
import { afterEach, beforeEach, expect, test } from "vitest";
import { Gateway } from "./gateway.ts";
import { Browser, message } from "./visitor.ts";

let gateway: Gateway;
let browser: Browser;
let base: string;

beforeEach(async () => {
  gateway = new Gateway();
  base = await gateway.open();
  browser = new Browser();
});

afterEach(async () => {
  browser.close();
  await gateway.close();
});

test("a message is sent again with the same id until it is acknowledged", async () => {
  const page = await browser.page(base).join();
  page.client.send("Ann");
  const first = await gateway.frames.next();
  gateway.cutTheLine();
  const again = await gateway.frames.next();
  expect(again).toEqual(first);
  gateway.say({ type: "ack", client_id: String(again.client_id), seq: 2 });
  await page.notices.next((notice) => notice.type === "frame" && notice.frame.type === "ack");
  gateway.cutTheLine();
  await page.state("reconnecting");
  await page.state("online");
  page.client.send("Rivera");
  expect((await gateway.frames.next()).text).toBe("Rivera");
});

test("a message written before a reload is sent after it, with the same id", async () => {
  const before = await browser.page(base).join();
  before.client.send("Ann");
  const first = await gateway.frames.next();
  before.client.stop();
  const after = browser.page(base);
  after.client.start();
  expect(await gateway.frames.next()).toEqual(first);
  expect((await after.told("unsent")).entry.text).toBe("Ann");
});

test("several unsent messages keep their order", async () => {
  const page = browser.page(base);
  for (const text of ["one", "two", "three"]) page.client.send(text);
  const texts = [];
  for (let n = 0; n < 3; n++) texts.push((await gateway.frames.next()).text);
  expect(texts).toEqual(["one", "two", "three"]);
});

test("a reconnect goes on after the last event held, and shows none twice", async () => {
  gateway.events = [message(1), message(2)];
  const page = await browser.page(base).join();
  expect((await gateway.hellos.next()).after).toBe(0);
  gateway.events.push(message(3));
  gateway.cutTheLine();
  expect((await gateway.hellos.next()).after).toBe(2);
  await page.notices.next((notice) => notice.type === "frame" && notice.frame.type === "message");
  gateway.say(message(3));
  gateway.events.push(message(4));
  gateway.say(message(4));
  await page.notices.next(() => page.shown.includes(4));
  expect(page.shown).toEqual([1, 2, 3, 4]);
});

test("a gap in the numbers is never shown: the client asks again from its cursor", async () => {
  gateway.events = [message(1)];
  const page = await browser.page(base).join();
  await gateway.hellos.next();
  gateway.events.push(message(2), message(3));
  gateway.say(message(3));
  expect((await gateway.hellos.next()).after).toBe(1);
  await page.notices.next(() => page.shown.includes(3));
  expect(page.shown).toEqual([1, 2, 3]);
});

test("a refused token is replaced by means of the resume secret", async () => {
  await browser.page(base).join();
  expect(await gateway.tokens.next()).not.toHaveProperty("resume");
  gateway.hangUp(4401);
  expect(await gateway.tokens.next()).toMatchObject({ session: "ses_1", resume: "resume-1" });
  await gateway.hellos.next();
  expect((await gateway.hellos.next()).token).toBe("token-2");
});

test("a token that expired meanwhile is replaced without a word to the visitor", async () => {
  const page = browser.page(base);
  gateway.turnsAway = { code: "token_expired", close: 4401 };
  page.client.start();
  page.client.connect();
  await gateway.hellos.next();
  gateway.turnsAway = undefined;
  await page.state("online");
  expect(gateway.tokens.all).toHaveLength(2);
  expect(page.notices.all.filter(({ type }) => type === "refused")).toEqual([]);
});

test("a token pushed over the socket is used for the next one", async () => {
  const page = await browser.page(base).join();
  await gateway.hellos.next();
  gateway.say({ type: "token", jwt: "pushed", expires: "2099-01-01T00:00:00Z" });
  gateway.say({ type: "pong" });
  gateway.say(message(1));
  await page.notices.next(() => page.shown.length === 1);
  gateway.cutTheLine();
  expect((await gateway.hellos.next()).token).toBe("pushed");
});

test("a restart of the gateway is waited out, each visitor for another while", async () => {
  await browser.page(base).join();
  await gateway.hellos.next();
  gateway.hangUp(1012);
  await gateway.hellos.next();
});

test("after a resync the transcript begins anew", async () => {
  gateway.events = [message(1), message(2)];
  const page = await browser.page(base).join();
  await gateway.hellos.next();
  gateway.say({ type: "resync", after: 7 });
  await page.told("reset");
  gateway.say(message(8));
  await page.told("caught_up");
  expect(page.client.cursor).toBe(8);
});

test("a chat replaced by another sleeps until the visitor writes", async () => {
  const page = await browser.page(base).join();
  await gateway.hellos.next();
  gateway.hangUp(4409);
  await page.state("asleep");
  page.client.typing();
  await gateway.hellos.next();
});

test("a message that is too long is given back and not sent again", async () => {
  const page = await browser.page(base).join();
  page.client.send("long");
  const { client_id } = await gateway.frames.next();
  const detail = "At most 8 KiB.";
  gateway.say({ type: "error", code: "message_too_long", detail, client_id: String(client_id) });
  expect(await page.told("refused")).toMatchObject({ code: "message_too_long", text: "long" });
  gateway.cutTheLine();
  await page.state("online");
  page.client.send("short");
  expect((await gateway.frames.next()).text).toBe("short");
});

test("a message refused for its pace is sent again after the wait that was asked for", async () => {
  const page = await browser.page(base).join();
  page.client.send("fast");
  const first = await gateway.frames.next();
  const client_id = String(first.client_id);
  gateway.say({ type: "error", code: "rate_limited", detail: "", client_id, retry_after: 0.05 });
  expect(await gateway.frames.next()).toEqual(first);
});

test("a site that is refused is not asked again until the visitor wants it", async () => {
  gateway.refusal = { status: 403, code: "origin_not_allowed" };
  const page = browser.page(base);
  page.client.start();
  await page.state("refused");
  page.client.typing();
  await fetch(`${base}api/v1/chat`, { method: "POST", body: "{}" });
  expect(gateway.tokens.all).toHaveLength(1);
  gateway.refusal = undefined;
  page.client.connect();
  await page.state("online");
});

test("a gateway in trouble is asked again and again", async () => {
  gateway.refusal = { status: 503, code: "unavailable" };
  const page = browser.page(base);
  page.client.start();
  page.client.connect();
  await gateway.tokens.next();
  await gateway.tokens.next();
  await gateway.tokens.next();
  gateway.refusal = undefined;
  browser.happen("online");
  await page.state("online");
});

test("a session that is gone is replaced, and its unsent words are given back", async () => {
  const before = await browser.page(base).join();
  before.client.send("Ann");
  await gateway.frames.next();
  before.client.stop();
  gateway.session = "ses_2";
  const page = browser.page(base);
  page.client.start();
  expect(await page.told("refused")).toMatchObject({ code: "session_replaced", text: "Ann" });
});

test("the end is asked for as soon as the gateway can be reached", async () => {
  const page = browser.page(base);
  page.client.end();
  await page.join();
  expect((await gateway.frames.next()).type).toBe("close");
});

test("starting over leaves nothing of the earlier conversation behind", async () => {
  gateway.events = [message(1)];
  const page = await browser.page(base).join();
  await gateway.tokens.next();
  gateway.session = "ses_2";
  gateway.events = [];
  page.client.startOver();
  expect(await gateway.tokens.next()).not.toHaveProperty("session");
  const { session } = await page.told("settings");
  expect(session).toBe("ses_2");
  expect(JSON.stringify(localStorage)).not.toContain("ses_1");
});

test("a tab follows when another one begins a new conversation", async () => {
  const tab = await browser.page(base).join();
  gateway.session = "ses_2";
  const other = await browser.page(base).join();
  browser.happen("storage", { key: "chatsaas:pk_1:visit" });
  await tab.told("reset");
  expect((await tab.told("settings")).session).toBe("ses_2");
  other.client.stop();
});

test("prefilled values and the identity travel with the token request", async () => {
  const page = browser.page(base, { prefill: { email: "a@b.c" } });
  page.client.start();
  expect(await gateway.tokens.next()).toMatchObject({ prefill: { email: "a@b.c" } });
  await page.told("settings");
  page.client.prefill({ name: "Ann" });
  const prefill = { email: "a@b.c", name: "Ann" };
  expect(await gateway.tokens.next()).toMatchObject({ prefill });
  page.client.identify("signed");
  expect(await gateway.tokens.next()).toMatchObject({ prefill, identity: "signed" });
});

test("where sockets are refused, the chat goes on over plain HTTP", async () => {
  gateway.refusesSockets = true;
  const page = await browser.page(base).join();
  const stream = await gateway.streams.next();
  expect(stream.url).toBe("/api/v1/sessions/ses_1/events?after=0");
  page.client.send("Ann");
  const { client_id, text, url } = await gateway.frames.next();
  expect([url, text]).toEqual(["/api/v1/chat", "Ann"]);
  stream.send(message(1));
  stream.send(message(2, { role: "visitor", client_id: String(client_id) }));
  await page.notices.next(() => page.shown.includes(2));
  expect(page.shown).toEqual([1, 2]);
  stream.send({ type: "closed", seq: 3, reason: "visitor" });
  await page.notices.next((notice) => notice.type === "frame" && notice.frame.type === "closed");
  stream.end();
  await fetch(`${base}api/v1/token`, { method: "POST", body: "{}" });
  page.client.send("more");
  await gateway.frames.next();
  expect(gateway.streams.all).toHaveLength(1);
});
