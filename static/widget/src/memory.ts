// What this browser remembers of one site's chat, shared by all its tabs.
import type { Settings } from "./frames.ts";

export interface Visit {
  session: string;
  resume: string;
}

export interface Unsent {
  client_id: string;
  session: string;
  text: string;
  at: number;
}

/** Survives a reload where the browser allows storage, and lasts as long as the page where not. */
export class Memory {
  readonly #prefix: string;
  #storage = usable(() => localStorage);
  readonly #tab = usable(() => sessionStorage);

  constructor(site: string) {
    this.#prefix = `chatsaas:${site}:`;
  }

  get visit(): Visit | undefined {
    return this.#read<Visit>("visit");
  }

  set visit(visit: Visit) {
    this.#write("visit", visit);
  }

  /** The site's settings as last seen, to show the launcher before the network answers. */
  get settings(): Settings | undefined {
    return this.#read<Settings>("settings");
  }

  set settings(settings: Settings) {
    this.#write("settings", settings);
  }

  get draft(): string {
    return this.#read<string>("draft") ?? "";
  }

  set draft(text: string) {
    if (text) this.#write("draft", text);
    else this.#remove("draft");
  }

  /** The number of the last event that the visitor had in view. */
  get seen(): number {
    return this.#read<number>("seen") ?? 0;
  }

  set seen(seq: number) {
    this.#write("seen", seq);
  }

  /** Messages that the gateway has not acknowledged, oldest first. A key each: tabs write at once. */
  get unsent(): Unsent[] {
    const names = this.#names().filter((name) => name.startsWith("unsent:"));
    const found = names.map((name) => this.#read<Unsent>(name)).filter((entry) => !!entry);
    return found.sort((a, b) => a.at - b.at);
  }

  /** Whether this tab had the panel open; a reload opens it again. */
  get isOpen(): boolean {
    return this.#tab[`${this.#prefix}open`] === "1";
  }

  set isOpen(isOpen: boolean) {
    this.#tab[`${this.#prefix}open`] = isOpen ? "1" : "0";
  }

  keep(entry: Unsent): void {
    this.#write(`unsent:${entry.client_id}`, entry);
  }

  drop(clientId: string): void {
    this.#remove(`unsent:${clientId}`);
  }

  forget(): void {
    for (const name of this.#names()) if (name !== "settings") this.#remove(name);
  }

  /** True for the key by which another tab says that the conversation changed or ended. */
  isVisitKey(key: string | null): boolean {
    return key === null || key === `${this.#prefix}visit`;
  }

  #names(): string[] {
    return Object.keys(this.#storage)
      .filter((key) => key.startsWith(this.#prefix))
      .map((key) => key.slice(this.#prefix.length));
  }

  #read<T>(name: string): T | undefined {
    try {
      return JSON.parse(this.#storage[this.#prefix + name] ?? "") as T;
    } catch {
      return undefined; // nothing there, or something that is not ours
    }
  }

  #write(name: string, value: unknown): void {
    const entry = { [this.#prefix + name]: JSON.stringify(value) };
    try {
      Object.assign(this.#storage, entry);
    } catch {
      this.#storage = { ...this.#storage, ...entry }; // full: go on in the page's memory
    }
  }

  #remove(name: string): void {
    delete this.#storage[this.#prefix + name];
  }
}

/** Reading the property throws where storage is switched off. */
function usable(find: () => Storage): Record<string, string> {
  try {
    return find();
  } catch {
    return {};
  }
}
