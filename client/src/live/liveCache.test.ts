// @vitest-environment jsdom
import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { keys } from "../api/keys";
import {
  actionsOptions,
  messagesOptions,
  sessionOptions,
  stateOptions,
  userNotesOptions,
} from "../api/options";
import { shownActions } from "../api/shownActions";
import type { Action, ActionFilter, Page } from "../api/types";
import { finds, pageOf, World, worlds } from "../testing/events";
import { ACTIONS } from "../testing/fixtures";
import { LiveCache } from "./liveCache";

const ME = "me";
const LIMIT = 3;
const FILTER: ActionFilter = { status: "succeeded" };

/** A server whose answers are made when they are asked for, and arrive when the test says so. */
class SlowServer {
  moment = 0;
  readonly asked: string[] = [];
  readonly #onTheWay: (() => void)[] = [];

  constructor(readonly world: World) {
    vi.stubGlobal("fetch", (url: string) => {
      this.asked.push(url);
      const body = this.#answer(new URL(url, "http://here"));
      const { cursor } = this.world.at(this.moment);
      const response = { ok: true, status: 200, headers: new Headers({ "Events-Cursor": `${cursor}` }) };
      return new Promise((resolve) => {
        this.#onTheWay.push(() => resolve({ ...response, json: async () => body }));
      });
    });
  }

  /** How many answers are on the way. */
  get count(): number {
    return this.#onTheWay.length;
  }

  get isIdle(): boolean {
    return this.count === 0;
  }

  async arrive(which = 0): Promise<void> {
    this.#onTheWay.splice(which % Math.max(this.#onTheWay.length, 1), 1)[0]?.();
    await settle();
  }

  #answer({ pathname, searchParams }: URL): unknown {
    const rows = this.world.at(this.moment);
    const after = searchParams.get("cursor");
    switch (pathname) {
      case "/api/v1/messages":
        return pageOf(rows.messages, 0, LIMIT, after);
      case "/api/v1/actions": {
        const filter: ActionFilter = searchParams.has("status") ? FILTER : {};
        return pageOf(rows.actions, 0, LIMIT, after, (action) => finds(filter, action));
      }
      case "/api/v1/coach-state":
        return rows.state.coach_state;
      case "/api/v1/identities":
        return { items: rows.state.identities, next_cursor: null };
      default:
        return { items: rows.notes, next_cursor: null };
    }
  }
}

/** Lets everything happen that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

let client: QueryClient;
let cache: LiveCache;
let onReady: ReturnType<typeof vi.fn<() => void>>;
let ends: (() => void)[];

function begin() {
  client = new QueryClient();
  client.setQueryData(keys.session, { user: { id: ME }, mark: "" });
  cache = new LiveCache(client, ME);
  onReady = vi.fn();
  ends = [];
}

function open() {
  begin();
  return openPage();
}

function openPage() {
  const messages = new InfiniteQueryObserver(client, messagesOptions(ME));
  const state = new QueryObserver(client, stateOptions(ME));
  ends.push(
    cache.start(onReady),
    messages.subscribe(() => {}),
    state.subscribe(() => {}),
  );
  return { messages, state };
}

function close() {
  for (const end of ends) end();
  client.clear();
}

afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Doing =
  | { do: "go on"; steps: number }
  | { do: "tell"; count: number }
  | { do: "flush" }
  | { do: "ask"; what: "older messages" | "older actions" | "older filtered" | "state" | "notes" }
  | { do: "arrive"; which: number };

const DOINGS: fc.Arbitrary<Doing[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("go on" as const), steps: fc.integer({ min: 1, max: 8 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("tell" as const), count: fc.integer({ min: 1, max: 9 }) }),
    },
    { weight: 3, arbitrary: fc.constant<Doing>({ do: "flush" }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("ask" as const),
        what: fc.constantFrom("older messages", "older actions", "older filtered", "state", "notes"),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("arrive" as const), which: fc.nat(3) }) },
  ),
  { minLength: 10, maxLength: 60 },
);

test("whatever is asked, told and answered in whatever order, the page ends at the newest facts", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.nat(20), DOINGS, async (world, opened, doings) => {
      vi.useFakeTimers();
      const server = new SlowServer(world);
      server.moment = opened;
      const { messages } = open();
      const actions = new InfiniteQueryObserver(client, actionsOptions(ME, {}));
      const filtered = new InfiniteQueryObserver(client, actionsOptions(ME, FILTER));
      const notes = new QueryObserver(client, userNotesOptions(ME));
      const asks = {
        "older messages": () => messages.fetchNextPage({ cancelRefetch: false }),
        "older actions": () => {
          ends.push(actions.subscribe(() => {}));
          return actions.fetchNextPage({ cancelRefetch: false });
        },
        "older filtered": () => {
          ends.push(filtered.subscribe(() => {}));
          return filtered.fetchNextPage({ cancelRefetch: false });
        },
        state: () => client.invalidateQueries({ queryKey: keys.state(ME) }),
        notes: () => ends.push(notes.subscribe(() => {})),
      };
      let told = 0;
      const tell = (count: number) => {
        if (cache.cursor === null) return;
        for (let sent = 0; sent < count && told < world.length; told += 1) {
          const event = world.event(told, server.moment);
          if (world.momentOf(told) > server.moment) return;
          cache.take(event);
          sent += 1;
        }
      };
      for (const doing of doings) {
        if (doing.do === "go on") server.moment += doing.steps;
        if (doing.do === "tell") tell(doing.count);
        if (doing.do === "flush") cache.flush();
        if (doing.do === "ask") void asks[doing.what]();
        if (doing.do === "arrive") await server.arrive(doing.which);
        await settle();
      }
      server.moment = 1_000;
      await arriveAll(server);
      tell(1_000);
      cache.flush();
      await arriveAll(server);
      await vi.advanceTimersByTimeAsync(1_000);
      await arriveAll(server);

      const { end } = world;
      expect(shownMessages()).toEqual(downTo(end.messages, keys.messages(ME)));
      expect(client.getQueryData(keys.state(ME))).toMatchObject(end.state);
      for (const filter of [{}, FILTER]) {
        const pages = client.getQueryData<{ pages: Page<Action>[] }>(keys.actions(ME, filter))?.pages;
        const expected = downTo(end.actions, keys.actions(ME, filter)).filter((action) =>
          finds(filter, action),
        );
        if (pages) expect(shownActions(pages, filter)).toEqual(expected);
      }
      const known = client.getQueryData<{ items: unknown[] }>(keys.userNotes(ME));
      if (known) expect(known.items).toEqual(end.notes);
      expect(server.asked.filter((url) => url === "/api/v1/messages")).toHaveLength(1);
      close();
    }),
    { numRuns: 300 },
  );
}, 60_000);

function shownMessages() {
  const known = client.getQueryData<{ pages: Page<unknown>[] }>(keys.messages(ME));
  return known?.pages.flatMap(({ items }) => items);
}

/** What of a list, newest first, the pages should show: all of it down to where the next page would begin. */
function downTo<Item extends { id: string }>(all: Item[], key: readonly unknown[]): Item[] {
  const pages = client.getQueryData<{ pages: Page<unknown>[] }>(key)?.pages;
  const end = pages?.at(-1)?.next_cursor ?? null;
  return end === null ? all : all.slice(0, all.findIndex(({ id }) => id === end) + 1);
}

describe("from the first data on", () => {
  test("the stream goes on, once the messages and the state are there", async () => {
    const server = new SlowServer(new World([{ do: "write" }]));
    server.moment = 1;
    open();
    await server.arrive();
    expect(shownMessages()).toHaveLength(1);
    expect(cache.cursor).toBeNull();
    expect(onReady).not.toHaveBeenCalled();
    await arriveAll(server);
    expect(cache.cursor).toBe(1);
    expect(onReady).toHaveBeenCalledOnce();
  });

  test("what comes later, and is older than what the stream goes on from, is asked for again", async () => {
    const server = new SlowServer(new World([{ do: "answer", count: 1 }, { do: "write" }]));
    begin();
    const actions = new InfiniteQueryObserver(client, actionsOptions(ME, {}));
    ends.push(actions.subscribe(() => {}));
    await settle();
    server.moment = 2;
    openPage();
    while (server.count > 1) await server.arrive(1);
    expect(cache.cursor).toBe(2);
    await arriveAll(server);
    await vi.waitFor(() => expect(server.count).toBe(1));
    await arriveAll(server);
    const pages = client.getQueryData<{ pages: Page<Action>[] }>(keys.actions(ME, {}))?.pages;
    expect(pages?.[0]?.items).toEqual(server.world.end.actions);
  });
});

test("what was asked for before an event, and arrives after it, is brought up to date without being asked for again", async () => {
  const server = await opened(
    new World([{ do: "answer", count: 1 }, { do: "claim" }, { do: "end", as: "skipped" }]),
  );
  server.moment = 1;
  cache.take(server.world.event(0));
  const actions = new InfiniteQueryObserver(client, actionsOptions(ME, {}));
  ends.push(actions.subscribe(() => {}));
  await settle();
  server.moment = 3;
  for (const number of [1, 2]) cache.take(server.world.event(number));
  cache.flush();
  await server.arrive();
  expect(server.isIdle).toBe(true);
  const pages = client.getQueryData<{ pages: Page<Action>[] }>(keys.actions(ME, {}))?.pages;
  expect(pages?.[0]?.items).toEqual(server.world.end.actions);
});

test("older pages may be asked for while events wait for the frame's end", async () => {
  const server = new SlowServer(new World(Array(8).fill({ do: "write" })));
  server.moment = 6;
  const { messages } = open();
  await arriveAll(server);
  cache.take(server.world.event(6));
  void messages.fetchNextPage({ cancelRefetch: false });
  await settle();
  cache.flush();
  await arriveAll(server);
  cache.take(server.world.event(7));
  cache.flush();
  expect(shownMessages()).toEqual(server.world.end.messages.slice(0, LIMIT + LIMIT + 2));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(server.isIdle).toBe(true);
});

describe("an event", () => {
  test("that comes again changes nothing, and is not told of again", async () => {
    await opened(new World([]));
    const outcomes = vi.fn();
    cache.onOutcomes(outcomes);
    for (const id of [1, 1, 2, 1, 2]) cache.take({ kind: "action", id, action: ended("a") });
    cache.flush();
    cache.take({ kind: "action", id: 2, action: ended("a") });
    cache.flush();
    expect(outcomes.mock.calls).toEqual([[[ended("a")]]]);
    expect(cache.cursor).toBe(2);
  });

  test("is folded within a frame, together with what else comes in it", async () => {
    await opened(new World([]));
    vi.useFakeTimers();
    const outcomes = vi.fn();
    const stop = cache.onOutcomes(outcomes);
    cache.take({ kind: "action", id: 1, action: ended("a") });
    vi.advanceTimersByTime(10);
    cache.take({ kind: "action", id: 2, action: ended("b") });
    cache.take({ kind: "action", id: 3, action: ended("c") });
    cache.take({ kind: "action", id: 4, action: { ...ended("c"), status: "queued" } });
    expect(outcomes).not.toHaveBeenCalled();
    vi.advanceTimersByTime(6);
    expect(outcomes.mock.calls).toEqual([[[ended("a"), ended("b")]]]);
    stop();
    cache.take({ kind: "action", id: 5, action: ended("d") });
    vi.advanceTimersByTime(16);
    expect(outcomes).toHaveBeenCalledOnce();
  });

  test("does not touch what is another user's", async () => {
    await opened(new World([]));
    const other = { coach_state: {}, identities: [], at: 0 };
    client.setQueryData(keys.state("somebody else"), other);
    cache.take({ kind: "unknown", id: 1 });
    cache.flush();
    expect(client.getQueryData(keys.state("somebody else"))).toBe(other);
    expect(client.getQueryData(keys.state(ME))).toMatchObject({ at: 1 });
  });
});

describe("a reset", () => {
  test("loads everything anew; nothing that was on its way before counts", async () => {
    const server = await opened(new World([{ do: "write" }, { do: "write" }]));
    void client.invalidateQueries({ queryKey: keys.messages(ME) });
    await settle();
    server.moment = 2;
    const outcomes = vi.fn();
    cache.onOutcomes(outcomes);
    cache.take({ kind: "action", id: 1, action: ended("a") });
    cache.reset(2);
    cache.flush();
    expect(outcomes).not.toHaveBeenCalled();
    expect(client.getQueryData(keys.messages(ME))).toBeUndefined();
    expect(cache.cursor).toBe(2);
    await arriveAll(server);
    expect(shownMessages()).toEqual(server.world.end.messages);
    expect(client.getQueryData(keys.resets(ME))).toBe(1);
    cache.take({ kind: "unknown", id: 2 });
    expect(cache.cursor).toBe(2);
  });
});

describe("what is asked for again", () => {
  test.each([
    ["add_user_note", true],
    ["create_identity", false],
    ["dance_a_waltz", true],
  ])("the notes, after %s: %s", async (action_type, isAsked) => {
    const server = await opened(new World([]));
    const notes = new QueryObserver(client, userNotesOptions(ME));
    ends.push(notes.subscribe(() => {}));
    await arriveAll(server);
    const action = { ...ended("a"), action_type: action_type as Action["action_type"] };
    cache.take({ kind: "action", id: 1, action: { ...action, status: "skipped" } });
    cache.flush();
    expect(server.isIdle).toBe(true);
    cache.take({ kind: "action", id: 2, action });
    cache.flush();
    expect(server.isIdle).toBe(!isAsked);
  });

  test("the notes, once more for what happened while they were asked for, and not for what they show", async () => {
    const server = await opened(new World([{ do: "answer", count: 6 }, ...Array(5).fill(DONE).flat()]));
    const notes = new QueryObserver(client, userNotesOptions(ME));
    ends.push(notes.subscribe(() => {}));
    await arriveAll(server);
    const tell = (moment: number) => {
      server.moment = moment;
      for (let number = 0; number < server.world.length; number += 1) {
        if (server.world.momentOf(number) <= moment) cache.take(server.world.event(number, moment));
      }
      cache.flush();
    };
    tell(5);
    tell(11);
    await settle();
    expect(server.count).toBe(1);
    await server.arrive();
    await settle();
    expect(server.count).toBe(1);
    await server.arrive();
    await settle();
    expect(server.isIdle).toBe(true);
    expect(client.getQueryData(keys.userNotes(ME))).toMatchObject({ items: server.world.end.notes });
  });

  test("a list that the events cannot keep true, once in a while; one that nobody looks at is dropped", async () => {
    const server = await opened(new World([]));
    const seen = new InfiniteQueryObserver(client, actionsOptions(ME, { q: "garden" }));
    ends.push(seen.subscribe(() => {}));
    await arriveAll(server);
    client.setQueryData(
      keys.actions(ME, { q: "cook" }),
      client.getQueryData(keys.actions(ME, { q: "garden" })),
    );
    vi.useFakeTimers();
    for (const id of [1, 2, 3]) {
      cache.take({ kind: "action", id, action: ended("a") });
      cache.flush();
      vi.advanceTimersByTime(300);
    }
    expect(server.isIdle).toBe(true);
    vi.advanceTimersByTime(100);
    await settle();
    expect(server.count).toBe(1);
    expect(client.getQueryData(keys.actions(ME, { q: "cook" }))).toBeUndefined();
  });

  test("what has failed, once the stream is live again", async () => {
    const server = await opened(new World([]));
    const query = client.getQueryCache().find({ queryKey: keys.state(ME) });
    cache.askAgain();
    expect(server.isIdle).toBe(true);
    query?.invalidate();
    cache.askAgain();
    await settle();
    expect(server.count).toBe(2);
  });

  test("the session, where an answer says that nobody is signed in", async () => {
    await opened(new World([]));
    const refused = { ok: false, status: 401, statusText: "Unauthorized", headers: new Headers() };
    const answer = vi.fn(async (_: string) => ({ ...refused, json: async () => ({}) }));
    vi.stubGlobal("fetch", answer);
    const session = new QueryObserver(client, { ...sessionOptions, retry: false });
    ends.push(session.subscribe(() => {}));
    void client.invalidateQueries({ queryKey: keys.messages(ME) });
    await settle();
    expect(answer.mock.calls.map(([url]) => url)).toContain("/api/v1/auth/session");
  });
});

/** An action's whole life. */
const DONE = [{ do: "claim" }, { do: "end", as: "succeeded" }] as const;

function ended(id: string): Action {
  const done = ACTIONS.find(({ status }) => status === "succeeded");
  if (!done) throw new Error("no action");
  return { ...done, id };
}

async function arriveAll(server: SlowServer): Promise<void> {
  await settle();
  while (!server.isIdle) await server.arrive();
}

/** A page whose first data are of before everything. */
async function opened(world: World): Promise<SlowServer> {
  const server = new SlowServer(world);
  open();
  await arriveAll(server);
  return server;
}
