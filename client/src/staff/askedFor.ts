import { useLocation } from "react-router";
import type { ScenarioSummary } from "../api/types";

/** What another page asks to be replayed again. */
export interface AskedFor {
  names: readonly string[];
  copies: number;
}

/** What the link that led here asks for, if it does. */
export function useAskedFor(): AskedFor | null {
  const state: unknown = useLocation().state;
  if (typeof state !== "object" || state === null || !("names" in state) || !("copies" in state)) return null;
  const { names, copies } = state;
  return Array.isArray(names) && typeof copies === "number" ? { names, copies } : null;
}

/** Which of the scenarios these are: those whose names are there still. */
export function askedFor(scenarios: readonly ScenarioSummary[], asked: AskedFor | null): ReadonlySet<string> {
  const names = new Set(asked?.names);
  return new Set(scenarios.filter(({ name }) => names.has(name)).map(({ id }) => id));
}
