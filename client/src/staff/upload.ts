import { isPassing, Problem } from "../api/http";
import type { ScenarioSummary } from "../api/types";
import { sentence } from "../page/sentence";
import type { Request } from "./ask";
import { countOf, whyNot } from "./sentences";

/** What became of a file. */
export type Outcome =
  | { kind: "waiting" | "sending" }
  | { kind: "added" | "replaced"; scenario: ScenarioSummary }
  | { kind: "taken"; lines: string[] }
  | { kind: "refused"; lines: string[] }
  | { kind: "unsent"; lines: string[] };

const MOST_BYTES = 2 * 1024 * 1024;
/** What the server takes of the name by which it calls the file. */
const MOST_OF_A_NAME = 255;
const CREATED = 201;
const TOO_LARGE: Outcome = { kind: "refused", lines: ["It is larger than 2 MiB."] };

/** Sends one file, and says what became of it. */
export async function upload(request: Request, file: File, replace: boolean): Promise<Outcome> {
  if (!file.name.toLowerCase().endsWith(".json")) {
    return { kind: "refused", lines: ["Only files whose names end in .json are scenarios."] };
  }
  if (file.size > MOST_BYTES) return TOO_LARGE;
  const text = await textOf(file);
  if (typeof text !== "string") return text;
  try {
    const query = new URLSearchParams({ file: file.name.slice(-MOST_OF_A_NAME), replace: String(replace) });
    const answer = await request<ScenarioSummary>("POST", `/scenarios?${query}`, { text });
    return { kind: answer.status === CREATED ? "added" : "replaced", scenario: answer.data };
  } catch (error) {
    return outcomeOfError(error, file);
  }
}

async function textOf(file: File): Promise<string | Outcome> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch (error) {
    const why = error instanceof TypeError ? "It is no text in UTF-8." : "It could not be read.";
    return { kind: "refused", lines: [why] };
  }
}

function outcomeOfError(error: unknown, file: File): Outcome {
  if (!(error instanceof Problem) || isPassing(error) || error.status >= 500) {
    return { kind: "unsent", lines: [whyNot(error)] };
  }
  if (error.status === 409) return { kind: "taken", lines: [sentence(error.detail)] };
  if (error.status === 413) return TOO_LARGE;
  if (error.status === 422) return { kind: "refused", lines: linesOf(error, file) };
  return { kind: "unsent", lines: [whyNot(error)] };
}

/** Each fault in a line, which begins with the file's name: that stands above them all. */
function linesOf(problem: Problem, { name }: File): string[] {
  const lines = problem.errors.flatMap(({ msg }) => msg.split("\n")).filter((line) => line.trim() !== "");
  if (lines.length === 0) return [whyNot(problem)];
  const opening = `${name.slice(-MOST_OF_A_NAME)}:`;
  return lines.map((line) => (line.startsWith(opening) ? withoutName(line.slice(opening.length)) : line));
}

/** "12: turns.0: it is missing." as "Line 12: turns.0: it is missing." */
function withoutName(line: string): string {
  return /^\d+:/.test(line) ? `Line ${line}` : line.trim();
}

/** What became of several files at once, to be said aloud. */
export function countedInWords(outcomes: readonly Outcome[]): string {
  const of = (...kinds: Outcome["kind"][]) => outcomes.filter(({ kind }) => kinds.includes(kind)).length;
  const parts = [
    { count: of("added"), words: "added" },
    { count: of("replaced"), words: "replaced" },
    { count: of("taken"), words: "with a name that is taken" },
    { count: of("refused"), words: "refused" },
    { count: of("unsent"), words: "not sent" },
  ].filter(({ count }) => count > 0);
  return `${countOf(outcomes.length, "file")}: ${parts.map(({ count, words }) => `${count} ${words}`).join(", ")}.`;
}
