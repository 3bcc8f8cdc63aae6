// @vitest-environment jsdom
import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Session } from "../api/account";
import { keys } from "../api/keys";
import type { Message } from "../api/types";
import { CoachFailureKind } from "../enums/coachFailureKind";
import { MESSAGES, PAIR, SESSION } from "../testing/fixtures";
import { failure } from "./failure";
import { FRESH_MS, Outbox, PAUSES_MS } from "./outbox";
import { NOTHING } from "./storage";
import { inWords } from "./words";

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

/** A page of its own, with the conversation, newest first, where it has come; what is kept for a reload is there. */
function openTab(items: Message[] | null = NEWEST_FIRST) {
  client = new QueryClient();
  client.setQueryData(keys.session, { ...SESSION, mark: "" });
  if (items !== null) {
    client.setQueryData(keys.messages(ME), {
      pages: [{ items, next_cursor: null, at: 40 }],
      pageParams: [null],
    });
  }
  outbox = new Outbox(client, ME);
}

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function write(text: string) {
  outbox.setDraft(text);
  outbox.send();
}

/** Why what came back into the box was not sent. */
function reason(): string | null {
  const { inBox } = outbox.state.get();
  return inBox?.failure ? inWords(inBox.failure) : null;
}

function asideContents(): string[] {
  return outbox.state.get().aside.map(({ content }) => content);
}

/** The conversation tells of these messages too, newest first; each came by the request with the key. */
function tell(...messages: Message[]) {
  client.setQueryData(keys.messages(ME), {
    pages: [{ items: [...messages, ...NEWEST_FIRST], next_cursor: null, at: 41 }],
    pageParams: [null],
  });
  outbox.settle();
}

const mine = (idempotency_key: string, content = "Hello."): Message => ({
  ...PAIR.user_message,
  content,
  idempotency_key,
});
const answerTo = (idempotency_key: string): Message => ({ ...PAIR.coach_message, idempotency_key });

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
      underWay: { content: "Hello." },
    });
    await pass();
    expect(outbox.state.get()).toEqual(NOTHING);
    expect(shownIds()).toEqual(AFTER);
  });

  test("answered before the conversation is here stays in sight until that is, in another page too", async () => {
    openTab(null);
    write("Hello.");
    await pass();
    expect(outbox.state.get().underWay).toMatchObject({ content: "Hello.", isAnswered: true });
    openTab(null);
    outbox.resume();
    await pass();
    expect(posted).toHaveLength(1);
    expect(outbox.state.get().underWay).toMatchObject({ content: "Hello.", isAnswered: true });
    tell(answerTo(posted[0]?.key ?? ""), mine(posted[0]?.key ?? ""));
    expect(outbox.state.get()).toEqual(NOTHING);
  });

  test("answered before the conversation is here is done with where that has been reset", async () => {
    openTab(null);
    write("Hello.");
    await pass();
    client.setQueryData(keys.resets(ME), 1);
    tell();
    expect(outbox.state.get()).toEqual(NOTHING);
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

  test("that is too long stays in the box; an emoji is one character", async () => {
    write("🌙".repeat(20_001));
    expect(posted).toEqual([]);
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

describe("a chat that was reset in another tab", () => {
  const reset = () => {
    client.setQueryData(keys.messages(ME), {
      pages: [{ items: [], next_cursor: null, at: 50 }],
      pageParams: [null],
    });
    outbox.settle();
  };

  test("takes with it the message that the coach is answering", async () => {
    answer = never;
    write("Hello.");
    tell(mine(posted[0]?.key ?? ""));
    reset();
    expect(outbox.state.get()).toEqual(NOTHING);
    await pass(1_000);
    expect(posted).toHaveLength(1);
  });

  test("takes with it what the coach could not answer", async () => {
    answer = problem(503, "", { kind: CoachFailureKind.TIMEOUT });
    write("Hello.");
    tell(mine(posted[0]?.key ?? ""));
    await pass();
    expect(asideContents()).toEqual(["Hello."]);
    openTab(NEWEST_FIRST);
    outbox.resume();
    expect(outbox.state.get()).toEqual(NOTHING);
  });

  test("leaves what has not arrived there", async () => {
    answer = never;
    write("Hello.");
    reset();
    expect(outbox.state.get().underWay).toMatchObject({ content: "Hello." });
  });

  test("is not taken for one of which only the newest messages are here", async () => {
    answer = never;
    write("Hello.");
    tell(mine(posted[0]?.key ?? ""));
    client.setQueryData(keys.messages(ME), {
      pages: [{ items: NEWEST_FIRST, next_cursor: "older", at: 50 }],
      pageParams: [null],
    });
    outbox.settle();
    expect(outbox.state.get().underWay).toMatchObject({ content: "Hello." });
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
    expect(reason()).toContain("cannot be reached");
    answer = done;
    outbox.send();
    await pass();
    expect(new Set(posted.map(({ key }) => key)).size).toBe(1);
    expect(outbox.state.get()).toEqual(NOTHING);
    expect(shownIds()).toEqual(AFTER);
  });

  test("goes with another key once it is changed, and with its own when it is changed back", async () => {
    answer = problem(409);
    write("Hello.");
    await pass();
    outbox.setDraft("");
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
});

describe("a message that the coach was asked to answer in vain", () => {
  test.each(Object.values(CoachFailureKind))("is not sent again by itself: %s", async (kind) => {
    answer = problem(503, "", { kind });
    write("Hello.");
    await pass(60_000);
    expect(posted).toHaveLength(1);
    const { draft, aside, underWay } = outbox.state.get();
    expect({ draft, underWay }).toEqual({ draft: "", underWay: null });
    expect(aside).toMatchObject([{ content: "Hello.", failure: { kind } }]);
    const [failed] = aside;
    expect(failed?.failure && inWords(failed.failure)).not.toMatch(/key|model|provider|server|undefined/i);
  });

  test("is asked for with the same key, and is done with once it is answered", async () => {
    answer = problem(503, "", { kind: "timeout" });
    write("Hello.");
    await pass();
    answer = done;
    outbox.tryAgain(posted[0]?.key ?? "");
    await pass();
    expect(posted[1]).toEqual(posted[0]);
    expect(outbox.state.get()).toEqual(NOTHING);
  });

  test("says when to try again, where that is known", async () => {
    answer = problem(503, "", { kind: "rate_limit" }, { "Retry-After": "20" });
    write("Hello.");
    await pass();
    const [failed] = outbox.state.get().aside;
    expect(failed?.failure?.until).toBe(Date.now() + 20_000);
    expect(failed?.failure && inWords(failed.failure)).toContain("Please wait until");
  });
});

describe("a message that fails while the next one is being written", () => {
  beforeEach(async () => {
    answer = problem(500);
    write("First.");
    outbox.setDraft("Second.");
    await pass();
  });

  test("stands aside, and the box is left alone", () => {
    expect(outbox.state.get()).toMatchObject({ draft: "Second.", underWay: null, inBox: null });
    expect(asideContents()).toEqual(["First."]);
    outbox.setDraft("Second!");
    expect(asideContents()).toEqual(["First."]);
  });

  test("keeps its key, whatever is sent before it is tried again", async () => {
    answer = done;
    outbox.send();
    await pass();
    const [first] = outbox.state.get().aside;
    outbox.tryAgain(first?.key ?? "");
    await pass();
    expect(posted.map(({ content }) => content)).toEqual(["First.", "Second.", "First."]);
    expect(posted[2]?.key).toBe(posted[0]?.key);
    expect(outbox.state.get()).toEqual(NOTHING);
  });

  test("is one of several that do not mix", async () => {
    outbox.send();
    outbox.setDraft("Third.");
    await pass();
    outbox.send();
    await pass();
    expect(asideContents()).toEqual(["First.", "Second."]);
    expect(outbox.state.get()).toMatchObject({ draft: "Third.", inBox: { content: "Third." } });
  });

  test("can be given up", () => {
    outbox.discard(posted[0]?.key ?? "");
    expect(outbox.state.get()).toEqual({ ...NOTHING, draft: "Second." });
  });

  test("comes into the box to be changed, and what was written there takes its place", async () => {
    outbox.edit(posted[0]?.key ?? "");
    expect(outbox.state.get()).toMatchObject({ draft: "First.", inBox: { key: posted[0]?.key } });
    expect(outbox.state.get().aside).toMatchObject([{ content: "Second.", failure: { kind: "set_aside" } }]);
    answer = done;
    outbox.send();
    await pass();
    expect(posted[1]).toEqual(posted[0]);
    outbox.tryAgain(outbox.state.get().aside[0]?.key ?? "");
    await pass();
    expect(posted[2]?.content).toBe("Second.");
    expect(posted[2]?.key).not.toBe(posted[0]?.key);
    expect(outbox.state.get()).toEqual(NOTHING);
  });

  test("changes places with another one that failed, each with its key and its reason", async () => {
    answer = problem(413);
    outbox.send();
    await pass();
    const { inBox } = outbox.state.get();
    outbox.edit(posted[0]?.key ?? "");
    expect(outbox.state.get()).toMatchObject({ draft: "First.", aside: [inBox] });
    outbox.edit(posted[1]?.key ?? "");
    expect(outbox.state.get()).toMatchObject({ draft: "Second.", inBox });
    expect(asideContents()).toEqual(["First."]);
  });

  test("waits while another one is on its way", async () => {
    answer = never;
    outbox.send();
    outbox.tryAgain(posted[0]?.key ?? "");
    await pass();
    expect(posted).toHaveLength(2);
    expect(asideContents()).toEqual(["First."]);
  });

  test("is there after a reload, and nothing that another user or tab does disturbs it", async () => {
    openTab();
    expect(asideContents()).toEqual(["First."]);
    expect(outbox.state.get()).toMatchObject({ draft: "Second.", aside: [{ failure: failure("broken") }] });
    tell(answerTo("another"), mine("another", "First."));
    expect(asideContents()).toEqual(["First."]);
    expect(new Outbox(client, "another").state.get()).toEqual(NOTHING);
  });

  test("that is too long says so instead of being sent", () => {
    outbox.setDraft("a".repeat(20_001));
    outbox.edit(posted[0]?.key ?? "");
    outbox.tryAgain(outbox.state.get().aside[0]?.key ?? "");
    expect(posted).toHaveLength(1);
    expect(outbox.state.get().aside).toMatchObject([{ failure: { kind: "too_long" } }]);
  });
});

describe("a message that the conversation tells of, and its request is not answered", () => {
  const key = () => posted[0]?.key ?? "";

  beforeEach(() => {
    answer = lost;
  });

  test("is done once the coach's message is there, without a word of failure", async () => {
    write("Hello.");
    await pass(PAUSES_MS[0]);
    tell(answerTo(key()), mine(key()));
    expect(outbox.state.get()).toEqual(NOTHING);
    await pass(60_000);
    expect(posted).toHaveLength(2);
    expect(outbox.state.get()).toEqual(NOTHING);
  });

  test("is done even where nobody looked before the last attempt had failed", async () => {
    write("Hello.");
    vi.spyOn(outbox, "settle").mockImplementation(() => {});
    tell(answerTo(key()), mine(key()));
    await pass(60_000);
    expect(outbox.state.get()).toEqual(NOTHING);
  });

  test("leaves the box to the next one while its request still hangs", async () => {
    answer = never;
    write("Hello.");
    tell(answerTo(key()), mine(key()));
    answer = problem(500);
    write("And then?");
    await pass();
    outbox.hurry();
    await pass(200_000);
    expect(posted).toHaveLength(2);
    expect(outbox.state.get()).toMatchObject({ draft: "And then?", aside: [] });
  });

  test("but not answered is not written again: it is asked again as the same", async () => {
    write("Hello.");
    tell(mine(key()));
    expect(outbox.state.get().underWay).toMatchObject({ content: "Hello." });
    await pass(60_000);
    expect(outbox.state.get()).toMatchObject({ draft: "", inBox: null, underWay: null });
    expect(asideContents()).toEqual(["Hello."]);
    answer = done;
    outbox.tryAgain(key());
    await pass();
    expect(new Set(posted.map((one) => one.key)).size).toBe(1);
    expect(outbox.state.get()).toEqual(NOTHING);
  });

  test("leaves the box when that comes to be known later, unless it was changed there", async () => {
    write("Hello.");
    await pass(60_000);
    tell(mine(key()));
    expect(outbox.state.get()).toMatchObject({ draft: "", inBox: null });
    expect(asideContents()).toEqual(["Hello."]);
    tell(answerTo(key()), mine(key()));
    expect(outbox.state.get()).toEqual(NOTHING);
    posted = [];
    write("Hello?");
    await pass(60_000);
    outbox.setDraft("Hello??");
    tell(answerTo(key()), mine(key()));
    expect(outbox.state.get()).toEqual({ ...NOTHING, draft: "Hello??" });
  });

  test("is told apart from another one with the same words, also before the messages are there", async () => {
    client.removeQueries({ queryKey: keys.messages(ME) });
    answer = never;
    write("Hello.");
    tell(answerTo("earlier"), mine("earlier"));
    expect(outbox.state.get().underWay).toMatchObject({ content: "Hello." });
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

  test("after a failure does not either, when it is tried again: the chat may have been reset since", async () => {
    answer = problem(500);
    write("Hello.");
    await pass();
    openTab();
    answer = done;
    outbox.send();
    await pass();
    expect(outbox.state.get()).toEqual(NOTHING);
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
    expect(reason()).toContain("was on its way");
    expect(posted).toEqual([]);
  });

  test("after a failure keeps the words and the key", async () => {
    answer = problem(500);
    write("Hello.");
    await pass();
    openTab();
    expect(outbox.state.get()).toMatchObject({ draft: "Hello.", inBox: { failure: failure("broken") } });
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
    [
      problem(409, "The first request with this idempotency key is still being answered."),
      "has no answer yet",
    ],
    [
      problem(413, "The body is larger than 256 KiB."),
      "too large to be sent. Please shorten it, or send it in parts.",
    ],
    [problem(422, "…", { errors: [{ loc: ["body"], msg: "has a NUL" }] }), "Please change it."],
    [problem(429, "", {}, { "Retry-After": "9" }), "Please wait until"],
    [problem(429), "Please wait a moment, then try again."],
    [problem(429, "", {}, { "Retry-After": "0" }), "Please wait a moment, then try again."],
    [
      problem(500, "Something went wrong on the server. It has been logged."),
      "Something did not work on our side. Your message is kept here",
    ],
    [problem(418), "Something did not work on our side."],
  ])("is back in the box, with the reason in words", async (refusal, words) => {
    answer = refusal;
    write("Hello.");
    await pass(1_000);
    expect(outbox.state.get()).toMatchObject({ draft: "Hello.", underWay: null });
    expect(reason()).toContain(words);
    expect(reason()).not.toMatch(/idempotency|request|server|logged|CSRF|body/i);
    outbox.setDraft("Hello, ");
    expect(reason()).toContain(words);
  });

  test("by a coach who cannot answer says so, when trying again has not helped", async () => {
    const detail =
      "The coach could not answer just now. What you wrote is kept: send it again with the same idempotency key.";
    answer = problem(503, detail);
    write("Hello.");
    await pass(60_000);
    expect(reason()).toBe(
      "The coach cannot answer just now. Your message is kept here: try again in a moment.",
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
    outbox.resume();
    expect(reason()).toBeNull();
    outbox.send();
    await pass();
    expect(posted[1]).toEqual(posted[0]);
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
