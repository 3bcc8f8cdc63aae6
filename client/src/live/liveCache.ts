import type { InfiniteData, Query, QueryCacheNotifyEvent, QueryClient } from "@tanstack/react-query";
import { askSession } from "../api/account";
import { Problem } from "../api/http";
import { keys } from "../api/keys";
import type { Action, ActionFilter, ActionPage, MessagePage, UserState } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { type Drafts, foldDrafts, NO_DRAFTS } from "./drafts";
import type { LiveEvent } from "./event";
import { foldActions, foldMessages, foldState, mustBeAsked } from "./fold";
import { isOpen } from "./lane";
import { RecentChanges } from "./recentChanges";
import { Store } from "./store";
import { mayTouch } from "./touches";

const FRAME_MS = 16;
const ASK_AFTER_MS = 1_000;
const ANEW_AFTER_MS = 250;

type Data = Pages<{ at: number }> | { at: number };
type Pages<Page> = InfiniteData<Page, string | null>;
type Outcomes = (ended: Action[]) => void;

/** An event, and where it stands in the stream: at its id, or between the two around it. */
interface Placed {
  event: LiveEvent;
  place: number;
}

/**
 * Folds what the stream tells into what the query cache holds of one user.
 *
 * What is in the cache is as of the cursor or later. What is being fetched was asked for at an earlier one, and may
 * miss what was told since: so the events since then are kept until it is there, and it is brought up to date by them.
 */
export class LiveCache {
  readonly changes = new RecentChanges();
  /** What the coach is writing. */
  readonly drafts = new Store<Drafts>(NO_DRAFTS);
  readonly #outcomes = new Set<Outcomes>();
  #onReady = () => {};
  #cursor: number | null = null;
  /** The last event that is folded; what was taken since waits for the frame's end. */
  #folded = 0;
  #waiting: Placed[] = [];
  #frame: ReturnType<typeof setTimeout> | undefined;
  #asking: ReturnType<typeof setTimeout> | undefined;
  readonly #anew = new Set<ReturnType<typeof setTimeout>>();
  /** The events after `#keptFrom`. */
  #kept: Placed[] = [];
  #keptFrom = 0;
  /** The last event that was folded when a query was asked for: its older pages are as of then. */
  readonly #askedAt = new WeakMap<Query, number>();

  constructor(
    readonly client: QueryClient,
    readonly userId: string,
  ) {}

  /** The last event that was taken, after which the stream goes on; null until there is something to go on from. */
  get cursor(): number | null {
    return this.#cursor;
  }

  /** Follows what is fetched; calls `onReady` once there is a cursor. Answers how to stop. */
  start(onReady: () => void): () => void {
    this.#onReady = onReady;
    const unsubscribe = this.client.getQueryCache().subscribe(this.#follow);
    this.#begin();
    return () => {
      unsubscribe();
      this.#cursor = null;
      this.#folded = 0;
      this.#kept = this.#waiting = [];
      clearTimeout(this.#frame);
      clearTimeout(this.#asking);
      for (const timer of this.#anew) clearTimeout(timer);
      this.#anew.clear();
      this.#frame = this.#asking = undefined;
      this.changes.clear();
      this.drafts.set(NO_DRAFTS);
    };
  }

  /** Takes an event, to be folded with whatever else comes in this frame. One that came before is dropped. */
  take(event: LiveEvent): void {
    if (this.#cursor === null) return;
    const place = event.id ?? this.#cursor + 0.5;
    if (!(place > this.#cursor)) return;
    this.#cursor = event.id ?? this.#cursor;
    this.#waiting.push({ event, place });
    this.#frame ??= setTimeout(this.flush, FRAME_MS);
  }

  /** Everything is loaded anew, and the stream goes on after `cursor`. */
  reset(cursor: number): void {
    this.#waiting = [];
    this.#kept = [];
    this.#cursor = this.#folded = this.#keptFrom = cursor;
    this.changes.clear();
    this.drafts.set(NO_DRAFTS);
    this.client.setQueryData<number>(keys.resets(this.userId), (resets = 0) => resets + 1);
    void this.client.resetQueries({ queryKey: keys.ofUser(this.userId) });
  }

  /** Another stream tells anew what is being written. */
  forgetDrafts(): void {
    this.#waiting = this.#waiting.filter(({ event }) => event.kind !== "message_delta");
    this.drafts.set(NO_DRAFTS);
  }

  /** What could not be fetched is asked for again. */
  askAgain(): void {
    const hasFailed = ({ state }: Query) => state.status === "error" || state.isInvalidated;
    const queryKey = keys.ofUser(this.userId);
    void this.client.refetchQueries(
      { queryKey, type: "active", predicate: hasFailed },
      { cancelRefetch: false },
    );
  }

  onOutcomes(listener: Outcomes): () => void {
    this.#outcomes.add(listener);
    return () => this.#outcomes.delete(listener);
  }

  /** Folds what has been taken. */
  readonly flush = (): void => {
    clearTimeout(this.#frame);
    this.#frame = undefined;
    this.#keep(this.#waiting);
    const events = this.#waiting.map(({ event }) => event);
    this.#waiting = [];
    const before = this.#state();
    for (const query of this.#queries()) this.#fold(query, events);
    this.drafts.set(foldDrafts(this.drafts.get(), events, this.#keyOf));
    this.#folded = this.#cursor ?? 0;
    this.changes.take(before, this.#state(), events);
    this.#tellOutcomes(events);
  };

  #state(): UserState | undefined {
    return this.client.getQueryData<UserState>(keys.state(this.userId));
  }

  readonly #keyOf = (messageId: string): string | null => {
    const known = this.client.getQueryData<Pages<MessagePage>>(keys.messages(this.userId));
    const messages = known?.pages.flatMap(({ items }) => items) ?? [];
    return messages.find(({ id }) => id === messageId)?.idempotency_key ?? null;
  };

  #queries(): Query[] {
    return this.client.getQueryCache().findAll({ queryKey: keys.ofUser(this.userId) });
  }

  #isOfUser({ queryKey }: Query): boolean {
    return keys.ofUser(this.userId).every((part, index) => part === queryKey[index]);
  }

  readonly #follow = (event: QueryCacheNotifyEvent): void => {
    const { query } = event;
    if (event.type !== "updated" || !this.#isOfUser(query)) return;
    const { action } = event;
    if (action.type === "fetch") this.#askedAt.set(query, this.#folded);
    if (action.type === "error" && action.error instanceof Problem && action.error.status === 401) {
      askSession(this.client);
    }
    if (action.type === "success" && !action.manual) {
      if (this.#cursor === null) this.#begin();
      else this.#catchUp(query);
    }
  };

  /** The stream can be opened once the page's first data are there: it goes on from the oldest of them. */
  #begin(): void {
    const isThere = (key: readonly string[]) => this.client.getQueryData(key) !== undefined;
    if (!isThere(keys.messages(this.userId)) || !isThere(keys.state(this.userId))) return;
    const known = this.#queries().flatMap(({ state }) =>
      state.data === undefined ? [] : [atOf(state.data as Data)],
    );
    this.#cursor = this.#folded = this.#keptFrom = Math.min(...known);
    this.#onReady();
  }

  #catchUp(query: Query): void {
    const kept = this.#kept.map(({ event }) => event);
    if (atOf(query.state.data as Data) >= this.#keptFrom) this.#fold(query, kept);
    else this.#askAnew(query);
  }

  /** Not at once: should the answers stay too old, the server is asked in peace. */
  #askAnew({ queryKey }: Query): void {
    const timer = setTimeout(() => {
      this.#anew.delete(timer);
      void this.client.resetQueries({ queryKey, exact: true });
    }, ANEW_AFTER_MS);
    this.#anew.add(timer);
  }

  #keep(told: readonly Placed[]): void {
    const fetching = this.#queries().filter(({ state }) => state.fetchStatus !== "idle");
    const from = Math.min(this.#cursor ?? 0, ...fetching.map((query) => this.#askedAt.get(query) ?? 0));
    this.#keptFrom = Math.max(this.#keptFrom, from);
    const isNeeded = ({ place }: Placed) => fetching.length > 0 && place > from;
    this.#kept = [...this.#kept, ...told].filter(isNeeded);
  }

  #fold({ queryKey, state }: Query, events: readonly LiveEvent[]): void {
    if (state.data === undefined || events.length === 0) return;
    const [, , what, filter = {}] = queryKey as [string, string, string, ActionFilter?];
    switch (what) {
      case "messages":
        this.#foldPages<MessagePage>(queryKey, (pages) => foldMessages(pages, events));
        break;
      case "actions":
        if (mustBeAsked(filter)) this.#askSoon();
        this.#foldPages<ActionPage>(queryKey, (pages) => foldActions(pages, filter, events));
        break;
      case "state":
        this.client.setQueryData<UserState>(queryKey, (known) => known && foldState(known, events));
        break;
      case "archived":
      case "user_notes":
        if (isOutdated(what, atOf(state.data as Data), events)) {
          void this.client.invalidateQueries({ queryKey }, { cancelRefetch: false });
        }
    }
  }

  #foldPages<Page>(queryKey: readonly unknown[], fold: (pages: Page[]) => Page[]): void {
    this.client.setQueryData<Pages<Page>>(
      queryKey,
      (known) => known && { ...known, pages: fold(known.pages) },
    );
  }

  /** The lists that events cannot keep true are asked for, at most once in a while. */
  #askSoon(): void {
    this.#asking ??= setTimeout(() => {
      this.#asking = undefined;
      const wanted = {
        queryKey: [...keys.ofUser(this.userId), "actions"],
        predicate: ({ queryKey }: Query) => mustBeAsked(queryKey[3] as ActionFilter),
      };
      this.client.removeQueries({ ...wanted, type: "inactive" });
      void this.client.invalidateQueries(wanted, { cancelRefetch: false });
    }, ASK_AFTER_MS);
  }

  #tellOutcomes(events: readonly LiveEvent[]): void {
    const last = new Map<string, Action>();
    for (const event of events) if (event.kind === "action") last.set(event.action.id, event.action);
    const ended = [...last.values()].filter((action) => !isOpen(action));
    if (ended.length > 0) for (const listener of this.#outcomes) listener(ended);
  }
}

/** The cursor as of which data are; of pages, the oldest one's. */
function atOf(data: Data): number {
  return "pages" in data ? Math.min(...data.pages.map(({ at }) => at)) : data.at;
}

/** Whether something that happened after `at` may have changed this part. */
function isOutdated(part: "archived" | "user_notes", at: number, events: readonly LiveEvent[]): boolean {
  return events.some(
    (event) =>
      event.kind === "action" &&
      event.id > at &&
      event.action.status === ActionStatus.SUCCEEDED &&
      mayTouch(event.action, part),
  );
}
