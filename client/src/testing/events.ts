/** A small model of the server's side of the live data, and arbitrary histories of it. */
import fc from "fast-check";
import type { Action, ActionFilter, Message, Page, UserNote, UserState } from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import { ActionType } from "../enums/actionType";
import { IdentityCategory } from "../enums/identityCategory";
import type { LiveEvent } from "../live/event";
import { isOpen } from "../live/lane";

/** All rows of a user, at one moment. Messages and actions are newest first. */
export interface Rows {
  cursor: number;
  messages: Message[];
  actions: Action[];
  state: Omit<UserState, "at">;
  notes: UserNote[];
}

/** What is told of one step, by the rows of the moment at which it is sent. */
type Telling = (sentAt: Rows) => LiveEvent;

type End = "succeeded" | "skipped" | "rejected" | "retrying" | "dead" | "parked";

export type Step =
  | { do: "write" }
  | { do: "answer"; count: number }
  | { do: "claim" }
  | { do: "end"; as: End }
  | { do: "cancel"; which: number }
  | { do: "retry"; which: number };

const TYPES = [ActionType.CREATE_IDENTITY, ActionType.SELECT_IDENTITY_FOCUS, ActionType.ADD_USER_NOTE];

const START: Rows = {
  cursor: 0,
  messages: [],
  actions: [],
  state: {
    coach_state: {
      current_phase: "introduction",
      identity_focus: "passions_and_talents",
      current_identity: null,
      skipped_identity_categories: [],
      who_you_are: [],
      who_you_want_to_be: [],
      asked_questions: [],
      updated_at: timeAt(0),
    },
    identities: [],
  },
  notes: [],
};

function timeAt(step: number): string {
  return new Date(Date.UTC(2026, 0, 1) + step * 1_000).toISOString();
}

/** A user's history: the rows after each step, and what the stream tells of them. */
export class World {
  readonly moments: Rows[] = [START];
  readonly #tellings: { moment: number; tell: Telling }[] = [];

  constructor(readonly steps: readonly Step[]) {
    for (const step of steps) this.#take(step);
  }

  /** How a failed test shows it. */
  [fc.toStringMethod](): string {
    return `new World(${JSON.stringify(this.steps)})`;
  }

  get end(): Rows {
    return this.at(this.moments.length - 1);
  }

  /** The rows at a moment. */
  at(moment: number): Rows {
    const rows = this.moments[Math.min(moment, this.moments.length - 1)];
    if (rows === undefined) throw new Error(`There is no moment ${moment}.`);
    return rows;
  }

  /** How many events there are. An event's number is not its cursor: `running` has none. */
  get length(): number {
    return this.#tellings.length;
  }

  /** The moment at which an event happened. */
  momentOf(number: number): number {
    return this.#tellings[number]?.moment ?? 0;
  }

  /** An event as it is sent at a moment, at the earliest when it happened: what it tells of may have changed since. */
  event(number: number, sentAt = 0): LiveEvent {
    const telling = this.#tellings[number];
    if (telling === undefined) throw new Error(`There is no event ${number}.`);
    return telling.tell(this.at(Math.max(telling.moment, sentAt)));
  }

  /** All events in order, each sent so many moments after it happened, and none before the one before it. */
  events(lags: readonly number[] = [0]): LiveEvent[] {
    let sentAt = 0;
    return this.#tellings.map(({ moment }, number) => {
      sentAt = Math.max(sentAt, moment + (lags[number % lags.length] ?? 0));
      return this.event(number, sentAt);
    });
  }

  #take(step: Step): void {
    const { actions } = this.end;
    const moment = this.moments.length;
    const running = actions.find(({ status }) => status === ActionStatus.RUNNING);
    switch (step.do) {
      case "write":
        this.#add(message(moment, "user", []));
        break;
      case "answer":
        this.#add(message(moment, "coach", newActions(moment, step.count)));
        break;
      case "claim":
        if (!running) this.#claim(actions.findLast(isOpen), moment);
        break;
      case "end":
        this.#move(running && ended(running, step.as, moment));
        break;
      case "cancel": {
        const waiting = pick(actions.filter(isOpen), step.which);
        const isWaiting = waiting && waiting !== running;
        this.#move(isWaiting && { ...waiting, status: ActionStatus.CANCELLED, finished_at: timeAt(moment) });
        break;
      }
      case "retry": {
        const over = pick(
          actions.filter((action) => !isOpen(action)),
          step.which,
        );
        this.#move(over && { ...over, status: ActionStatus.QUEUED, error: null, finished_at: null });
      }
    }
  }

  #add(added: Message): void {
    const { end } = this;
    const cursor = end.cursor + 1;
    this.#become(
      {
        ...end,
        cursor,
        messages: [added, ...end.messages],
        actions: [...added.actions.toReversed(), ...end.actions],
      },
      (rows) => ({ kind: "message", id: cursor, message: byId(rows.messages, added.id) }),
    );
  }

  #claim(head: Action | undefined, moment: number): void {
    if (!head) return;
    const running: Action = {
      ...head,
      status: ActionStatus.RUNNING,
      attempt: head.attempt + 1,
      started_at: timeAt(moment),
    };
    this.#become(withAction(this.end, running), () => ({ kind: "running", id: null, action: running }));
  }

  #move(action: Action | false | undefined): void {
    if (!action) return;
    const rows = withAction(this.end, action);
    const cursor = rows.cursor + 1;
    const tellAction: Telling = () => ({ kind: "action", id: cursor, action });
    if (action.status !== ActionStatus.SUCCEEDED) {
      this.#become({ ...rows, cursor }, tellAction);
      return;
    }
    const isNote = action.action_type === ActionType.ADD_USER_NOTE;
    const note = { id: `note-${cursor}`, note: action.id, created_at: timeAt(cursor) };
    const changed = {
      ...rows,
      cursor: cursor + 1,
      state: changedBy(action, rows.state),
      notes: isNote ? [...rows.notes, note] : rows.notes,
    };
    this.#become(changed, tellAction, (sent) => ({ kind: "coach_state", id: cursor + 1, ...sent.state }));
  }

  #become(rows: Rows, ...tellings: Telling[]): void {
    const moment = this.moments.push(rows) - 1;
    this.#tellings.push(...tellings.map((tell) => ({ moment, tell })));
  }
}

function pick<Item>(items: readonly Item[], which: number): Item | undefined {
  return items[which % Math.max(items.length, 1)];
}

function message(moment: number, role: Message["role"], actions: Action[]): Message {
  return {
    id: `message-${moment}`,
    role,
    content: `${role} ${moment}`,
    idempotency_key: null,
    created_at: timeAt(moment),
    actions,
  };
}

function newActions(moment: number, count: number): Action[] {
  return Array.from({ length: count }, (_, position) => ({
    id: `action-${moment}-${position}`,
    coach_message_id: `message-${moment}`,
    position,
    action_type: TYPES[(moment + position) % TYPES.length] ?? ActionType.CREATE_IDENTITY,
    label: "Sample",
    parameters: {},
    status: ActionStatus.QUEUED,
    attempt: 0,
    max_attempts: 5,
    result_summary: "",
    error: null,
    queued_at: timeAt(moment),
    due_at: timeAt(moment),
    started_at: null,
    finished_at: null,
  }));
}

function ended(action: Action, status: End, moment: number): Action {
  const isOver = status !== "retrying" && status !== "parked";
  return {
    ...action,
    status,
    attempt: status === "parked" ? action.attempt - 1 : action.attempt,
    result_summary: `${status} at ${moment}`,
    due_at: timeAt(moment + 1),
    finished_at: isOver ? timeAt(moment) : null,
  };
}

function changedBy({ id, finished_at }: Action, { coach_state, identities }: Rows["state"]): Rows["state"] {
  const name = `${id} ${finished_at}`;
  const made = {
    id: name,
    name,
    category: IdentityCategory.SPIRITUAL,
    state: "proposed" as const,
    i_am_statement: "",
    visualization: "",
    notes: [],
    created_at: timeAt(0),
  };
  return {
    coach_state: { ...coach_state, who_you_are: [...coach_state.who_you_are, name] },
    identities: [...identities, made],
  };
}

function withAction(rows: Rows, action: Action): Rows {
  const replaced = (actions: Action[]) => actions.map((known) => (known.id === action.id ? action : known));
  return {
    ...rows,
    actions: replaced(rows.actions),
    messages: rows.messages.map((known) =>
      known.id === action.coach_message_id ? { ...known, actions: replaced(known.actions) } : known,
    ),
  };
}

function byId(messages: readonly Message[], id: string): Message {
  const found = messages.find((known) => known.id === id);
  if (found === undefined) throw new Error(`There is no message ${id}.`);
  return found;
}

/** What the server would answer, of a list that is newest first: the next `limit` of those that are wanted. */
export function pageOf<Item extends { id: string }>(
  all: readonly Item[],
  at: number,
  limit: number,
  after: string | null = null,
  isWanted: (item: Item) => boolean = () => true,
): Page<Item> {
  const rest = all.slice(all.findIndex(({ id }) => id === after) + 1).filter(isWanted);
  const items = rest.slice(0, limit);
  return { items, next_cursor: rest.length > limit ? (items.at(-1)?.id ?? null) : null, at };
}

/** Whether a filter finds the action, by the server's lights. */
export function finds({ status, action_type }: ActionFilter, action: Action): boolean {
  return (!status || action.status === status) && (!action_type || action.action_type === action_type);
}

const END: fc.Arbitrary<End> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<End>("succeeded") },
  { weight: 3, arbitrary: fc.constantFrom<End>("skipped", "rejected", "retrying", "dead", "parked") },
);

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Step>({ do: "write" }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("answer" as const), count: fc.integer({ min: 0, max: 4 }) }),
  },
  { weight: 6, arbitrary: fc.constant<Step>({ do: "claim" }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("end" as const), as: END }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("retry" as const), which: fc.nat(9) }) },
);

/** Histories with lives of actions as the server allows them. */
export const worlds: fc.Arbitrary<World> = fc
  .array(STEP, { minLength: 10, maxLength: 80 })
  .map((steps) => new World([{ do: "answer", count: 2 }, ...steps]));

/** How long after it happened each event is sent: in steps. */
export const lags: fc.Arbitrary<number[]> = fc.array(fc.nat(4), { minLength: 1, maxLength: 20 });

/** Where a sequence of this length is cut into batches. */
export function cuts(length: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(length), { maxLength: 8 }).map((places) => places.sort((one, other) => one - other));
}
