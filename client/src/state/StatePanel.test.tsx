import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { useArchivedIdentities, useUserNotes, useUserState } from "../api/queries";
import type { Action, CoachState, Identity } from "../api/types";
import { type Change, useRecentChanges } from "../live/LiveProvider";
import { StatePanel } from "./StatePanel";

vi.mock("../api/queries");
vi.mock("../live/LiveProvider");

const STATE: CoachState = {
  current_phase: "identity_brainstorming",
  identity_focus: "maker_of_money",
  current_identity: null,
  skipped_identity_categories: [],
  who_you_are: [],
  who_you_want_to_be: [],
  asked_questions: [],
  updated_at: "2026-01-02T03:04:05Z",
};

const GARDENER: Identity = {
  id: "11111111-1111-4111-8111-111111111111",
  name: "Night Gardener",
  category: "passions_and_talents",
  state: "refinement_complete",
  i_am_statement: "",
  visualization: "",
  notes: [],
  created_at: "2026-01-02T03:04:05Z",
};

const COOK: Identity = {
  ...GARDENER,
  id: "22222222-2222-4222-8222-222222222222",
  name: "Cook",
  category: "maker_of_money",
  state: "proposed",
};

beforeEach(() => {
  vi.mocked(useRecentChanges).mockReturnValue([]);
  answer(useUserNotes, []);
  answer(useArchivedIdentities, []);
});

/** What a query's hook gives, as far as the panel looks at it. */
function answer(hook: unknown, data: unknown, isError = false) {
  vi.mocked(hook as () => unknown).mockReturnValue({ data, isError, refetch: vi.fn() });
}

function show(state: Partial<CoachState> = {}, identities: Identity[] = []) {
  answer(useUserState, { coach_state: { ...STATE, ...state }, identities, at: 1 });
  return render(
    <MantineProvider env="test">
      <StatePanel />
    </MantineProvider>,
  );
}

function recently(key: string, result_summary: string): Change {
  return { key, cause: { result_summary } as Action, since: 1 };
}

function region(name: string) {
  return screen.getByRole("region", { name });
}

describe("the phases", () => {
  test("the current one is named, those before it are done", () => {
    show();
    const phases = within(region("Where you are"));
    const steps = phases.getAllByRole("listitem");
    expect(steps).toHaveLength(10);
    expect(steps.filter((step) => step.getAttribute("aria-current") === "step")).toEqual([steps[3]]);
    expect(steps[2]?.textContent).toBe("Identity Warm Up, done");
    expect(steps[3]?.textContent).toBe("Identity Brainstorming, here you are");
    expect(steps[4]?.textContent).toBe("Brainstorming Review, to come");
    expect(phases.getByText("Phase 4 of 10. Next comes Brainstorming Review.")).toBeTruthy();
  });

  test("the last one has none after it", () => {
    show({ current_phase: "identity_visualization" });
    expect(screen.getByText("Phase 10 of 10. The last one.")).toBeTruthy();
  });

  test("their names are shown when asked for", async () => {
    show();
    const button = screen.getByRole("button", { name: "Name all phases" });
    await userEvent.click(button);
    expect(button.getAttribute("aria-expanded")).toBe("true");
    expect(document.getElementById(button.getAttribute("aria-controls") ?? "")?.tagName).toBe("OL");
  });
});

describe("the identities", () => {
  test("stand by category in walking order, the current one and the focus marked", () => {
    show({ current_identity: COOK.id }, [COOK, GARDENER]);
    const cards = screen.getAllByRole("article");
    expect(cards.map((card) => within(card).getByRole("heading").textContent)).toEqual([
      "Night Gardener",
      "Cook",
    ]);
    expect(cards.map((card) => card.getAttribute("aria-current"))).toEqual([null, "true"]);
    expect(within(region("Maker of Money")).getByText("In focus")).toBeTruthy();
    expect(within(region("Passions and Talents")).queryByText("In focus")).toBeNull();
  });

  test("each shows how far it has come", () => {
    show({}, [GARDENER]);
    const ladder = within(screen.getByRole("list", { name: "How far it has come" }));
    expect(ladder.getAllByRole("listitem").map((step) => step.textContent)).toEqual([
      "Proposed, done",
      "Accepted, done",
      "Refined, here you are",
      "Committed, to come",
      "I am, to come",
      "Visualized, to come",
    ]);
  });

  test("each shows what was written of it, a long text when asked for more", async () => {
    const long = "I am at home in the dark. ".repeat(30);
    show({}, [{ ...GARDENER, i_am_statement: long, visualization: "A lantern.", notes: ["a", "b", "c"] }]);
    const card = within(screen.getByRole("article", { name: "Night Gardener" }));
    expect(card.getByText("A lantern.")).toBeTruthy();
    const text = card.getByText(long.trim());
    expect(text.hasAttribute("data-clamped")).toBe(true);
    await userEvent.click(card.getByRole("button", { name: "Show more: I am statement of Night Gardener" }));
    expect(text.hasAttribute("data-clamped")).toBe(false);
    expect(card.queryByText("c")).toBeNull();
    await userEvent.click(card.getByRole("button", { name: "Show all 3: notes on Night Gardener" }));
    expect(card.getByText("c")).toBeTruthy();
  });

  test("a name is text, whatever stands in it", () => {
    show({}, [{ ...GARDENER, name: "<img src=x onerror=alert(1)>" }]);
    expect(screen.getByRole("heading", { name: "<img src=x onerror=alert(1)>" })).toBeTruthy();
    expect(document.querySelector("img")).toBeNull();
  });

  test("archived ones are fetched when asked for", async () => {
    answer(useArchivedIdentities, [{ ...COOK, name: "Old Cook", state: "archived" }]);
    show();
    expect(useArchivedIdentities).not.toHaveBeenCalledWith(true);
    expect(screen.queryByText("Old Cook")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Show archived identities" }));
    expect(screen.getByRole("article", { name: "Old Cook" })).toBeTruthy();
  });
});

describe("where a change came from", () => {
  test("is said beside what changed", () => {
    const summary = "Raised “Night Gardener” to Refined.";
    vi.mocked(useRecentChanges).mockReturnValue([recently(`identity:${GARDENER.id}`, summary)]);
    show({}, [GARDENER, COOK]);
    expect(within(screen.getByRole("article", { name: "Night Gardener" })).getByText(summary)).toBeTruthy();
    expect(within(screen.getByRole("article", { name: "Cook" })).queryByText(summary)).toBeNull();
  });

  test("is said of an identity that has gone", () => {
    vi.mocked(useRecentChanges).mockReturnValue([recently(`identity:${COOK.id}`, "Archived “Cook”.")]);
    show({}, [GARDENER]);
    expect(within(region("Your identities")).getByText("Archived “Cook”.")).toBeTruthy();
  });

  test("has words where the cause is not known", () => {
    vi.mocked(useRecentChanges).mockReturnValue([{ key: "phase", cause: null, since: 1 }]);
    show();
    expect(within(region("Where you are")).getByText("This changed just now.")).toBeTruthy();
  });

  test.each([
    ["focus", "In focus"],
    ["skipped", "In focus"],
    ["who_you_are", "Who you are"],
    ["who_you_want_to_be", "Who you want to be"],
    ["user_notes", "What your coach remembers"],
    ["current_identity", "Your identities"],
  ])("%s", (key, title) => {
    vi.mocked(useRecentChanges).mockReturnValue([recently(key, "The sentence.")]);
    show({ who_you_are: ["kind"], who_you_want_to_be: ["brave"] });
    expect(within(region(title)).getByText("The sentence.")).toBeTruthy();
  });
});

describe("the rest", () => {
  test("someone new is told what will stand here", () => {
    show({ current_phase: "introduction", identity_focus: "passions_and_talents" });
    expect(
      screen.getByText("None yet. Those that you find together with your coach appear here."),
    ).toBeTruthy();
    expect(within(region("What your coach remembers")).getByText("Nothing yet.")).toBeTruthy();
    for (const name of ["Who you are", "In focus"]) expect(screen.queryByRole("region", { name })).toBeNull();
    expect(screen.queryByRole("button", { name: "Show archived identities" })).toBeNull();
  });

  test("the questions are shown while the two get to know each other", () => {
    show({ current_phase: "get_to_know_you", asked_questions: ["family_structure"] });
    const topics = within(region("Getting to know you")).getAllByRole("listitem");
    expect(topics.map((topic) => topic.textContent)).toEqual([
      "Where you come from, to come",
      "Your family, asked",
      "Your work and how you live, to come",
      "What you like to do, to come",
      "Why you are here, and what you hope for, to come",
    ]);
  });

  test("skipped categories are named", () => {
    show({ skipped_identity_categories: ["spiritual", "doer_of_things"] });
    expect(screen.getByText("Skipped for now: Spiritual, Doer of Things.")).toBeTruthy();
  });

  test("notes and self-descriptions are listed", () => {
    answer(useUserNotes, [{ id: "n", note: "Has two cats.", created_at: STATE.updated_at }]);
    show({ who_you_are: ["אני גנן"], who_you_want_to_be: ["brave"] });
    expect(screen.getByText("Has two cats.")).toBeTruthy();
    expect(screen.getByText("אני גנן").getAttribute("dir")).toBe("auto");
    expect(within(region("Who you want to be")).getByText("brave")).toBeTruthy();
  });

  test("a state that did not come can be asked for again", async () => {
    answer(useUserState, undefined, true);
    const { refetch } = useUserState();
    render(
      <MantineProvider env="test">
        <StatePanel />
      </MantineProvider>,
    );
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(refetch).toHaveBeenCalled();
  });
});
