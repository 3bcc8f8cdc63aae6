/** What staff have to look at. */
import type { Replay, ReplayDetail, ReplayResult, Scenario, ScenarioSummary } from "../api/types";
import { json } from "./fakeApi";
import { SESSION } from "./fixtures";

export const AS_STAFF = {
  "GET /auth/session": () => json({ ...SESSION, user: SESSION.user && { ...SESSION.user, is_staff: true } }),
};

export function aSummary(parts: Partial<ScenarioSummary> = {}): ScenarioSummary {
  return {
    id: crypto.randomUUID(),
    name: "Two identities, one focus",
    description: "The gardener is accepted, the cook is new.",
    turns: 2,
    actions: 2,
    added_by: "ada@example.org",
    created_at: "2026-03-04T10:00:00Z",
    ...parts,
  };
}

export function aScenario(parts: Partial<Scenario> = {}): Scenario {
  return { ...aSummary(), content: CONTENT, ...parts };
}

const CONTENT = {
  format: 1,
  name: "Two identities, one focus",
  description: "The gardener is accepted, the cook is new.",
  start: {
    user: { first_name: "Sample", last_name: "User" },
    coach_state: { current_phase: "identity_brainstorming" },
    identities: [
      { ref: "gardener", name: "Night Gardener", category: "passions_and_talents", state: "proposed" },
    ],
    user_notes: [{ ref: "n1", note: "Has two cats." }],
    messages: [{ role: "coach", content: "Shall we begin?" }],
  },
  turns: [
    {
      user: "I also cook.",
      phase: "identity_refinement",
      response: {
        message: "Lovely.",
        create_identity: { params: { name: "Cook", category: "maker_of_money", note: "" } },
      },
    },
    {
      user: "Gardener it is.",
      response: { message: "Done.", accept_identity: { params: { identity_id: "$gardener" } } },
    },
  ],
  expect: {
    coach_state: { current_phase: "identity_brainstorming", identity_focus: null },
    identities: [{ name: "Night Gardener", state: "accepted" }],
    user_notes: [],
    actions: [
      {
        action_type: "create_identity",
        status: "rejected",
        result_summary: "It is not allowed.",
        error_kind: "not_allowed",
      },
      { action_type: "accept_identity", status: "succeeded" },
    ],
  },
};

export function aReplay(parts: Partial<Replay> = {}): Replay {
  return {
    id: crypto.randomUUID(),
    status: "running",
    started_by: "ada@example.org",
    names: ["One", "Two", "Three"],
    copies: 10,
    done: 6,
    total: 30,
    differing: 0,
    actions: 0,
    seconds: null,
    reason: "",
    is_stopping: false,
    has_report: false,
    created_at: "2026-03-04T10:00:00Z",
    ended_at: null,
    ...parts,
  };
}

export const ENDED: Partial<ReplayDetail> = {
  status: "as_expected",
  done: 30,
  actions: 240,
  seconds: 4.21,
  has_report: true,
  ended_at: "2026-03-04T10:00:05Z",
};

export function aReplayInDetail(parts: Partial<ReplayDetail> = {}): ReplayDetail {
  return { ...aReplay(), results: null, ...parts };
}

export function aResult(parts: Partial<ReplayResult> = {}): ReplayResult {
  return {
    name: "One",
    as_expected: true,
    copies: 10,
    differences: [],
    unresolved: [],
    unsettled: [],
    disagreements: [],
    ...parts,
  };
}
