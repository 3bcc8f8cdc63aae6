import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Action, UserState } from "../api/types";
import { ACTIONS, IDENTITIES, STATE } from "../testing/fixtures";
import type { LiveEvent } from "./event";
import { NEWS_MS, RecentChanges } from "./recentChanges";

const [GARDENER, COOK] = IDENTITIES;
if (!GARDENER || !COOK) throw new Error("two identities are needed");

const PHASE = ACTIONS.find((action) => action.action_type === "transition_phase");
if (!PHASE) throw new Error("an action of this type is needed");

let changes: RecentChanges;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  changes = new RecentChanges();
});

afterEach(() => {
  vi.useRealTimers();
});

function succeeded(action_type: string, parameters: Action["parameters"] = {}): LiveEvent {
  const [sample] = ACTIONS;
  if (!sample) throw new Error("no action");
  const action = {
    ...sample,
    id: action_type,
    action_type: action_type as Action["action_type"],
    parameters,
  };
  return { kind: "action", id: 1, action: { ...action, status: "succeeded" } };
}

function state(changed: Partial<UserState["coach_state"]>, identities = IDENTITIES): UserState {
  return { coach_state: { ...STATE.coach_state, ...changed }, identities, at: 41 };
}

/** What is shown, each with the type of action that caused it. */
function shown() {
  return changes.shown.get().map(({ key, cause }) => [key, cause?.action_type ?? null]);
}

describe("a change", () => {
  test.each([
    ["phase", "transition_phase", { current_phase: "identity_refinement" as const }],
    ["focus", "select_identity_focus", { identity_focus: "spiritual" as const }],
    ["skipped", "skip_identity_category", { skipped_identity_categories: ["spiritual" as const] }],
    ["current_identity", "set_current_identity", { current_identity: COOK.id }],
    ["who_you_are", "update_who_you_are", { who_you_are: ["Brave"] }],
    ["who_you_want_to_be", "update_who_you_want_to_be", { who_you_want_to_be: ["Brave"] }],
    ["asked_questions", "update_asked_questions", { asked_questions: [] }],
  ])("of %s is that of %s", (key, actionType, changed) => {
    changes.take(STATE, state(changed), [
      succeeded("add_user_note"),
      succeeded(actionType),
      succeeded("create_identity"),
    ]);
    expect(shown()).toContainEqual([key, actionType]);
    expect(shown().filter(([which]) => which !== "user_notes")).toHaveLength(1);
  });

  test("of an identity is that of the action that speaks of it", () => {
    const renamed = { ...GARDENER, name: "Moonlight Gardener" };
    const noted = { ...COOK, notes: ["Bread."] };
    changes.take(STATE, state({}, [renamed, noted]), [
      succeeded("update_identity_name", { identity_id: GARDENER.id, name: "Moonlight Gardener" }),
      succeeded("add_identity_note", { identity_id: COOK.id, note: "Bread." }),
    ]);
    expect(shown()).toEqual([
      [`identity:${GARDENER.id}`, "update_identity_name"],
      [`identity:${COOK.id}`, "add_identity_note"],
    ]);
  });

  test("of an identity that is new, or gone, is one too", () => {
    const made = { ...COOK, id: "new", name: "Baker" };
    changes.take(STATE, state({}, [GARDENER, made]), [
      succeeded("create_identity", { name: "Baker" }),
      succeeded("archive_identity", { identity_id: COOK.id }),
    ]);
    expect(shown()).toEqual([
      ["identity:new", "create_identity"],
      [`identity:${COOK.id}`, "archive_identity"],
    ]);
  });

  test("of the notes is known by the action alone", () => {
    changes.take(STATE, STATE, [succeeded("delete_user_note")]);
    expect(shown()).toEqual([["user_notes", "delete_user_note"]]);
  });

  test("by an action that this version does not know is that action's", () => {
    changes.take(STATE, state({ who_you_are: [] }), [succeeded("dance_a_waltz")]);
    expect(shown()).toEqual([["who_you_are", "dance_a_waltz"]]);
  });

  test("that is told of before its action gets its cause once that is told of", () => {
    changes.take(STATE, state({ identity_focus: "spiritual" }), [succeeded("add_user_note")]);
    expect(shown()).toContainEqual(["focus", null]);
    const now = state({ identity_focus: "spiritual" });
    changes.take(now, now, [succeeded("select_identity_focus")]);
    expect(shown()).toContainEqual(["focus", "select_identity_focus"]);
  });

  test("is the latest action's that may have made it, and none's that is long past", () => {
    const earlier = { ...PHASE, id: "earlier" };
    changes.take(STATE, STATE, [{ kind: "action", id: 1, action: earlier }]);
    changes.take(STATE, state({ current_phase: "introduction" }), [{ kind: "action", id: 2, action: PHASE }]);
    expect(changes.shown.get().map(({ cause }) => cause?.id)).toEqual([PHASE.id]);
    vi.advanceTimersByTime(NEWS_MS);
    changes.take(STATE, state({ current_phase: "introduction" }), []);
    expect(shown()).toEqual([["phase", null]]);
  });

  test("is news for a while, and the latest of its kind", () => {
    changes.take(STATE, state({ identity_focus: "spiritual" }), [succeeded("select_identity_focus")]);
    vi.advanceTimersByTime(NEWS_MS / 2);
    const before = state({ identity_focus: "spiritual" });
    changes.take(before, state({ identity_focus: "maker_of_money" }), [succeeded("select_identity_focus")]);
    expect(changes.shown.get().map(({ since }) => since)).toEqual([1_000_000 + NEWS_MS / 2]);
    vi.advanceTimersByTime(NEWS_MS - 1);
    expect(shown()).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(shown()).toEqual([]);
  });
});

test("where nothing has changed, nothing is told, and nobody is woken", () => {
  const listener = vi.fn();
  changes.shown.subscribe(listener);
  changes.take(STATE, { ...STATE, at: 41 }, []);
  changes.take(undefined, STATE, []);
  expect(shown()).toEqual([]);
  expect(listener).not.toHaveBeenCalled();
});

test("cleared, it knows of nothing", () => {
  changes.take(STATE, state({ identity_focus: "spiritual" }), [succeeded("select_identity_focus")]);
  changes.clear();
  expect(shown()).toEqual([]);
  vi.advanceTimersByTime(NEWS_MS);
});
