// Asks the gateway for a token: for a new session, or for the one this browser remembers.
import type { Grant, Json } from "./frames.ts";
import type { Memory } from "./memory.ts";

export interface Visitor {
  site: string;
  locale?: string | undefined;
  timezone?: string | undefined;
  prefill?: Record<string, Json> | undefined;
  identity?: string | undefined;
}

/** The gateway understood and said no: trying again would not help. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** Throws `Refused`; any other error is worth another try. */
export function requestGrant(base: string, visitor: Visitor, memory: Memory): Promise<Grant> {
  return oneTabAtATime(`chatsaas:${visitor.site}`, async () => {
    const visit = memory.visit;
    const grant = await resumeOrBegin(base, visitor, visit);
    memory.visit = { session: grant.session, resume: grant.resume };
    memory.settings = grant.settings;
    return grant;
  });
}

/** Each grant replaces the resume secret, so two tabs must not spend the same one. */
function oneTabAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  return locks ? (locks.request(name, work) as Promise<T>) : work();
}

async function resumeOrBegin(base: string, visitor: Visitor, visit: object | undefined) {
  if (!visit) return post(base, visitor);
  try {
    return await post(base, { ...visitor, ...visit });
  } catch (failure) {
    if (!(failure instanceof Refused)) throw failure;
    return post(base, visitor); // the session is gone, or its secret: begin anew
  }
}

async function post(base: string, body: object): Promise<Grant> {
  const response = await fetch(`${base}api/v1/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    signal: AbortSignal.timeout(15_000),
  });
  if (response.ok) return response.json() as Promise<Grant>;
  throw await refusalOf(response);
}

/** The error that a response stands for, by its problem document. */
export async function refusalOf(response: Response): Promise<Error> {
  const problem = await response.json().catch(() => ({}));
  const detail = String(problem.detail ?? problem.title ?? `HTTP status ${response.status}`);
  const isFinal = response.status < 500 && response.status !== 429 && response.status !== 408;
  return isFinal ? new Refused(String(problem.code ?? response.status), detail) : new Error(detail);
}
