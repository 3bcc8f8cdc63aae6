import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Scenario } from "../api/types";
import { announced } from "../testing/announced";
import { FakeApi, json, listOf, problem } from "../testing/fakeApi";
import { address, openApp } from "../testing/openApp";
import { AS_STAFF, aReplayInDetail, aScenario } from "../testing/staff";

async function opened(scenario: Scenario = aScenario()) {
  const api = new FakeApi({
    ...AS_STAFF,
    "GET /admin/scenarios": () => listOf([]),
    [`GET /admin/scenarios/${scenario.id}`]: () => json(scenario),
  });
  const user = openApp(`/scenarios/${scenario.id}`);
  await screen.findByRole("heading", { level: 1, name: scenario.name });
  return { api, user, scenario };
}

describe("a scenario", () => {
  it("is read as a conversation, with what each action is and what is expected of it", async () => {
    await opened();
    const [first, second] = within(screen.getByRole("list", { name: "Turns" }))
      .getAllByRole("heading", { level: 3 })
      .map((heading) => heading.closest("li")?.textContent);
    expect(first).toContain("asked in the phase Identity Refinement");
    expect(first).toContain("I also cook.");
    expect(first).toContain("Create an identity");
    expect(first).toContain("CategoryMaker of Money");
    expect(first).toContain("Expected: Refused");
    expect(first).toContain("It is not allowed.");
    expect(second).toContain("Accept an identity");
    expect(second).toContain("IdentityNight Gardener");
    expect(second).toContain("Expected: Done");
  });

  it("says how it begins and what must come of it", async () => {
    await opened();
    const start = screen.getByRole("region", { name: "At the start" }).textContent;
    expect(start).toContain("Sample User");
    expect(start).toContain("Current phaseIdentity Brainstorming");
    expect(start).toContain("Night Gardener · Passions and Talents");
    expect(start).toContain("Has two cats.");
    expect(screen.getByRole("list", { name: "What was said before" }).textContent).toContain(
      "Shall we begin?",
    );
    const expected = screen.getByRole("region", { name: "What is expected" }).textContent;
    expect(expected).toContain("Identity focusnothing");
    expect(expected).toContain("StateAccepted");
    expect(expected).toContain("Notes about the userNone.");
  });

  it("that expects nothing says so, and shows a long text on demand", async () => {
    const long = "x".repeat(2_000);
    const { user } = await opened(aScenario({ content: { turns: [{ user: long }] } }));
    expect(screen.getByText(/Nothing is written down/)).toBeTruthy();
    expect(screen.queryByText(long)).toBeNull();
    await user.click(screen.getByRole("button", { name: /^Show all 2000 characters/ }));
    expect(screen.getByText(long)).toBeTruthy();
  });

  it("lists the expected actions where they are not those that are asked for", async () => {
    const content = {
      turns: [],
      expect: { actions: [{ action_type: "add_user_note", status: "succeeded" }] },
    };
    await opened(aScenario({ content, actions: 0 }));
    expect(screen.getByText("Add a note about you: Done")).toBeTruthy();
  });

  it("shows hostile texts as texts", async () => {
    const text = "<img src=x onerror=alert(1)>";
    await opened(aScenario({ name: text, content: { turns: [{ user: text }] } }));
    expect(screen.getAllByText(text).length).toBeGreaterThan(1);
    expect(document.querySelector("main img")).toBeNull();
  });

  it("is replayed", async () => {
    const { api, user, scenario } = await opened();
    const replay = aReplayInDetail();
    api.on("POST /admin/replays", () => json(replay, 201));
    api.on(`GET /admin/replays/${replay.id}`, () => json(replay));
    await user.click(screen.getByRole("button", { name: "Replay" }));
    await waitFor(() => expect(address()).toBe(`/replays/${replay.id}`));
    expect(api.askedFor("POST /admin/replays")[0]?.body).toEqual({ scenario_ids: [scenario.id], copies: 1 });
  });

  it("that is gone says so, and leads to the others", async () => {
    new FakeApi({ ...AS_STAFF, "GET /admin/scenarios": () => listOf([]) });
    const user = openApp("/scenarios/none");
    expect((await screen.findByRole("alert")).textContent).toContain("This scenario is not there.");
    await user.click(screen.getByRole("button", { name: "Show all scenarios" }));
    await waitFor(() => expect(address()).toBe("/scenarios"));
  });

  it("that could not be loaded is loaded on demand", async () => {
    const scenario = aScenario();
    const api = new FakeApi({ ...AS_STAFF, [`GET /admin/scenarios/${scenario.id}`]: () => problem(500) });
    const user = openApp(`/scenarios/${scenario.id}`);
    expect((await screen.findByRole("alert")).textContent).toContain("could not be loaded");
    api.on(`GET /admin/scenarios/${scenario.id}`, () => json(scenario));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: scenario.name })).toBeTruthy();
  });
});

describe("deleting a scenario", () => {
  async function asked() {
    const all = await opened();
    await all.user.click(screen.getByRole("button", { name: "Delete…" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Delete the scenario?" }));
    return { ...all, dialog, what: `DELETE /admin/scenarios/${all.scenario.id}` };
  }

  it("asks first, then leads to the list and says so", async () => {
    const { api, user, dialog, what } = await asked();
    expect(document.activeElement).toBe(dialog.getByRole("button", { name: "Keep it" }));
    expect(api.askedFor(what)).toEqual([]);
    api.on(what, () => new Response(null, { status: 204 }));
    await user.click(dialog.getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(address()).toBe("/scenarios"));
    await waitFor(() => expect(announced()).toContain("was deleted."));
    expect(screen.getByRole("main").contains(document.activeElement)).toBe(true);
  });

  it("is done where somebody else was faster", async () => {
    const { api, user, dialog, what } = await asked();
    api.on(what, () => problem(404));
    await user.click(dialog.getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(address()).toBe("/scenarios"));
  });

  it("says that it did not work, and gives the focus back", async () => {
    const { api, user, dialog, what } = await asked();
    api.on(what, () => problem(503));
    await user.click(dialog.getByRole("button", { name: "Delete" }));
    expect((await dialog.findByRole("alert")).textContent).toContain("It could not be deleted.");
    await user.click(dialog.getByRole("button", { name: "Keep it" }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Delete…" })));
  });
});
