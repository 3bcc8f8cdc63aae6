import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shownActions } from "../api/shownActions";
import type { Action, ActionFilter, ActionPage, MessagePage, UserState } from "../api/types";
import { cuts, finds, lags, pageOf, type World, worlds } from "../testing/events";
import { MESSAGES, PAIR } from "../testing/fixtures";
import type { LiveEvent } from "./event";
import { foldActions, foldAnswer, foldMessages, foldState, mustBeAsked } from "./fold";

const RUNS = { numRuns: 300 };
const LIMIT = 3;

const FILTERS: ActionFilter[] = [
  {},
  { status: "succeeded" },
  { status: "queued" },
  { action_type: "create_identity" },
  { status: "rejected", action_type: "add_user_note" },
];

/** Everything that is folded, as one page would hold it. */
interface Held {
  messages: MessagePage[];
  state: UserState;
  actions: { filter: ActionFilter; pages: ActionPage[] }[];
}

function fetched(world: World, moment: number): Held {
  const rows = world.at(moment);
  return {
    messages: [pageOf(rows.messages, rows.cursor, LIMIT)],
    state: { ...rows.state, at: rows.cursor },
    actions: FILTERS.map((filter) => ({
      filter,
      pages: [pageOf(rows.actions, rows.cursor, LIMIT, null, (action) => finds(filter, action))],
    })),
  };
}

/** The same with the next older page of every list, as of a moment. */
function withOlder(held: Held, world: World, moment: number): Held {
  const rows = world.at(moment);
  return {
    ...held,
    messages: grown(held.messages, (after) => pageOf(rows.messages, rows.cursor, LIMIT, after)),
    actions: held.actions.map(({ filter, pages }) => ({
      filter,
      pages: grown(pages, (after) =>
        pageOf(rows.actions, rows.cursor, LIMIT, after, (action) => finds(filter, action)),
      ),
    })),
  };
}

function grown<P extends { next_cursor: string | null }>(pages: P[], next: (after: string) => P): P[] {
  const after = pages.at(-1)?.next_cursor;
  return after ? [...pages, next(after)] : pages;
}

function fold(held: Held, events: readonly LiveEvent[]): Held {
  return {
    messages: foldMessages(held.messages, events),
    state: foldState(held.state, events),
    actions: held.actions.map(({ filter, pages }) => ({ filter, pages: foldActions(pages, filter, events) })),
  };
}

/** What is drawn of it. */
function shown({ messages, state, actions }: Held) {
  return {
    messages: messages.flatMap(({ items }) => items),
    state: { coach_state: state.coach_state, identities: state.identities },
    actions: actions.map(({ filter, pages }) => shownActions(pages, filter)),
  };
}

/** What should be drawn: the newest facts, as far down as the pages go. */
function truth(world: World, held: Held): ReturnType<typeof shown> {
  const { messages, actions, state } = world.end;
  return {
    messages: downTo(messages, held.messages),
    state,
    actions: held.actions.map(({ filter, pages }) =>
      downTo(actions, pages).filter((action) => finds(filter, action)),
    ),
  };
}

function downTo<Item extends { id: string }>(
  all: readonly Item[],
  pages: readonly { next_cursor: string | null }[],
): Item[] {
  const end = pages.at(-1)?.next_cursor ?? null;
  return end === null ? [...all] : all.slice(0, all.findIndex(({ id }) => id === end) + 1);
}

function batches(events: readonly LiveEvent[], places: readonly number[]): LiveEvent[][] {
  const bounds = [0, ...places, events.length];
  return bounds.slice(1).map((bound, index) => events.slice(bounds[index], bound));
}

/** A world, the moment at which the page is opened, and the events as they are sent. */
const stories = fc
  .tuple(worlds, fc.nat(80), lags)
  .map(([world, opened, late]) => ({ world, opened, events: world.events(late) }));

const storiesInParts = stories.chain((story) =>
  cuts(story.events.length).map((places) => ({ ...story, parts: batches(story.events, places) })),
);

describe("folding a history of events", () => {
  test("ends at the newest facts, whenever the page was fetched", () => {
    fc.assert(
      fc.property(stories, ({ world, opened, events }) => {
        const held = fold(fetched(world, opened), events);
        expect(shown(held)).toEqual(truth(world, held));
      }),
      RUNS,
    );
  });

  test("is the same in any batches", () => {
    fc.assert(
      fc.property(storiesInParts, ({ world, opened, events, parts }) => {
        const start = fetched(world, opened);
        expect(shown(parts.reduce(fold, start))).toEqual(shown(fold(start, events)));
      }),
      RUNS,
    );
  });

  test("is the same where every event comes twice", () => {
    fc.assert(
      fc.property(stories, ({ world, opened, events }) => {
        const start = fetched(world, opened);
        const twice = events.flatMap((event) => [event, event]);
        expect(fold(start, twice)).toEqual(fold(start, events));
      }),
      RUNS,
    );
  });

  test("is the same where any part comes again, as after a reconnect from an older cursor", () => {
    const replays = storiesInParts.chain((story) =>
      fc
        .array(fc.tuple(fc.nat(story.events.length), fc.nat(story.events.length)), {
          minLength: story.parts.length,
          maxLength: story.parts.length,
        })
        .map((again) => ({ ...story, again })),
    );
    fc.assert(
      fc.property(replays, ({ world, opened, events, parts, again }) => {
        const start = fetched(world, opened);
        let told = 0;
        const held = parts.reduce((before, part, index) => {
          told += part.length;
          const [from, to] = again[index] ?? [0, 0];
          const replay = events.slice(Math.min(from, told), Math.min(to, told));
          return fold(fold(before, part), replay);
        }, start);
        const once = shown(fold(start, events));
        expect(shown(held)).toEqual(once);
        expect(shown(fold(held, events))).toEqual(once);
        const [from, to] = again[0] ?? [0, 0];
        expect(shown(fold(start, [...events, ...events.slice(from, to)]))).toEqual(once);
      }),
      RUNS,
    );
  });

  test("is the same where the replay is made anew, and tells of what is true by then", () => {
    fc.assert(
      fc.property(stories, fc.nat(100), ({ world, opened, events }, from) => {
        const held = fold(fetched(world, opened), events);
        const anew = Array.from({ length: world.length }, (_, number) => world.event(number, 1_000));
        expect(shown(fold(held, anew.slice(from % (anew.length + 1))))).toEqual(shown(held));
      }),
      RUNS,
    );
  });

  test("takes in older pages that were fetched at any time", () => {
    const paged = storiesInParts.chain((story) =>
      fc
        .array(fc.nat(80), { minLength: story.parts.length, maxLength: story.parts.length })
        .map((moments) => ({ ...story, moments })),
    );
    fc.assert(
      fc.property(paged, ({ world, opened, events, parts, moments }) => {
        let told: LiveEvent[] = [];
        const held = parts.reduce(
          (before, part, index) => {
            told = [...told, ...part];
            // No page is older than the one before it; it may be older than what was told since.
            const moment = Math.max(opened, ...moments.slice(0, index + 1));
            return fold(withOlder(fold(before, part), world, moment), told);
          },
          fetched(world, opened),
        );
        const end = fold(held, events);
        expect(shown(end)).toEqual(truth(world, end));
      }),
      RUNS,
    );
  });

  test("is not misled by `running` that comes late, twice, or not at all", () => {
    const disturbed = stories.chain((story) =>
      fc.array(fc.nat(NEVER), { minLength: 1, maxLength: 20 }).map((delays) => ({ ...story, delays })),
    );
    fc.assert(
      fc.property(disturbed, ({ world, opened, events, delays }) => {
        const isOver = (action: Action) => action.status !== "running";
        const held = fold(fetched(world, opened), withDelayedRunning(events, delays));
        const drawn = shown(held).messages.map(({ actions }) => actions.filter(isOver));
        // One that still runs may not be known to run; of all others the newest facts are.
        const expected = truth(world, held).messages.map(({ actions }) => actions.filter(isOver));
        const running = new Set(world.end.actions.filter((action) => !isOver(action)).map(({ id }) => id));
        const withoutRunning = drawn.map((actions) => actions.filter(({ id }) => !running.has(id)));
        expect(withoutRunning).toEqual(expected);
      }),
      RUNS,
    );
  });

  test("leaves alone what nothing was told of", () => {
    fc.assert(
      fc.property(stories, ({ world, opened, events }) => {
        const held = fetched(world, opened);
        const old = events.filter(({ id }) => id !== null && id <= world.at(opened).cursor);
        const after = fold(held, old);
        expect(after.messages[0]).toBe(held.messages[0]);
        expect(after.state).toBe(held.state);
        expect(after.actions[0]?.pages[0]).toBe(held.actions[0]?.pages[0]);
      }),
      RUNS,
    );
  });
});

const NEVER = 6;

/** Each `running` so many places later, or never; without a delay, twice. */
function withDelayedRunning(events: readonly LiveEvent[], delays: readonly number[]): LiveEvent[] {
  const placesOf = (event: LiveEvent, place: number): number[] => {
    if (event.kind !== "running") return [place];
    const delay = delays[place % delays.length] ?? 0;
    if (delay === NEVER) return [];
    return delay === 0 ? [place, place + 0.5] : [place + delay + 0.5];
  };
  return events
    .flatMap((event, index) => placesOf(event, index).map((place) => ({ event, place })))
    .sort((one, other) => one.place - other.place)
    .map(({ event }) => event);
}

describe("the answer to a message", () => {
  const { user_message, coach_message } = PAIR;
  const newestFirst = MESSAGES.toReversed();
  const page: MessagePage = { items: newestFirst, next_cursor: null, at: 40 };

  test("is put in front", () => {
    const [folded] = foldAnswer([page], PAIR);
    expect(folded?.items.map(({ id }) => id)).toEqual([
      coach_message.id,
      user_message.id,
      ...newestFirst.map(({ id }) => id),
    ]);
    expect(folded?.at).toBe(40);
  });

  test("changes nothing that the stream has told already", () => {
    const newer = { ...coach_message, actions: [] };
    const told = { ...page, items: [newer, user_message, ...newestFirst] };
    expect(foldAnswer([told], PAIR)[0]?.items).toEqual(told.items);
  });

  test("comes to its place once the stream has told what came before it", () => {
    const [between] = newestFirst;
    if (!between) throw new Error("no message");
    const other = { ...between, id: "another" };
    const events: LiveEvent[] = [user_message, other, coach_message].map((message, index) => ({
      kind: "message",
      id: 41 + index,
      message,
    }));
    const [folded] = foldMessages(foldAnswer([page], PAIR), events);
    const ids = [coach_message.id, "another", user_message.id, ...newestFirst.map(({ id }) => id)];
    expect(folded?.items.map(({ id }) => id)).toEqual(ids);
  });
});

describe("what nothing was told of", () => {
  const page: MessagePage = { items: MESSAGES.toReversed(), next_cursor: null, at: 40 };
  const [first] = MESSAGES.flatMap(({ actions }) => actions);
  if (!first) throw new Error("no action");

  test("stays the same object, so that it is not drawn anew", () => {
    const events: LiveEvent[] = [{ kind: "action", id: 41, action: { ...first, result_summary: "Again." } }];
    const items = foldMessages([page], events)[0]?.items ?? [];
    const changed = items.filter((message, index) => message !== page.items[index]);
    expect(changed.map(({ id }) => id)).toEqual([first.coach_message_id]);
    const [other] = foldMessages([page], [{ kind: "action", id: 41, action: { ...first, id: "another" } }]);
    expect(other?.items).toBe(page.items);
  });

  test.each([
    ["a text", { q: "garden" }],
    ["another status", { status: "dead" as const }],
    ["another type", { action_type: "delete_user_note" as const }],
  ])("does not come into a list with %s", (_, filter) => {
    const [folded] = foldActions([{ items: [], next_cursor: null, at: 40 }], filter, [
      { kind: "action", id: 41, action: first },
    ]);
    expect(folded).toEqual({ items: [], next_cursor: null, at: 41 });
  });
});

test.each([
  [{}, false],
  [{ status: "dead" as const }, false],
  [{ q: "garden" }, true],
  [{ status: "running" as const }, true],
])("a list filtered by %o must be asked for: %s", (filter, expected) => {
  expect(mustBeAsked(filter)).toBe(expected);
});

test("an event that this version does not know only moves the cursor on", () => {
  const page: MessagePage = { items: MESSAGES, next_cursor: null, at: 40 };
  expect(foldMessages([page], [{ kind: "unknown", id: 41 }])).toEqual([{ ...page, at: 41 }]);
});
