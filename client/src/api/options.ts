import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { AccountChanged, fetchSession, requestAs } from "./account";
import { isPassing, Problem } from "./http";
import { keys } from "./keys";
import type {
  Action,
  ActionFilter,
  ActionPage,
  CoachState,
  Identity,
  Listed,
  Message,
  MessagePage,
  Page,
  UserNote,
  UserState,
} from "./types";

const RETRIES = 3;
const WHOLE_LIST = 200;
const ASK_AGAIN_MS = 8_000;

/**
 * How data is fetched that the event stream keeps true: once, and again where that failed. The functions leave the
 * query's signal alone, for a fetch that is cut short by it would take the folded events back.
 */
const LIVE = {
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  networkMode: "always",
  retry: (failures: number, error: Error) => failures < RETRIES && isWorthAnother(error),
  retryDelay: (failures: number) => 500 * 2 ** failures,
  refetchInterval: (query: { state: { data: unknown; status: string } }) =>
    query.state.status === "error" && query.state.data === undefined ? ASK_AGAIN_MS : false,
} as const;

function isWorthAnother(error: Error): boolean {
  return (
    isPassing(error) || error instanceof AccountChanged || (error instanceof Problem && error.status === 429)
  );
}

export const sessionOptions = queryOptions({
  ...LIVE,
  queryKey: keys.session,
  queryFn: fetchSession,
  refetchOnWindowFocus: "always",
});

export function messagesOptions(userId: string) {
  return infiniteQueryOptions({
    ...LIVE,
    queryKey: keys.messages(userId),
    queryFn: ({ client, pageParam }): Promise<MessagePage> =>
      page<Message>(client, userId, "/messages", { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function actionsOptions(userId: string, filter: ActionFilter) {
  return infiniteQueryOptions({
    ...LIVE,
    gcTime: 60_000,
    queryKey: keys.actions(userId, filter),
    queryFn: ({ client, pageParam }): Promise<ActionPage> =>
      page<Action>(client, userId, "/actions", { ...filter, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function stateOptions(userId: string) {
  return queryOptions({
    ...LIVE,
    queryKey: keys.state(userId),
    queryFn: async ({ client }): Promise<UserState> => {
      const [coachState, identities] = await Promise.all([
        requestAs<CoachState>(client, userId, "GET", "/coach-state"),
        whole<Identity>(client, userId, "/identities", {}),
      ]);
      const at = Math.min(coachState.at, identities.at);
      return { coach_state: coachState.data, identities: identities.items, at };
    },
  });
}

export function userNotesOptions(userId: string) {
  return queryOptions({
    ...LIVE,
    queryKey: keys.userNotes(userId),
    queryFn: ({ client }) => whole<UserNote>(client, userId, "/user-notes", {}),
  });
}

export function archivedIdentitiesOptions(userId: string) {
  return queryOptions({
    ...LIVE,
    queryKey: keys.archivedIdentities(userId),
    queryFn: async ({ client }): Promise<Listed<Identity>> => {
      const all = await whole<Identity>(client, userId, "/identities", { archived: "true" });
      return { ...all, items: all.items.filter(({ state }) => state === "archived") };
    },
  });
}

type Parameters = Record<string, string | null | undefined>;

async function page<Item>(
  client: QueryClient,
  userId: string,
  path: string,
  parameters: Parameters,
): Promise<Page<Item>> {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = given.length > 0 ? `?${new URLSearchParams(given)}` : "";
  const { data, at } = await requestAs<Omit<Page<Item>, "at">>(client, userId, "GET", path + query);
  return { ...data, at };
}

/** All items of a list, and the cursor of its oldest part. */
async function whole<Item>(
  client: QueryClient,
  userId: string,
  path: string,
  parameters: Parameters,
): Promise<Listed<Item>> {
  const limit = String(WHOLE_LIST);
  const first = await page<Item>(client, userId, path, { ...parameters, limit });
  const items = [...first.items];
  let { next_cursor: cursor, at } = first;
  while (cursor !== null) {
    const next = await page<Item>(client, userId, path, { ...parameters, limit, cursor });
    items.push(...next.items);
    cursor = next.next_cursor;
    at = Math.min(at, next.at);
  }
  return { items, at };
}
