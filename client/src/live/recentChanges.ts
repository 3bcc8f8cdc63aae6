import type { Action, UserState } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { type Change, causeOf, type Difference, differences } from "./changes";
import type { LiveEvent } from "./event";
import { Store } from "./store";
import { isFor } from "./touches";

/** How long a change is news. */
export const NEWS_MS = 8_000;

interface Seen extends Change {
  difference: Difference;
}

/** What of the state has just changed, each for a moment, and by which action. */
export class RecentChanges {
  readonly shown = new Store<readonly Change[]>([]);
  #succeeded: { action: Action; since: number }[] = [];
  #seen: Seen[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** What some events have made of the state. */
  take(before: UserState | undefined, after: UserState | undefined, events: readonly LiveEvent[]): void {
    const since = Date.now();
    const succeeded = events.flatMap((event) => (hasSucceeded(event) ? [event.action] : []));
    this.#succeeded.push(...succeeded.map((action) => ({ action, since })));
    const different = before && after && before !== after ? differences(before, after) : [];
    if (succeeded.some((action) => isFor(action, "user_notes"))) {
      different.push({ key: "user_notes", part: "user_notes" });
    }
    const keys = new Set(different.map(({ key }) => key));
    this.#seen = this.#seen.filter(({ key }) => !keys.has(key));
    this.#seen.push(
      ...different.map((difference) => ({ key: difference.key, difference, cause: null, since })),
    );
    this.#findCauses();
    this.#forgetOld();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#seen = [];
    this.#succeeded = [];
    this.shown.set([]);
  }

  /** A state is read when it is sent, so the action that made it what it is may be told of after it. */
  #findCauses(): void {
    const actions = this.#succeeded.map(({ action }) => action);
    this.#seen = this.#seen.map((seen) =>
      seen.cause ? seen : { ...seen, cause: causeOf(seen.difference, actions) },
    );
  }

  readonly #forgetOld = (): void => {
    const isNews = ({ since }: { since: number }) => since > Date.now() - NEWS_MS;
    this.#succeeded = this.#succeeded.filter(isNews);
    this.#seen = this.#seen.filter(isNews);
    if (this.#seen.length > 0 || this.shown.get().length > 0) this.shown.set([...this.#seen]);
    clearTimeout(this.#timer);
    const oldest = Math.min(...this.#seen.map(({ since }) => since));
    if (Number.isFinite(oldest)) this.#timer = setTimeout(this.#forgetOld, oldest + NEWS_MS - Date.now());
  };
}

function hasSucceeded(event: LiveEvent): event is Extract<LiveEvent, { kind: "action" }> {
  return event.kind === "action" && event.action.status === ActionStatus.SUCCEEDED;
}
