import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Session } from "../api/account";
import { keys } from "../api/keys";
import { MESSAGES, PAIR, SESSION } from "../testing/fixtures";
import { FRESH_MS, Outbox, PAUSES_MS } from "./outbox";

const ME = SESSION.user?.id ?? "";
const NEWEST_FIRST = MESSAGES.toReversed();

interface Posted {
  content: string;
  key: string;
}

type Answer = () => Response | Promise<Response>;

let client: QueryClient;
let outbox: Outbox;
let posted: Posted[];
let answer: Answer;
let session: Session;

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  posted = [];
  answer = done;
  session = { ...SESSION, mark: "" };
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    if (url.endsWith("/auth/session")) return Promise.resolve(new Response(JSON.stringify(session)));
    const { content } = JSON.parse(String(init.body)) as { content: string };
    posted.push({ content, key: new Headers(init.headers).get("Idempotency-Key") ?? "" });
    return Promise.race([
      Promise.resolve().then(answer),
      new Promise<never>((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(new DOMException("cut", "AbortError")));
      }),
    ]);
  });
  openTab();
});

afterEach(() => {
  client.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page of its own; what is kept for a reload is there. */
function openTab() {
  client = new QueryClient();
  client.setQueryData(keys.session, { ...SESSION, mark: "" });
  client.setQueryData(keys.messages(ME), {
    pages: [{ items: NEWEST_FIRST, next_cursor: null, at: 40 }],
    pageParams: [null],
  });
  outbox = new Outbox(client, ME);
}

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function write(text: string) {
  outbox.setDraft(text);
  outbox.send();
}

function done(): Response {
  return new Response(JSON.stringify(PAIR), { status: 201 });
}

function problem(status: number, detail = "", more: object = {}, headers: HeadersInit = {}): Answer {
  return () => new Response(JSON.stringify({ title: "Problem", detail, ...more }), { status, headers });
}

function lost(): never {
  throw new TypeError("Failed to fetch");
}

function never(): Promise<Response> {
  return new Promise(() => {});
}

function shownIds() {
  const known = client.getQueryData<{ pages: { items: { id: string }[] }[] }>(keys.messages(ME));
  return known?.pages[0]?.items.map(({ id }) => id) ?? [];
}

const { coach_message, user_message } = PAIR;
const BEFORE = NEWEST_FIRST.map(({ id }) => id);
const AFTER = [coach_message.id, user_message.id, ...BEFORE];

describe("a message", () => {
  test("leaves the box at once, and its answer comes into the conversation", async () => {
    write("Hello.");
    expect(outbox.state.get()).toMatchObject({
      draft: "",
      underWay: { content: "Hello.", after: BEFORE[0] },
    });
    await pass();
    expect(outbox.state.get()).toMatchObject({ draft: "", underWay: null, failure: null });
    expect(shownIds()).toEqual(AFTER);
  });

  test("is sent once, however often and fast one asks for it", async () => {
    answer = never;
    write("Hello.");
    outbox.send();
    outbox.setDraft("Hello.");
    outbox.send();
    await pass(1_000);
    expect(posted).toHaveLength(1);
    expect(outbox.state.get().draft).toBe("Hello.");
  });

  test("has a key of its own", async () => {
    write("Hello.");
    await pass();
    write("Hello.");
    await pass();
    expect(posted).toHaveLength(2);
    expect(posted[0]?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(posted[1]?.key).not.toBe(posted[0]?.key);
  });

  test("is not sent where it is blank", () => {
    write(" \n ");
    expect(posted).toEqual([]);
    expect(outbox.state.get()).toMatchObject({ draft: " \n ", underWay: null });
  });

  test("loses the space around it, and keeps its indentation", async () => {
    write("\n  \n    code\n  more  \n\n");
    await pass();
    expect(posted[0]?.content).toBe("    code\n  more");
  });

  test("that is too long is told so before it is sent; an emoji is one character", async () => {
    write("🌙".repeat(20_001));
    expect(posted).toEqual([]);
    expect(outbox.state.get().failure).toContain("20,000");
    expect(outbox.state.get().draft).toHaveLength(40_002);
    write("🌙".repeat(20_000));
    await pass();
    expect(posted).toHaveLength(1);
  });

  test("is not put into a conversation that was reset meanwhile", async () => {
    write("Hello.");
    client.setQueryData(keys.resets(ME), 1);
    await pass();
    expect(outbox.state.get().underWay).toBeNull();
    expect(shownIds()).toEqual(BEFORE);
  });
});

describe("a message whose answer is lost", () => {
  test("is sent again with the same key, after growing pauses, until it is answered", async () => {
    answer = lost;
    write("Hello.");
    await pass(PAUSES_MS[0]);
    await pass((PAUSES_MS[1] ?? 0) - 1);
    expect(posted).toHaveLength(2);
    answer = done;
    await pass(1);
    expect(posted).toHaveLength(3);
    expect(new Set(posted.map(({ key }) => key)).size).toBe(1);
    expect(outbox.state.get().underWay).toBeNull();
    expect(shownIds()).toEqual(AFTER);
  });

  test.each([502, 503, 504])("and one that a %s stands for", async (status) => {
    answer = problem(status);
    write("Hello.");
    await pass();
    answer = done;
    await pass(PAUSES_MS[0]);
    expect(posted).toHaveLength(2);
    expect(outbox.state.get().underWay).toBeNull();
  });

  test("is back in the box in the end, and goes with the same key when it is sent again", async () => {
    answer = lost;
    write("Hello.");
    await pass(60_000);
    expect(posted).toHaveLength(PAUSES_MS.length + 1);
    expect(outbox.state.get()).toMatchObject({ draft: "Hello.", underWay: null });
    expect(outbox.state.get().failure).toContain("cannot be reached");
    answer = done;
    outbox.send();
    await pass();
    expect(new Set(posted.map(({ key }) => key)).size).toBe(1);
    expect(outbox.state.get()).toMatchObject({ draft: "", underWay: null, failed: null, failure: null });
    expect(shownIds()).toEqual(AFTER);
  });

  test("goes with another key once it is changed, and with its own when it is changed back", async () => {
    answer = problem(409);
    write("Hello.");
    await pass();
    outbox.setDraft("Hello!");
    expect(outbox.state.get().failure).toBeNull();
    outbox.setDraft("Hello.");
    outbox.send();
    await pass();
    write("Hello!");
    await pass();
    expect(posted[1]?.key).toBe(posted[0]?.key);
    expect(posted[2]?.key).not.toBe(posted[0]?.key);
  });

  test("is sent at once when the stream is back, in a pause or over a dead line", async () => {
    answer = lost;
    write("Hello.");
    await pass();
    answer = never;
    outbox.hurry();
    await pass();
    expect(posted).toHaveLength(2);
    answer = done;
    outbox.hurry();
    await pass();
    expect(posted).toHaveLength(3);
    expect(new Set(posted.map(({ key }) => key)).size).toBe(1);
    expect(outbox.state.get().underWay).toBeNull();
    outbox.hurry();
    await pass(60_000);
    expect(posted).toHaveLength(3);
  });

  test("that the server puts off is sent when it says", async () => {
    answer = problem(503, "", {}, { "Retry-After": "20" });
    write("Hello.");
    await pass(19_999);
    expect(posted).toHaveLength(1);
    await pass(1);
    expect(posted).toHaveLength(2);
  });

  test("comes back before what was written since, which follows once it is sent", async () => {
    answer = problem(500);
    write("First.");
    outbox.setDraft("Second.");
    await pass();
    expect(outbox.state.get().draft).toBe("First.");
    expect(outbox.state.get().failure).toContain("comes back once this is sent");
    answer = done;
    outbox.send();
    expect(outbox.state.get().draft).toBe("Second.");
    await pass();
    outbox.send();
    await pass();
    expect(posted.map(({ content }) => content)).toEqual(["First.", "First.", "Second."]);
  });

  test("can be given up, and what was written since is there", async () => {
    answer = problem(500);
    write("First.");
    outbox.setDraft("Second.");
    await pass();
    outbox.discard();
    expect(outbox.state.get()).toMatchObject({ draft: "Second.", next: "", failed: null, failure: null });
  });
});

describe("a reload", () => {
  test("keeps the draft, for this user alone", () => {
    outbox.setDraft("Not done yet");
    openTab();
    expect(outbox.state.get().draft).toBe("Not done yet");
    expect(new Outbox(client, "another").state.get().draft).toBe("");
  });

  test("in the middle sends the same message with the same key, once", async () => {
    answer = never;
    write("Hello.");
    await pass();
    openTab();
    answer = done;
    expect(outbox.state.get().underWay).toMatchObject({ content: "Hello." });
    outbox.resume();
    outbox.resume();
    await pass();
    expect(posted).toHaveLength(2);
    expect(posted[1]).toEqual(posted[0]);
    expect(outbox.state.get().underWay).toBeNull();
  });

  test("does not put an old answer into the conversation: the stream tells what belongs there", async () => {
    answer = never;
    write("Hello.");
    openTab();
    answer = done;
    outbox.resume();
    await pass();
    expect(shownIds()).toEqual(BEFORE);
  });

  test("long after gives the message back, for nobody waits for it any more", async () => {
    answer = never;
    write("Hello.");
    posted = [];
    vi.setSystemTime(Date.now() + FRESH_MS + 1);
    openTab();
    outbox.resume();
    expect(outbox.state.get()).toMatchObject({ draft: "Hello.", underWay: null });
    expect(outbox.state.get().failure).toContain("was on its way");
    expect(posted).toEqual([]);
  });

  test("after a failure keeps the words and the key", async () => {
    answer = problem(500);
    write("Hello.");
    await pass();
    const { failure } = outbox.state.get();
    openTab();
    expect(outbox.state.get()).toMatchObject({ draft: "Hello.", failure });
    outbox.send();
    await pass();
    expect(posted[1]).toEqual(posted[0]);
  });

  test("of a tab whose storage is full, or holds something else, begins with nothing", () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    outbox.setDraft("Hello.");
    expect(outbox.state.get().draft).toBe("Hello.");
    vi.spyOn(Storage.prototype, "getItem").mockReturnValue("{");
    expect(new Outbox(client, ME).state.get().draft).toBe("");
  });
});

describe("two tabs", () => {
  test("that hold the same message send it with the same key", async () => {
    answer = never;
    write("Hello.");
    await pass();
    openTab(); // a duplicated tab has a copy of what the first one keeps
    answer = done;
    outbox.resume();
    await pass();
    expect(posted[1]).toEqual(posted[0]);
  });
});

describe("a message that is refused", () => {
  test.each([
    [problem(401), "You are signed out."],
    [problem(403, "CSRF Failed."), "That did not go through."],
    [problem(409, "The first request with this idempotency key is still being answered."), "still thinking"],
    [problem(413, "The body is larger than 256 KiB."), "too large"],
    [
      problem(422, "…", { errors: [{ loc: ["body"], msg: "is blank: write something" }] }),
      "The message is blank: write something.",
    ],
    [
      problem(422, "…", { errors: [{ loc: ["body"], msg: "String should be shorter" }] }),
      "cannot be sent as it is: String should",
    ],
    [problem(429, "", {}, { "Retry-After": "9" }), "wait 9 seconds"],
    [
      problem(500, "Something went wrong on the server. It has been logged."),
      "It has been logged. Your message is kept here",
    ],
    [problem(418), "Something went wrong. Your message is kept here"],
  ])("is back in the box, with the reason in words", async (refusal, words) => {
    answer = refusal;
    write("Hello.");
    await pass(1_000);
    const { draft, underWay, failure } = outbox.state.get();
    expect({ draft, underWay }).toEqual({ draft: "Hello.", underWay: null });
    expect(failure).toContain(words);
    expect(failure).not.toMatch(/idempotency|request/i);
  });

  test("by a coach who cannot answer says so, when trying again has not helped", async () => {
    const detail =
      "The coach could not answer just now. What you wrote is kept: send it again with the same idempotency key.";
    answer = problem(503, detail);
    write("Hello.");
    await pass(60_000);
    expect(outbox.state.get().failure).toBe(
      "The coach could not answer just now. Your message is kept here: try again in a moment.",
    );
  });

  test("for want of a CSRF token is sent again with a new one", async () => {
    answer = () => {
      answer = done;
      return problem(403)();
    };
    write("Hello.");
    await pass();
    expect(posted).toHaveLength(2);
    expect(posted[1]).toEqual(posted[0]);
    expect(outbox.state.get().underWay).toBeNull();
  });

  test("because nobody is signed in any more has the session asked for, and waits for the same user", async () => {
    answer = problem(401);
    write("Hello.");
    await pass();
    expect(client.getQueryState(keys.session)?.isInvalidated).toBe(true);
    openTab();
    expect(outbox.state.get().draft).toBe("Hello.");
  });

  test("because the user has signed in anew in another tab is sent all the same", async () => {
    client.setQueryData(keys.session, { ...session, mark: "an older one" });
    write("Hello.");
    await pass();
    expect(posted).toHaveLength(1);
    expect(outbox.state.get().underWay).toBeNull();
  });

  test("is not sent in another user's name", async () => {
    session = { ...session, user: { id: "another", email: "another@example.org", is_staff: false } };
    client.setQueryData(keys.session, session);
    write("Hello.");
    await pass();
    expect(posted).toEqual([]);
    expect(outbox.state.get()).toMatchObject({ draft: "Hello.", underWay: null });
  });
});
