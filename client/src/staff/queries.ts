import {
  type QueryClient,
  type QueryKey,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { isPassing } from "../api/http";
import { keys } from "../api/keys";
import type { Frozen, Replay, ReplayDetail, Scenario, ScenarioSummary } from "../api/types";
import { useUserId } from "../api/userId";
import { type Ask, useAsk } from "./ask";
import { isOpen } from "./replayWords";

const RETRIES = 2;
const LIST_EVERY_MS = 2_000;
const REPLAY_EVERY_MS = 1_000;
const AT_ONCE = 200;
const FREEZE_TIMEOUT_MS = 120_000;

/** How data is fetched that no event tells of: again whenever somebody comes back to look at them. */
const FRESH = {
  staleTime: 1_000,
  gcTime: 60_000,
  networkMode: "always",
  retry: (failures: number, error: Error) => failures < RETRIES && isPassing(error),
  retryDelay: (failures: number) => 500 * 2 ** failures,
} as const;

interface PageOf<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** By name. */
export function useScenarios(): UseQueryResult<ScenarioSummary[]> {
  const ask = useAsk();
  return useQuery({
    ...FRESH,
    queryKey: keys.scenarios(useUserId()),
    queryFn: () => allScenarios(ask),
  });
}

async function allScenarios(ask: Ask): Promise<ScenarioSummary[]> {
  const items: ScenarioSummary[] = [];
  let cursor: string | null = null;
  do {
    const page: PageOf<ScenarioSummary> = await ask("GET", listed("/scenarios", cursor, AT_ONCE));
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}

function listed(path: string, cursor: string | null, limit?: number): string {
  const given = { ...(limit ? { limit: String(limit) } : {}), ...(cursor ? { cursor } : {}) };
  const query = String(new URLSearchParams(given));
  return query === "" ? path : `${path}?${query}`;
}

export function useScenario(id: string): UseQueryResult<Scenario> {
  const ask = useAsk();
  return useQuery({
    ...FRESH,
    queryKey: keys.scenario(useUserId(), id),
    queryFn: () => ask<Scenario>("GET", `/scenarios/${encodeURIComponent(id)}`),
  });
}

export function useDeleteScenario(): UseMutationResult<void, Error, string> {
  const ask = useAsk();
  const refresh = useRefreshScenarios();
  return useMutation<void, Error, string>({
    networkMode: "always",
    mutationFn: (id) => ask("DELETE", `/scenarios/${encodeURIComponent(id)}`),
    onSuccess: refresh,
  });
}

export interface Freezing {
  email: string;
  name: string | null;
  real_names: boolean;
  replace: boolean;
}

export function useFreeze(): UseMutationResult<Frozen, Error, Freezing> {
  const ask = useAsk();
  const refresh = useRefreshScenarios();
  return useMutation<Frozen, Error, Freezing>({
    networkMode: "always",
    mutationFn: (body) => ask("POST", "/scenarios/freeze", { body, timeoutMs: FREEZE_TIMEOUT_MS }),
    onSuccess: refresh,
  });
}

/** Answers how to have the list of scenarios fetched anew. */
export function useRefreshScenarios(): () => void {
  const client = useQueryClient();
  const userId = useUserId();
  return () => void fetchAnew(client, keys.scenarios(userId));
}

async function fetchAnew(client: QueryClient, queryKey: QueryKey): Promise<void> {
  // A first fetch that is under way would go on, and tell of what was before.
  await client.cancelQueries({ queryKey });
  await client.invalidateQueries({ queryKey });
}

/** Newest first, as far as they were asked for; anew every two seconds while one of them has not ended. */
export function useReplays() {
  const ask = useAsk();
  const query = useInfiniteQuery({
    ...FRESH,
    queryKey: keys.replays(useUserId()),
    queryFn: ({ pageParam }) => ask<PageOf<Replay>>("GET", listed("/replays", pageParam)),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isOpen)) ? LIST_EVERY_MS : false,
  });
  const pages = query.data?.pages;
  const replays = useMemo(() => pages?.flatMap(({ items }) => items), [pages]);
  return { replays, query };
}

/** Anew every second until it has ended. */
export function useReplay(id: string): UseQueryResult<ReplayDetail> {
  const ask = useAsk();
  return useQuery({
    ...FRESH,
    queryKey: keys.replay(useUserId(), id),
    queryFn: () => ask<ReplayDetail>("GET", `/replays/${encodeURIComponent(id)}`),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? REPLAY_EVERY_MS : false),
  });
}

export interface Starting {
  scenario_ids: string[];
  copies: number;
}

export function useStartReplay(): UseMutationResult<Replay, Error, Starting> {
  const ask = useAsk();
  const client = useQueryClient();
  const userId = useUserId();
  return useMutation<Replay, Error, Starting>({
    networkMode: "always",
    mutationFn: (body) => ask("POST", "/replays", { body }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.replays(userId) }),
  });
}

export function useStopReplay(id: string): UseMutationResult<Replay, Error, void> {
  const ask = useAsk();
  const client = useQueryClient();
  const userId = useUserId();
  return useMutation<Replay, Error, void>({
    networkMode: "always",
    mutationFn: () => ask("POST", `/replays/${encodeURIComponent(id)}/stop`),
    // Where it has ended meanwhile, that is what is shown.
    onSettled: () => client.invalidateQueries({ queryKey: keys.replay(userId, id) }),
  });
}
