import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Replay, ReplayDetail } from "../api/types";
import { announced } from "../testing/announced";
import { FakeApi, json, listOf, noAnswer, problem } from "../testing/fakeApi";
import { address, openApp } from "../testing/openApp";
import { AS_STAFF, aReplay, aReplayInDetail, aResult, aSummary, ENDED } from "../testing/staff";

const LIST = "GET /admin/replays";

afterEach(() => void vi.useRealTimers());

/** Lets so much time pass. */
async function pass(ms: number) {
  await act(() => vi.advanceTimersByTimeAsync(ms));
}

describe("the list of replays", () => {
  async function opened(replays: Replay[]) {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const api = new FakeApi({ ...AS_STAFF, [LIST]: () => listOf(replays) });
    const user = openApp("/replays");
    await screen.findByRole("heading", { name: "Replays" });
    return { api, user };
  }

  it("tells how each stands, and leads to it", async () => {
    const running = aReplay();
    const ended = aReplay({ ...ENDED, names: ["Garden"], started_by: "" });
    await opened([running, ended]);
    const row = (await screen.findByRole("link", { name: "3 scenarios" })).closest("li")?.textContent;
    expect(row).toContain("Running");
    expect(row).toContain("6 of 30 copies done");
    const other = screen.getByRole("link", { name: "Garden" });
    expect(other.getAttribute("href")).toBe(`/replays/${ended.id}`);
    const words = other.closest("li")?.textContent?.replaceAll("\u00a0", " ");
    expect(words).toContain("As expected");
    expect(words).toContain("by command");
    expect(words).toContain("took 4.2 s, 240 actions");
  });

  it("is asked for every two seconds while one runs, and no longer", async () => {
    const { api } = await opened([aReplay()]);
    await screen.findByText("Running");
    const asked = api.askedFor(LIST).length;
    await pass(6_500);
    expect(api.askedFor(LIST).length - asked).toBe(3);
    api.on(LIST, () => listOf([aReplay(ENDED)]));
    await pass(2_500);
    expect(await screen.findByText("As expected")).toBeTruthy();
    const atEnd = api.askedFor(LIST).length;
    await pass(20_000);
    expect(api.askedFor(LIST).length).toBe(atEnd);
  });

  it("shows more on demand, and says where there is nothing", async () => {
    const first = aReplay({ ...ENDED, names: ["First"] });
    const { api, user } = await opened([]);
    expect(await screen.findByText("Nothing has been replayed yet.")).toBeTruthy();
    api.on(LIST, ({ search }) =>
      search.has("cursor") ? listOf([aReplay({ ...ENDED, names: ["Second"] })]) : listOf([first], "c1"),
    );
    await pass(2_000);
    act(() => void document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
    await user.click(await screen.findByRole("button", { name: "Show more" }));
    expect(await screen.findByRole("link", { name: "Second" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "First" })).toBeTruthy();
  });
});

describe("a replay that runs", () => {
  async function opened(replay: ReplayDetail = aReplayInDetail()) {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const what = `GET /admin/replays/${replay.id}`;
    const api = new FakeApi({
      ...AS_STAFF,
      [what]: () => json(replay),
      "GET /admin/scenarios": () => listOf([aSummary({ name: "One" }), aSummary({ name: "Other" })]),
    });
    const user = openApp(`/replays/${replay.id}`);
    await screen.findByRole("heading", { level: 1, name: "Replay of 3 scenarios" });
    const becomes = (parts: Partial<ReplayDetail>) => api.on(what, () => json({ ...replay, ...parts }));
    return { api, user, replay, what, becomes };
  }

  it("tells how far it is, asked for each second until its end, and no longer", async () => {
    const { api, what, becomes } = await opened();
    const bar = await screen.findByRole("progressbar", { name: "Copies done" });
    expect(bar.getAttribute("aria-valuetext")).toBe("6 of 30 copies");
    expect(screen.getByText("So far, all is as expected.")).toBeTruthy();
    for (const done of [9, 12, 15, 18]) {
      becomes({ done });
      await pass(1_050);
    }
    expect(screen.getByText("18 of 30 copies")).toBeTruthy();
    expect(screen.getByText(/about 3 copies a second, about/)).toBeTruthy();
    becomes({ ...ENDED, results: [aResult()] });
    await pass(1_500);
    expect(screen.queryByRole("progressbar")).toBeNull();
    expect(screen.getByText("All 3 scenarios came out as expected.")).toBeTruthy();
    const asked = api.askedFor(what).length;
    await pass(20_000);
    expect(api.askedFor(what)).toHaveLength(asked);
  });

  it("is told of politely: at its start, at a difference, at its end", async () => {
    const { becomes } = await opened();
    await waitFor(() => expect(announced()).toBe("The replay is under way."));
    await pass(6_000);
    becomes({ done: 9 });
    await pass(1_700);
    expect(announced()).toBe("");
    becomes({ done: 12, differing: 1 });
    await pass(1_700);
    await waitFor(() => expect(announced()).toBe("1 scenario differs so far."));
    await pass(6_000);
    becomes({ ...ENDED, status: "differs", differing: 1, results: [] });
    await pass(1_700);
    await waitFor(() =>
      expect(announced()).toBe(
        "The replay has ended. 1 of 3 scenarios came out differently from what is expected.",
      ),
    );
  });

  it("is stopped, and the focus stays on the page", async () => {
    const { api, user, replay, becomes } = await opened();
    const stop = `POST /admin/replays/${replay.id}/stop`;
    api.on(stop, () => {
      becomes({ is_stopping: true });
      return json({ ...replay, is_stopping: true });
    });
    await user.click(await screen.findByRole("button", { name: "Stop" }));
    const stopping = await screen.findByRole("button", { name: "Stopping…" });
    await user.click(stopping);
    expect(api.askedFor(stop)).toHaveLength(1);
    expect(document.activeElement).toBe(stopping);
    becomes({ status: "stopped", reason: "", ended_at: "2026-03-04T10:00:05Z" });
    await pass(1_500);
    expect(screen.getByText("It was stopped before its end, so there are no results.")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
  });

  it("that has ended before it is stopped shows its end, and no failure", async () => {
    const { api, user, replay, becomes } = await opened();
    api.on(`POST /admin/replays/${replay.id}/stop`, () => {
      becomes({ ...ENDED, results: [] });
      return problem(409);
    });
    await user.click(await screen.findByRole("button", { name: "Stop" }));
    expect(await screen.findByText("All 3 scenarios came out as expected.")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says that it could not be stopped", async () => {
    const { api, user, replay } = await opened();
    api.on(`POST /admin/replays/${replay.id}/stop`, () => problem(503));
    await user.click(await screen.findByRole("button", { name: "Stop" }));
    expect((await screen.findByRole("alert")).textContent).toContain("It could not be stopped.");
    expect(screen.getByRole("button", { name: "Stop" })).toBeTruthy();
  });

  it("says that it does not hear of it, and goes on by itself", async () => {
    const { api, what, becomes } = await opened();
    api.on(what, noAnswer);
    await pass(4_000);
    expect((await screen.findByRole("alert")).textContent).toContain("This may not be up to date.");
    expect(screen.getByRole("progressbar")).toBeTruthy();
    becomes({ done: 20 });
    await pass(4_000);
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByText("20 of 30 copies")).toBeTruthy();
  });

  it("leads to its scenarios, chosen anew as far as they are there", async () => {
    const { user } = await opened(aReplayInDetail({ ...ENDED, copies: 7, results: [] }));
    await user.click(await screen.findByRole("link", { name: "Replay again" }));
    expect((await screen.findByLabelText<HTMLInputElement>("Choose One")).checked).toBe(true);
    expect(screen.getByLabelText<HTMLInputElement>("Choose Other").checked).toBe(false);
    expect(screen.getByLabelText<HTMLInputElement>("Copies").value).toBe("7");
    expect(address()).toBe("/scenarios");
  });
});

describe("a replay that has ended", () => {
  async function opened(parts: Partial<ReplayDetail>) {
    const replay = aReplayInDetail({ ...ENDED, ...parts });
    new FakeApi({ ...AS_STAFF, [`GET /admin/replays/${replay.id}`]: () => json(replay) });
    openApp(`/replays/${replay.id}`);
    await screen.findByRole("heading", { level: 1, name: "Replay of 3 scenarios" });
    return replay;
  }

  it("shows what each scenario came to, what differs first", async () => {
    const replay = await opened({
      status: "differs",
      differing: 1,
      results: [
        aResult({ name: "One" }),
        aResult({
          name: "Two",
          as_expected: false,
          differences: [
            { place: "identities[0].state", expected: "accepted", got: "proposed", by: "3. accept_identity" },
            { place: "user_notes[0]", expected: "nothing", got: { note: "x" }, by: null },
          ],
          unresolved: ["turn 3: there is no identity “Cook”"],
          unsettled: [4],
          disagreements: [
            {
              number: 2,
              differences: [{ place: "actions[0].status", expected: "succeeded", got: "dead", by: null }],
            },
          ],
        }),
      ],
    });
    expect(
      await screen.findByText("1 of 3 scenarios came out differently from what is expected."),
    ).toBeTruthy();
    const two = within(screen.getByRole("region", { name: "Two" }));
    expect(two.getByText("identities[0].state")).toBeTruthy();
    expect(two.getByText("accepted")).toBeTruthy();
    expect(two.getByText("3. Accept an identity")).toBeTruthy();
    expect(two.getByText("turn 3: there is no identity “Cook”.")).toBeTruthy();
    expect(two.getByText("In copy 4.")).toBeTruthy();
    expect(two.getByText("Copy 2")).toBeTruthy();
    expect(two.getByText("dead")).toBeTruthy();
    const fine = screen.getByRole("list", { name: "As expected" });
    expect(fine.textContent).toContain("One");
    expect(screen.getByRole("region", { name: "Two" }).compareDocumentPosition(fine)).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const report = screen.getByRole("link", { name: "Open the report (in a new tab)" });
    expect(report.getAttribute("href")).toBe(`/api/v1/admin/replays/${replay.id}/report`);
    expect(report.getAttribute("target")).toBe("_blank");
  });

  it("says why it failed, and offers no report that is not there", async () => {
    await opened({
      status: "failed",
      reason: "Its process was gone before it had ended.",
      has_report: false,
      seconds: null,
    });
    expect(
      await screen.findByText(
        "It failed before its end, so there are no results. Its process was gone before it had ended.",
      ),
    ).toBeTruthy();
    expect(screen.queryByRole("link", { name: /report/ })).toBeNull();
  });

  it("that is not there says so", async () => {
    new FakeApi({ ...AS_STAFF, [LIST]: () => listOf([]) });
    openApp("/replays/none");
    expect((await screen.findByRole("alert")).textContent).toContain("This replay is not there.");
  });
});
