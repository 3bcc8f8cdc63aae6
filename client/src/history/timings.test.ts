import { describe, expect, it } from "vitest";
import type { Action } from "../api/types";
import { timingsInWords } from "./timings";

const NOON = Date.parse("2026-03-01T12:00:00Z");

function at(ms: number): string {
  return new Date(NOON + ms).toISOString();
}

function action(changed: Partial<Action>): Action {
  return {
    id: "a",
    coach_message_id: null,
    position: 0,
    action_type: "add_user_note",
    label: "Add a note about you",
    parameters: {},
    status: "queued",
    attempt: 0,
    max_attempts: 5,
    result_summary: "",
    error: null,
    queued_at: at(0),
    due_at: null,
    started_at: null,
    finished_at: null,
    ...changed,
  };
}

describe("timingsInWords", () => {
  it.each<[string, Partial<Action>, string]>([
    ["waits", {}, "Waiting for 10 s"],
    ["runs", { status: "running", attempt: 1, started_at: at(4_000) }, "Waited 4 s, running for 6 s"],
    ["is to be tried again", { status: "retrying", attempt: 1, started_at: at(4_000) }, "Waiting for 10 s"],
    [
      "has ended",
      { status: "succeeded", attempt: 1, started_at: at(120), finished_at: at(135) },
      "Waited 120 ms, ran 15 ms",
    ],
    ["was cancelled before it began", { status: "cancelled", finished_at: at(3_000) }, "Waited 3 s"],
    ["waits in a clock that goes ahead of this one", { queued_at: at(60_000) }, "Waiting for 0 ms"],
  ])("of one that %s", (_, changed, words) => {
    expect(timingsInWords(action(changed), NOON + 10_000).replaceAll("\u00a0", " ")).toBe(words);
  });
});
