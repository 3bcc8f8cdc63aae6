import {
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { askSession, onOtherTabs, requestAs, type Session, tellOtherTabs } from "./account";
import { csrfToken, request } from "./http";
import { keys } from "./keys";
import {
  actionsOptions,
  archivedIdentitiesOptions,
  messagesOptions,
  sessionOptions,
  stateOptions,
  userNotesOptions,
} from "./options";
import { shownActions } from "./shownActions";
import type {
  Action,
  ActionFilter,
  Credentials,
  Identity,
  Message,
  SessionState,
  UserNote,
  UserState,
} from "./types";
import { useUserId } from "./userId";

export { keys } from "./keys";

/** Who is signed in. What the cache holds of anybody else is forgotten. */
export function useSession(): UseQueryResult<Session> {
  const client = useQueryClient();
  const session = useQuery(sessionOptions);
  const userId = session.data && (session.data.user?.id ?? null);
  useEffect(() => onOtherTabs(() => askSession(client)), [client]);
  useEffect(() => {
    if (userId === undefined) return;
    for (const queryKey of [keys.users, keys.staff])
      client.removeQueries({ queryKey, predicate: ({ queryKey: [, whose] }) => whose !== userId });
  }, [client, userId]);
  return session;
}

/** What a list that is loaded page by page says of itself. */
export interface Paging {
  hasOlder: boolean;
  loadOlder: () => void;
  isLoadingOlder: boolean;
  isLoading: boolean;
  error: Error | null;
  retry: () => void;
}

export interface Conversation extends Paging {
  /** Oldest first. */
  messages: Message[];
}

export function useMessages(): Conversation {
  const query = useInfiniteQuery(messagesOptions(useUserId()));
  const pages = query.data?.pages;
  const messages = useMemo(() => pages?.flatMap(({ items }) => items).reverse() ?? [], [pages]);
  return { messages, ...usePaging(query) };
}

export interface History extends Paging {
  /** Newest first. */
  actions: Action[];
}

export function useActions(filter: ActionFilter): History {
  const query = useInfiniteQuery(actionsOptions(useUserId(), filter));
  const pages = query.data?.pages;
  const { status } = filter;
  const actions = useMemo(() => shownActions(pages ?? [], status ? { status } : {}), [pages, status]);
  return { actions, ...usePaging(query) };
}

interface PagedQuery {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isPending: boolean;
  error: Error | null;
  fetchNextPage: (options: { cancelRefetch: boolean }) => unknown;
  refetch: () => unknown;
}

function usePaging(query: PagedQuery): Paging {
  const { fetchNextPage, refetch } = query;
  const loadOlder = useCallback(() => void fetchNextPage({ cancelRefetch: false }), [fetchNextPage]);
  const retry = useCallback(() => void refetch(), [refetch]);
  return {
    hasOlder: query.hasNextPage,
    loadOlder,
    isLoadingOlder: query.isFetchingNextPage,
    isLoading: query.isPending,
    error: query.error,
    retry,
  };
}

export function useUserState(): UseQueryResult<UserState> {
  return useQuery(stateOptions(useUserId()));
}

/** Oldest first. */
export function useUserNotes(): UseQueryResult<UserNote[]> {
  return useQuery({ ...userNotesOptions(useUserId()), select: itemsOf<UserNote> });
}

/** Oldest first; fetched once `enabled`. */
export function useArchivedIdentities(enabled: boolean): UseQueryResult<Identity[]> {
  return useQuery({ ...archivedIdentitiesOptions(useUserId()), select: itemsOf<Identity>, enabled });
}

function itemsOf<Item>({ items }: { items: Item[] }): Item[] {
  return items;
}

export function useSignIn(): UseMutationResult<SessionState, Error, Credentials> {
  return useSessionMutation((credentials: Credentials) => ["/auth/login", credentials]);
}

export function useSignUp(): UseMutationResult<SessionState, Error, Credentials> {
  return useSessionMutation((credentials: Credentials) => ["/auth/signup", credentials]);
}

export function useSignOut(): UseMutationResult<SessionState, Error, void> {
  return useSessionMutation(() => ["/auth/logout", undefined]);
}

/** A mutation of who is signed in. */
function useSessionMutation<Variables>(ask: (variables: Variables) => [path: string, body: unknown]) {
  const client = useQueryClient();
  return useMutation<SessionState, Error, Variables>({
    networkMode: "always",
    mutationFn: async (variables) => {
      const [path, body] = ask(variables);
      await client.cancelQueries({ queryKey: keys.session });
      return (await request<SessionState>("POST", path, { body })).data;
    },
    onSuccess: (state) => {
      client.setQueryData<Session>(keys.session, { ...state, mark: csrfToken() });
      tellOtherTabs();
    },
  });
}

export function useResetChat(): UseMutationResult<void, Error, void> {
  const client = useQueryClient();
  const userId = useUserId();
  return useMutation<void, Error, void>({
    networkMode: "always",
    mutationFn: async () => {
      await requestAs<undefined>(client, userId, "POST", "/chat/reset");
    },
    // The stream tells of it too; this is for the moment in which there is none.
    onSuccess: () => void client.invalidateQueries({ queryKey: keys.ofUser(userId) }),
  });
}
