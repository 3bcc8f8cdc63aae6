import type { ScenarioSummary } from "../api/types";

/** Those that have every word of the text in their name or description. */
export function found(scenarios: readonly ScenarioSummary[], text: string): readonly ScenarioSummary[] {
  const words = folded(text)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return scenarios;
  return scenarios.filter(({ name, description }) => {
    const all = folded(`${name}\n${description}`);
    return words.every((word) => all.includes(word));
  });
}

function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
