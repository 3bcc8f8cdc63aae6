import { vi } from "vitest";
import { ACTIONS, MESSAGES, SESSION, STATE, USER_NOTES } from "./fixtures";

export interface Asked {
  method: string;
  path: string;
  search: URLSearchParams;
  headers: Headers;
  body: unknown;
  /** The body as it came; empty where there was none. */
  text: string;
}

type Answer = (asked: Asked) => Response | Promise<Response>;

/** Answers in the place of the server, by method and path, and keeps what it was asked. */
export class FakeApi {
  readonly asked: Asked[] = [];
  readonly #answers: Record<string, Answer>;

  constructor(answers: Record<string, Answer> = {}) {
    this.#answers = { ...SIGNED_IN, ...answers };
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) =>
      this.#answer(new URL(url, location.origin), init),
    );
  }

  on(what: string, answer: Answer): void {
    this.#answers[what] = answer;
  }

  /** Lets the next one in who signs in or up. */
  letIn(): void {
    const begin = (status: number) => () => {
      this.on("GET /auth/session", () => json(SESSION));
      return json(SESSION, status);
    };
    this.on("POST /auth/login", begin(200));
    this.on("POST /auth/signup", begin(201));
  }

  askedFor(what: string): Asked[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === what);
  }

  async #answer(url: URL, init?: RequestInit): Promise<Response> {
    const method = init?.method ?? "GET";
    const path = url.pathname.replace("/api/v1", "");
    const text = typeof init?.body === "string" ? init.body : "";
    const headers = new Headers(init?.headers);
    const asked = { method, path, search: url.searchParams, headers, body: parsed(text), text };
    this.asked.push(asked);
    const answer = this.#answers[`${method} ${path}`];
    return answer ? answer(asked) : problem(404);
  }
}

/** Undefined for what is no JSON, as a file that is uploaded may be. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function json(data: unknown, status = 200): Response {
  return new Response(JSON.stringify(data), { status, headers: { "Content-Type": "application/json" } });
}

export function listOf(items: unknown[], nextCursor: string | null = null): Response {
  return json({ items, next_cursor: nextCursor });
}

export function problem(
  status: number,
  more: Record<string, unknown> = {},
  headers: HeadersInit = {},
): Response {
  const body = { type: "about:blank", title: "Problem", status, detail: "It did not work.", ...more };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
}

/** A network that is down. */
export function noAnswer(): never {
  throw new TypeError("Failed to fetch");
}

export const SIGNED_OUT: Record<string, Answer> = {
  "GET /auth/session": () => json({ ...SESSION, user: null }),
};

const SIGNED_IN: Record<string, Answer> = {
  "GET /auth/session": () => json(SESSION),
  "GET /messages": () => listOf(MESSAGES.toReversed()),
  "GET /coach-state": () => json(STATE.coach_state),
  "GET /identities": () => listOf(STATE.identities),
  "GET /user-notes": () => listOf(USER_NOTES),
  "GET /actions": () => listOf(ACTIONS.toReversed()),
  "GET /events": () =>
    new Response(new ReadableStream(), { headers: { "Content-Type": "text/event-stream" } }),
};
