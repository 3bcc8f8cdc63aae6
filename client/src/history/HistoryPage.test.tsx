import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Action } from "../api/types";
import { announced } from "../testing/announced";
import { FakeApi, listOf, problem } from "../testing/fakeApi";
import { ACTIONS } from "../testing/fixtures";
import { address, openApp } from "../testing/openApp";

const NEWEST_FIRST = ACTIONS.toReversed();

function aScreen(isWide: boolean) {
  const original = window.matchMedia;
  vi.spyOn(window, "matchMedia").mockImplementation((media) =>
    Object.assign(original(media), { matches: media.includes("min-width") && isWide }),
  );
}

function entry(action: Action): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-action-id="${action.id}"]`);
  if (found === null) throw new Error(`${action.label} is not shown.`);
  return found;
}

function theOne(wanted: Partial<Action>): Action {
  const found = ACTIONS.find((action) =>
    Object.entries(wanted).every(([key, value]) => action[key as keyof Action] === value),
  );
  if (found === undefined) throw new Error("There is no such action in the fixture.");
  return found;
}

async function opened(at = "/history") {
  const user = openApp(at);
  await screen.findByRole("heading", { name: "History" });
  return user;
}

describe.each([
  ["a table on a wide screen", true, "table"],
  ["cards on a narrow one", false, "list"],
] as const)("the history as %s", (_, isWide, role) => {
  it("shows every action, newest first, with its fate in words", async () => {
    aScreen(isWide);
    new FakeApi();
    await opened();
    const shown = await screen.findByRole(role, { name: "Actions" });
    const ids = [...shown.querySelectorAll("[data-action-id]")].map((row) =>
      row.getAttribute("data-action-id"),
    );
    expect(ids).toEqual(NEWEST_FIRST.map(({ id }) => id));
    const dead = entry(theOne({ status: "dead" })).textContent?.replaceAll("\u00a0", " ");
    expect(dead).toContain("Gave up after 5 attempts");
    expect(dead).toContain("The attempt took longer than its time limit.");
    expect(dead).toContain("Waited 31 s, ran 29 s, 5 attempts");
  });

  it("shows the parameters, times and error on demand, and leads to the message", async () => {
    aScreen(isWide);
    new FakeApi();
    const user = await opened();
    await screen.findByRole(role, { name: "Actions" });
    const action = theOne({ action_type: "create_identity", status: "dead" });
    const details = within(entry(action)).getByRole("button", { name: "Details of Create an identity" });
    expect(details.getAttribute("aria-expanded")).toBe("false");
    await user.click(details);
    expect(details.getAttribute("aria-expanded")).toBe("true");
    const text = entry(action).textContent;
    expect(text).toContain("CategoryMaker of Money");
    expect(text).toContain("Notenothing");
    expect(text).toContain("Error: It took too long");
    expect(text).toContain("Attempts5");
    expect(text).toContain("As JSON");
    const link = within(entry(action)).getByRole("link", { name: "Show its message in the chat" });
    expect(link.getAttribute("href")).toBe(`/?message=${action.coach_message_id}`);
  });
});

describe("an action's details", () => {
  it("name the identity that an id stands for", async () => {
    new FakeApi();
    const user = await opened();
    const action = theOne({ action_type: "add_identity_note" });
    await screen.findByRole("list", { name: "Actions" });
    await user.click(within(entry(action)).getByRole("button", { name: /^Details/ }));
    await waitFor(() => expect(entry(action).textContent).toContain("IdentityNight Gardener"));
  });

  it("say where the message has gone", async () => {
    const action = { ...theOne({ status: "skipped" }), coach_message_id: null };
    new FakeApi({ "GET /actions": () => listOf([action]) });
    const user = await opened();
    await user.click(await screen.findByRole("button", { name: /^Details/ }));
    expect(screen.getByText("Its message was cleared when the chat was reset.")).toBeTruthy();
    expect(screen.queryByRole("link", { name: /message/ })).toBeNull();
  });

  it("show hostile texts as texts", async () => {
    const note = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    const action = {
      ...theOne({ status: "succeeded" }),
      parameters: { note, "<b>": "<i>" },
      result_summary: note,
    };
    new FakeApi({ "GET /actions": () => listOf([action]) });
    const user = await opened();
    await user.click(await screen.findByRole("button", { name: /^Details/ }));
    expect(within(entry(action)).getAllByText(note)).toHaveLength(2);
    expect(entry(action).querySelector("img, script, b, i")).toBeNull();
  });
});

describe("the filters", () => {
  it("ask the server, and stand in the address", async () => {
    const api = new FakeApi();
    const user = await opened();
    await user.selectOptions(screen.getByLabelText("Status"), "Gave up");
    await user.selectOptions(screen.getByLabelText("Type"), "Create an identity");
    await waitFor(() =>
      expect(Object.fromEntries(api.askedFor("GET /actions").at(-1)?.search ?? [])).toEqual({
        status: "dead",
        action_type: "create_identity",
      }),
    );
    expect(address()).toBe("/history?status=dead&action_type=create_identity");
  });

  it("are read from the address", async () => {
    const api = new FakeApi();
    await opened("/history?q=cook&action_type=create_identity&status=nonsense");
    expect(screen.getByLabelText<HTMLInputElement>("Text").value).toBe("cook");
    expect(screen.getByLabelText<HTMLSelectElement>("Type").value).toBe("create_identity");
    expect(screen.getByLabelText<HTMLSelectElement>("Status").value).toBe("");
    await waitFor(() => expect(api.askedFor("GET /actions")).toHaveLength(1));
    expect(Object.fromEntries(api.askedFor("GET /actions")[0]?.search ?? [])).toEqual({
      q: "cook",
      action_type: "create_identity",
    });
  });

  it("wait for the typing to pause, and ask once", async () => {
    const api = new FakeApi();
    const user = await opened();
    await waitFor(() => expect(api.askedFor("GET /actions")).toHaveLength(1));
    await user.type(screen.getByLabelText("Text"), "night garden");
    await waitFor(() => expect(address()).toBe("/history?q=night+garden"));
    await waitFor(() => expect(api.askedFor("GET /actions")).toHaveLength(2));
    expect(api.askedFor("GET /actions")[1]?.search.get("q")).toBe("night garden");
    expect(screen.getByLabelText<HTMLInputElement>("Text").value).toBe("night garden");
  });

  it("are cleared at once, with what was typed a moment ago", async () => {
    new FakeApi();
    const user = await opened("/history?status=dead");
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await user.type(screen.getByLabelText("Text"), "x");
    await user.click(screen.getByRole("button", { name: "Clear" }));
    expect(screen.getByLabelText<HTMLInputElement>("Text").value).toBe("");
    await act(() => vi.advanceTimersByTimeAsync(10_000));
    vi.useRealTimers();
    expect(address()).toBe("/history");
    expect(screen.queryByRole("button", { name: "Clear" })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
  });

  it("that leave nothing say so, and show everything on demand", async () => {
    const api = new FakeApi({ "GET /actions": ({ search }) => listOf(search.has("q") ? [] : NEWEST_FIRST) });
    const user = await opened("/history?q=zebra");
    await screen.findByText("Nothing matches.");
    await user.click(screen.getByRole("button", { name: "Show everything" }));
    expect(await screen.findByRole("list", { name: "Actions" })).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
    expect(screen.getByLabelText<HTMLInputElement>("Text").value).toBe("");
    expect(api.askedFor("GET /actions")).toHaveLength(2);
  });

  it("tell those who cannot see it how much is left", async () => {
    new FakeApi({ "GET /actions": () => listOf([theOne({ status: "dead" })], "c1") });
    await opened("/history?status=dead");
    await waitFor(() => expect(announced()).toBe("1 action shown, and there are more."));
  });
});

describe("a long history", () => {
  it("shows more on demand, until there is no more", async () => {
    const api = new FakeApi({
      "GET /actions": ({ search }) =>
        search.get("cursor") === "c1"
          ? listOf(NEWEST_FIRST.slice(2))
          : listOf(NEWEST_FIRST.slice(0, 2), "c1"),
    });
    const user = await opened();
    await user.click(await screen.findByRole("button", { name: "Show more" }));
    await waitFor(() => expect(document.querySelectorAll("[data-action-id]")).toHaveLength(ACTIONS.length));
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
    await waitFor(() => expect(announced()).toBe(`${ACTIONS.length} actions shown.`));
    expect(api.askedFor("GET /actions").map(({ search }) => search.get("cursor"))).toEqual([null, "c1"]);
  });
});

describe("a history of nothing", () => {
  it("says how it comes to be filled", async () => {
    new FakeApi({ "GET /actions": () => listOf([]) });
    await opened();
    expect(await screen.findByText("Nothing has come of your conversations yet.")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Talk to the coach" }).getAttribute("href")).toBe("/");
  });
});

describe("a history that could not be loaded", () => {
  it("says so, and is loaded on demand", async () => {
    const api = new FakeApi({ "GET /actions": () => problem(500) });
    const user = await opened();
    await screen.findByText("The history could not be loaded just now.");
    expect(screen.queryByText("Nothing has come of your conversations yet.")).toBeNull();
    api.on("GET /actions", () => listOf(NEWEST_FIRST));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("list", { name: "Actions" })).toBeTruthy();
  });
});
