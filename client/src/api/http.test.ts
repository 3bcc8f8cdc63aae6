// @vitest-environment jsdom
import { afterEach, describe, expect, test, vi } from "vitest";
import { csrfToken, isPassing, Problem, request, Unreachable } from "./http";

function answer(response: Response | (() => never)) {
  const fetch = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(async () =>
    typeof response === "function" ? response() : response,
  );
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

function initOf(fetch: ReturnType<typeof answer>): RequestInit {
  return fetch.mock.calls[0]?.[1] ?? {};
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

afterEach(() => {
  // biome-ignore lint/suspicious/noDocumentCookie: the token comes by a cookie
  document.cookie = "csrftoken=; max-age=0";
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a request", () => {
  test("answers the data, and the cursor as of which they are", async () => {
    const fetch = answer(new Response('{"items":[]}', { headers: { "Events-Cursor": "41" } }));
    expect(await request("GET", "/messages?limit=2")).toEqual({
      data: { items: [] },
      status: 200,
      at: 41,
    });
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/v1/messages?limit=2");
    expect(initOf(fetch).headers).toEqual({ Accept: "application/json" });
  });

  test("sends a text as it is", async () => {
    const fetch = answer(new Response("{}"));
    await request("POST", "/admin/scenarios", { text: "no JSON ü" });
    expect(initOf(fetch).body).toBe("no JSON ü");
    expect(initOf(fetch).headers).toMatchObject({ "Content-Type": "application/json" });
  });

  test("that changes something bears the CSRF token, its body, and the headers that were given", async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the token comes by a cookie
    document.cookie = "csrftoken=abc123";
    const fetch = answer(new Response(null, { status: 204 }));
    const headers = { "Idempotency-Key": "k" };
    expect(await request("POST", "/messages", { body: { content: "é" }, headers })).toEqual({
      data: undefined,
      status: 204,
      at: 0,
    });
    expect(csrfToken()).toBe("abc123");
    expect(initOf(fetch)).toMatchObject({
      method: "POST",
      body: '{"content":"é"}',
      headers: { "X-CSRFToken": "abc123", "Idempotency-Key": "k", "Content-Type": "application/json" },
    });
  });

  test("that is refused throws the server's words", async () => {
    const errors = [{ loc: ["body", "content"], msg: "is blank" }];
    const body = { title: "Unprocessable Entity", detail: "body.content: is blank", errors };
    answer(new Response(JSON.stringify(body), { status: 422 }));
    const error = await errorOf(request("POST", "/messages"));
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ status: 422, ...body, retryAfterS: null });
    expect(isPassing(error)).toBe(false);
  });

  test("that something on the way refuses throws what is known", async () => {
    answer(new Response("<h1>Bad Gateway</h1>", { status: 502, statusText: "Bad Gateway" }));
    const error = await errorOf(request("GET", "/messages"));
    expect(error).toMatchObject({ status: 502, title: "Bad Gateway", detail: "", errors: [] });
    expect(isPassing(error)).toBe(true);
  });

  test.each([
    ["12", 12],
    ["Sun, 01 Mar 2026 00:00:30 GMT", 30],
    ["Sat, 28 Feb 2026 00:00:00 GMT", 0],
    ["soon", null],
  ])("that is to be sent later says when: %s", async (header, retryAfterS) => {
    vi.useFakeTimers({ now: Date.UTC(2026, 2, 1) });
    answer(new Response("{}", { status: 429, headers: { "Retry-After": header } }));
    expect(await errorOf(request("POST", "/auth/login"))).toMatchObject({ status: 429, retryAfterS });
  });

  test.each([
    ["nothing answers", () => answer(() => Promise.reject(new TypeError("Failed to fetch")) as never)],
    ["the answer is no JSON", () => answer(new Response("<html>Sign in to this Wi-Fi</html>"))],
  ])("is unreachable where %s", async (_, prepare) => {
    prepare();
    const error = await errorOf(request("GET", "/messages"));
    expect(error).toBeInstanceOf(Unreachable);
    expect(isPassing(error)).toBe(true);
  });

  test("is unreachable where no answer comes in time", async () => {
    vi.useFakeTimers();
    neverAnswer();
    const error = errorOf(request("GET", "/messages", { timeoutMs: 5_000 }));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await error).toBeInstanceOf(Unreachable);
  });

  test("that is cut short throws why", async () => {
    neverAnswer();
    const cut = new AbortController();
    const error = errorOf(request("GET", "/messages", { signal: cut.signal }));
    const reason = new Error("not wanted any more");
    cut.abort(reason);
    expect(await error).toBe(reason);
    expect(await errorOf(request("GET", "/messages", { signal: cut.signal }))).toBe(reason);
  });
});

function neverAnswer() {
  vi.stubGlobal(
    "fetch",
    (_: string, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new DOMException("cut", "AbortError")));
      }),
  );
}
