// The snippet's script: the page's `ChatSaaS(method, ...)`, and the widget when there is time.
import type { ChatIntake } from "./element.ts";

declare const APP_FILE: string;
declare const APP_INTEGRITY: string;

type Options = Record<string, unknown>;
type Listener = (detail: unknown) => void;

/** What a page may call; until this script has run, its calls wait in `q`. */
interface Api {
  (...call: unknown[]): void;
  q?: ArrayLike<unknown>[];
  /** The gateway's address with a slash at its end, for the widget. */
  base?: string;
}

const page = window as Window & { ChatSaaS?: Api };
const own = (document.currentScript ??
  document.querySelector('script[src*="/w/v1/loader.js"]')) as HTMLScriptElement;
const heard = new Map<Listener, EventListener>();
let tries = Number(new URL(own.src).searchParams.get("try"));

const methods: Record<string, (...values: never[]) => void> = {
  boot(options: Options) {
    const element = booted() ?? (document.createElement("chat-intake") as ChatIntake);
    configure(element, options);
    if (document.body) document.body.append(element);
    else addEventListener("DOMContentLoaded", () => document.body.append(element));
  },
  update(options: Options) {
    const element = current();
    if (element) configure(element, options);
  },
  shutdown() {
    current()?.forget?.();
    booted()?.remove();
  },
  on(name: string, listener: Listener) {
    const hear = (event: Event) => listener((event as CustomEvent).detail);
    heard.set(listener, hear);
    document.addEventListener(`chatsaas:${name}`, hear);
  },
  off(name: string, listener: Listener) {
    const hear = heard.get(listener);
    if (hear) document.removeEventListener(`chatsaas:${name}`, hear);
  },
};

for (const name of ["open", "close", "toggle", "prefill", "identify"] as const) {
  methods[name] = async (...values) => {
    await customElements.whenDefined("chat-intake");
    (current()?.[name] as ((...values: never[]) => void) | undefined)?.call(current(), ...values);
  };
}

function call(...[name, ...values]: unknown[]): void {
  const method = methods[String(name)];
  if (method) method(...(values as never[]));
  else console.warn(`chatsaas: no method "${name}"; use ${Object.keys(methods).join(", ")}`);
}

function booted(): ChatIntake | null {
  return document.querySelector("chat-intake:not([mode=inline])");
}

function current(): ChatIntake | null {
  return booted() ?? document.querySelector<ChatIntake>("chat-intake");
}

/** Options are attributes, so that both ways to write them mean the same. */
function configure(element: Element, options: Options): void {
  for (const [key, value] of Object.entries(options)) {
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const isText = typeof value !== "object";
    element.setAttribute(name, isText ? String(value) : JSON.stringify(value));
  }
}

function fetchScript(source: string, integrity: string): void {
  const script = document.createElement("script");
  script.src = source;
  script.integrity = integrity;
  script.crossOrigin = "anonymous";
  script.onerror = () => setTimeout(reload, Math.min(60_000, 1_000 * 2 ** tries++));
  document.head.append(script);
}

/** A newer loader, because the bundle that this one names may have been replaced. */
function reload(): void {
  fetchScript(new URL(`loader.js?try=${tries}`, own.src).href, "");
}

function takeOver(): void {
  const waiting = page.ChatSaaS?.q ?? [];
  page.ChatSaaS = Object.assign(call, { base: new URL("../..", own.src).href });
  if (own.dataset.site) methods.boot?.({ ...own.dataset } as never);
  for (const values of Array.from(waiting)) call(...Array.from(values));
}

if (!page.ChatSaaS?.base || tries) {
  if (!page.ChatSaaS?.base) takeOver();
  const load = () => fetchScript(new URL(APP_FILE, own.src).href, APP_INTEGRITY);
  if ("requestIdleCallback" in window) requestIdleCallback(load, { timeout: 2_000 });
  else setTimeout(load, 200);
}
