/**
 * What the page holds, brought up to date by what the stream tells: pure functions, one for each kind of datum.
 *
 * A page or datum is as of a cursor, its `at`, and an event is news to it only where its id is above that; `at` then
 * becomes the id. So an event that comes twice, again or late changes nothing. `running` has no id: it is news where
 * it tells of an attempt that began later than the one that is known.
 */
import type {
  Action,
  ActionFilter,
  ActionPage,
  Message,
  MessagePage,
  MessagePair,
  UserState,
} from "../api/types";
import { ActionStatus } from "../enums/actionStatus";
import type { LiveEvent } from "./event";

type MessageEvent = Extract<LiveEvent, { kind: "message" }>;
type ActionEvent = Extract<LiveEvent, { kind: "action" | "running" }>;

/** Pages of the chat, newest first: new messages go to the first one. */
export function foldMessages(pages: readonly MessagePage[], events: readonly LiveEvent[]): MessagePage[] {
  return pages.map((page, index) => {
    const news = newsAfter(page.at, events);
    if (news.length === 0) return page;
    // An action's events come after its message's: they are taken last.
    const messages = index === 0 ? news.filter(isOfMessage).reduce(withMessage, page.items) : page.items;
    return { ...page, at: lastId(news, page.at), items: withActions(messages, news) };
  });
}

/** The same with a turn's answer, which came by itself: what the stream has told already stays as it is. */
export function foldAnswer(pages: readonly MessagePage[], pair: MessagePair): MessagePage[] {
  const known = new Set(pages.flatMap(({ items }) => items.map(({ id }) => id)));
  const absent = [pair.coach_message, pair.user_message].filter(({ id }) => !known.has(id));
  return pages.map((page, index) => (index === 0 ? { ...page, items: [...absent, ...page.items] } : page));
}

/** The coach state and the live identities. */
export function foldState(state: UserState, events: readonly LiveEvent[]): UserState {
  const news = newsAfter(state.at, events);
  if (news.length === 0) return state;
  const told = news.findLast((event) => event.kind === "coach_state");
  const { coach_state, identities } = told ?? state;
  return { coach_state, identities, at: lastId(news, state.at) };
}

/**
 * Pages of the history, newest first. An action that comes to match is put in its place. One that matches no longer
 * keeps it, for it tells how far the page goes: `shownActions` leaves it out.
 */
export function foldActions(
  pages: readonly ActionPage[],
  filter: ActionFilter,
  events: readonly LiveEvent[],
): ActionPage[] {
  const known = new Set(pages.flatMap(({ items }) => items.map(({ id }) => id)));
  return pages.map((page, index) => {
    const news = newsAfter(page.at, events);
    if (news.length === 0) return page;
    const entering = actionsTold(news).filter(
      (action) =>
        !known.has(action.id) && matches(action, filter) && isBetween(pages[index - 1], action, page),
    );
    return {
      ...page,
      at: lastId(news, page.at),
      items: entering.reduce(withAction, withNews(page.items, grouped(news))),
    };
  });
}

/** Whether a list with this filter must be asked for, because the events do not tell what belongs to it. */
export function mustBeAsked({ q, status }: ActionFilter): boolean {
  // What a text finds, the server alone knows; that an action runs is told without a cursor, and perhaps too late.
  return Boolean(q) || status === ActionStatus.RUNNING;
}

/** What is new to a datum as of cursor `at`: each id once, in rising order, and what has none. */
function newsAfter(at: number, events: readonly LiveEvent[]): LiveEvent[] {
  let last = at;
  return events.filter(({ id }) => {
    if (id === null) return true;
    if (id <= last) return false;
    last = id;
    return true;
  });
}

function lastId(news: readonly LiveEvent[], at: number): number {
  return news.findLast(({ id }) => id !== null)?.id ?? at;
}

function isOfMessage(event: LiveEvent): event is MessageEvent {
  return event.kind === "message";
}

/** Events of messages come in the order of the chat, so the latest belongs in front, though it stood there already. */
function withMessage(items: Message[], { message }: MessageEvent): Message[] {
  return [message, ...items.filter(({ id }) => id !== message.id)];
}

function withActions(messages: Message[], news: readonly LiveEvent[]): Message[] {
  const told = grouped(news);
  return mapChanged(messages, (message) => {
    const actions = withNews(message.actions, told);
    return actions === message.actions ? message : { ...message, actions };
  });
}

type Told = ReadonlyMap<string, readonly ActionEvent[]>;

/** The events of each action, in order. */
function grouped(news: readonly LiveEvent[]): Told {
  const told = new Map<string, ActionEvent[]>();
  for (const event of news.filter(isOfAction)) {
    told.set(event.action.id, [...(told.get(event.action.id) ?? []), event]);
  }
  return told;
}

function isOfAction(event: LiveEvent): event is ActionEvent {
  return event.kind === "action" || event.kind === "running";
}

function withNews(actions: Action[], told: Told): Action[] {
  return mapChanged(actions, (action) => (told.get(action.id) ?? []).reduce(latest, action));
}

function latest(action: Action, event: ActionEvent): Action {
  return event.kind === "action" || isLaterAttempt(event.action, action) ? event.action : action;
}

/** By the time, for the number does not tell: a parked action gives its attempt back. */
function isLaterAttempt(running: Action, known: Action): boolean {
  return msOf(running.started_at) > msOf(known.started_at);
}

function msOf(time: string | null): number {
  return time === null ? 0 : Date.parse(time);
}

/** The array itself where nothing in it has changed, so that nobody draws it anew. */
function mapChanged<Item>(items: Item[], change: (item: Item) => Item): Item[] {
  const changed = items.map(change);
  return changed.every((item, index) => item === items[index]) ? items : changed;
}

/** The actions of which stored events tell, as they are by the last of these. */
function actionsTold(news: readonly LiveEvent[]): Action[] {
  const told = new Map<string, Action>();
  for (const event of news) {
    if (event.kind === "action") told.set(event.action.id, event.action);
    if (event.kind === "message") for (const action of event.message.actions) told.set(action.id, action);
    const known = event.kind === "running" && told.get(event.action.id);
    if (known) told.set(known.id, latest(known, event));
  }
  return [...told.values()];
}

function matches(action: Action, { status, action_type, q }: ActionFilter): boolean {
  return !q && (!status || action.status === status) && (!action_type || action.action_type === action_type);
}

/** Whether the action's place is on the page, which goes on where the one before it ends. */
function isBetween(before: ActionPage | undefined, action: Action, page: ActionPage): boolean {
  const newest = before?.items.at(-1);
  const oldest = page.next_cursor === null ? undefined : page.items.at(-1);
  return !(newest && isOlder(newest, action)) && !(oldest && isOlder(action, oldest));
}

function withAction(items: Action[], action: Action): Action[] {
  const place = items.findIndex((item) => isOlder(item, action));
  return items.toSpliced(place === -1 ? items.length : place, 0, action);
}

/** Whether `one` stands earlier in the lane. */
function isOlder(one: Action, other: Action): boolean {
  return (msOf(one.queued_at) - msOf(other.queued_at) || one.position - other.position) < 0;
}
