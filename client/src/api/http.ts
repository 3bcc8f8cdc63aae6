import type { CoachFailureKind } from "../enums/coachFailureKind";
import type { ProblemBody } from "./types";

/** Where the API is; one origin with the page. */
export const API = "/api/v1";

const TIMEOUT_MS = 30_000;

export interface Answer<T> {
  data: T;
  status: number;
  /** The user's last cursor at the moment of which the data tells; 0 where the server said none. */
  at: number;
}

export interface Fault {
  loc: (string | number)[];
  msg: string;
}

/** An error that the server answered with. `detail` is meant for people. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly errors: Fault[] = [],
    readonly retryAfterS: number | null = null,
    /** Why the coach could not answer, where it was asked and could not. */
    readonly kind: CoachFailureKind | null = null,
  ) {
    super(`${status} ${title}: ${detail}`);
  }
}

/** No answer came, or one that is not the server's. Whether the request was carried out is unknown. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** What is sent: a value as JSON, or a `text` that is JSON already, or means to be, and goes out as it is. */
type Content = { body?: unknown; text?: never } | { body?: never; text: string };

export type RequestOptions = Content & {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  timeoutMs?: number;
};

/** Asks the API. Throws `Problem` or `Unreachable`, or the reason of `signal` where that was aborted. */
export async function request<T>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer<T>> {
  const { signal, timeoutMs = TIMEOUT_MS } = options;
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener("abort", end, { once: true });
  try {
    signal?.throwIfAborted();
    const response = await fetch(API + path, { ...requestInit(method, options), signal: ending.signal });
    return await answerOf<T>(response);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Problem) throw error;
    throw new Unreachable(`${method} ${path} was not answered.`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

function requestInit(method: string, { body, text, headers }: RequestOptions): RequestInit {
  const all: Record<string, string> = { Accept: "application/json", ...headers };
  if (method !== "GET") all["X-CSRFToken"] = csrfToken();
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  if (content === undefined) return { method, headers: all };
  return { method, headers: { ...all, "Content-Type": "application/json" }, body: content };
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  if (!response.ok) throw await problemOf(response);
  const data = response.status === 204 ? undefined : await response.json();
  return { data: data as T, status: response.status, at: Number(response.headers.get("Events-Cursor") ?? 0) };
}

/** The problem that a response tells of, whoever on the way has made it. */
export async function problemOf(response: Response): Promise<Problem> {
  const told: Partial<ProblemBody> = await response.json().catch(() => ({}));
  return new Problem(
    response.status,
    told.title ?? response.statusText,
    told.detail ?? "",
    told.errors ?? [],
    retryAfter(response),
    told.kind ?? null,
  );
}

function retryAfter(response: Response): number | null {
  const header = response.headers.get("Retry-After");
  if (!header) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}

/** Django's CSRF token, as its cookie holds it. Every sign-in of this browser sets another one. */
export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

/**
 * Whether the same request may well succeed a little later, and is safe to be sent again. Where the coach was asked and
 * could not answer, the server has tried that again already: the user decides.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof Problem) return error.kind === null && PASSING.has(error.status);
  return error instanceof Unreachable;
}

const PASSING: ReadonlySet<number> = new Set([502, 503, 504]);
