// One chat on a page: joins the client, which decides, to the launcher and the panel, which draw.
import { ChatClient } from "./client.ts";
import type { OpenStream } from "./connection.ts";
import { Conversation } from "./conversation.ts";
import { h } from "./dom.ts";
import { tell, tellNotice } from "./happenings.ts";
import { Launcher } from "./launcher.ts";
import { Memory } from "./memory.ts";
import type { Notice } from "./notices.ts";
import { localeOf, lookOf, prefillOf } from "./options.ts";
import { Panel } from "./panel.ts";
import { Stage } from "./stage.ts";
import * as strings from "./strings.ts";
import css from "./styles/index.css";

declare const STREAM_FILE: string;

/** Few networks need it, so it is a file of its own. */
const openStream: OpenStream = async (base, ...rest) => {
  const stream = await import(`${base}w/v1/${STREAM_FILE}`);
  return stream.openStream(base, ...rest);
};

export class Widget {
  readonly client: ChatClient;
  readonly #host: HTMLElement;
  readonly #memory: Memory;
  readonly #root = h("div.root");
  readonly #accent = new CSSStyleSheet();
  readonly #panel: Panel;
  /** Only where the chat floats over the page; inline there is neither. */
  readonly #stage: Stage | undefined;
  readonly #launcher: Launcher | undefined;
  #chat = new Conversation();
  #colour = "";

  constructor(host: HTMLElement, shadow: ShadowRoot, base: string, site: string) {
    this.#host = host;
    this.#memory = new Memory(site);
    this.#chat.settings = this.#memory.settings;
    this.client = new ChatClient({
      base,
      memory: this.#memory,
      openStream,
      notify: (notice) => this.#notice(notice),
      visitor: {
        site,
        locale: localeOf(host),
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        prefill: prefillOf(host),
        identity: host.getAttribute("identity") ?? undefined,
      },
    });
    const isInline = host.getAttribute("mode") === "inline";
    this.#panel = this.#newPanel(isInline ? "section" : "dialog");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet, this.#accent];
    if (!isInline) {
      this.#launcher = new Launcher(() => this.toggle());
      this.#stage = new Stage(this.#panel.element as HTMLDialogElement, () => this.close());
      this.#root.append(this.#launcher.element);
      shadow.adoptedStyleSheets.push(this.#stage.sheet);
    }
    this.#root.append(this.#panel.element);
    shadow.replaceChildren(this.#root);
    this.#begin();
  }

  #begin(): void {
    this.render();
    this.client.start();
    if (!this.#stage) this.client.connect();
    else if (this.#memory.isOpen && !this.#stage.isOnPhone) this.open();
  }

  leave(): void {
    this.client.stop();
    this.#stage?.leave();
  }

  open(): void {
    if (!this.#stage || this.#stage.isOpen) return;
    this.#stage.open();
    this.#memory.isOpen = true;
    this.client.connect();
    this.render();
    this.#panel.showEnd();
    this.#settle();
    tell(this.#host, "open");
  }

  close(): void {
    if (!this.#stage?.isOpen) return;
    this.#stage.close();
    this.#memory.isOpen = false;
    this.render();
    this.#launcher?.element.focus();
    tell(this.#host, "close");
  }

  toggle(): void {
    if (this.#stage?.isOpen) this.close();
    else this.open();
  }

  render(): void {
    const isOpen = !this.#stage || this.#stage.isOpen;
    const { settings, lines, connection } = this.#chat;
    const look = lookOf(this.#host, settings);
    this.#paint(look.color);
    this.#root.dataset.theme = look.theme;
    if (this.#stage) this.#root.dataset.position = look.position;
    this.#root.dataset.state = isOpen ? "open" : "closed";
    this.#panel.render(this.#chat);
    if (isOpen && this.client.cursor) this.#memory.seen = this.client.cursor;
    const { seen } = this.#memory;
    const unread = lines.filter(({ role, seq }) => role === "assistant" && seq > seen).length;
    this.#launcher?.render(look.launcherTitle, isOpen, unread);
    const isBarred = connection === "refused" && !isOpen;
    if (this.#launcher) this.#launcher.element.hidden = !settings || !look.hasLauncher || isBarred;
  }

  #newPanel(tag: "section" | "dialog"): Panel {
    const hooks = {
      send: (text: string) => this.#send(text),
      typed: (text: string) => this.#typed(text),
      startOver: () => this.#startOver(),
      close: () => this.close(),
      settle: () => this.#settle(),
      end: () => this.client.end(),
      endAndForget: () => this.#endAndForget(),
    };
    return new Panel(tag, hooks, this.#memory.draft);
  }

  /** Put the keyboard where the visitor goes on; on a phone that must not call up the keys. */
  #settle(): void {
    this.#panel.focus(!!this.#stage?.isOnPhone);
  }

  #send(text: string): void {
    this.#panel.alert("");
    this.client.send(text);
  }

  #typed(text: string): void {
    this.#memory.draft = text;
    if (text) this.client.typing();
  }

  #startOver(): void {
    this.client.startOver();
    this.client.connect();
    this.#settle();
  }

  #endAndForget(): void {
    this.client.end();
    this.client.startOver();
    this.#panel.composer.clear();
    this.#panel.alert(strings.forgotten, false);
  }

  #notice(notice: Notice): void {
    if (notice.type === "reset") this.#chat = new Conversation(this.#chat);
    this.#chat.apply(notice);
    if (notice.type === "frame" && notice.frame.type === "delta") {
      return this.#panel.renderWriting(this.#chat);
    }
    if (notice.type === "settings" && /open|handoff/.test(notice.status)) this.client.connect();
    if (notice.type === "refused") this.#refused(notice);
    this.render();
    tellNotice(this.#host, notice, this.#chat.isCaughtUp);
  }

  #refused({ code, detail, text, clientId }: Extract<Notice, { type: "refused" }>): void {
    console.warn(`chatsaas: ${code}: ${detail}`);
    if (text) this.#panel.composer.giveBack(text);
    const words = strings.refusals[code] ?? strings.unavailable;
    if (clientId) this.#panel.composer.complain(words);
    else this.#panel.alert(words);
  }

  #paint(colour: string): void {
    if (colour === this.#colour) return;
    this.#colour = colour;
    this.#accent.replaceSync(`.root{--accent:${colour}}`);
  }
}
