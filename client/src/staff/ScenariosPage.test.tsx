import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ScenarioSummary } from "../api/types";
import { announced } from "../testing/announced";
import { FakeApi, json, listOf, noAnswer, problem, SIGNED_OUT } from "../testing/fakeApi";
import { SESSION } from "../testing/fixtures";
import { address, openApp } from "../testing/openApp";
import { AS_STAFF, aReplayInDetail, aScenario, aSummary } from "../testing/staff";

const LIST = "GET /admin/scenarios";
const ADD = "POST /admin/scenarios";
const REPLAY = "POST /admin/replays";
const FREEZE = "POST /admin/scenarios/freeze";

const GARDEN = aSummary({ name: "Garden", description: "Of roses." });
const KITCHEN = aSummary({ name: "Kitchen", description: "Of soup.", added_by: "" });

async function opened(scenarios: ScenarioSummary[] = [GARDEN, KITCHEN], at = "/scenarios") {
  const api = new FakeApi({ ...AS_STAFF, [LIST]: () => listOf(scenarios) });
  const user = openApp(at);
  await screen.findByRole("heading", { name: "Scenarios" });
  return { api, user };
}

function aFile(name: string, text = "{}"): File {
  return new File([text], name, { type: "application/json" });
}

/** An answer that comes when the test says so. */
function heldBack() {
  let answer: (response: Response) => void = () => undefined;
  const promise = new Promise<Response>((resolve) => {
    answer = resolve;
  });
  return { promise, answer: (response: Response) => answer(response) };
}

async function uploaded(...files: File[]) {
  const input = screen.getByLabelText<HTMLInputElement>("Scenario files");
  fireEvent.change(input, { target: { files } });
  return within(await screen.findByRole("region", { name: "Uploaded files" }));
}

describe("the list of scenarios", () => {
  it("tells of each, and leads to it", async () => {
    await opened();
    const row = (await screen.findByRole("link", { name: "Garden" })).closest("li");
    expect(row?.textContent).toContain("Of roses.");
    expect(row?.textContent).toContain("2 turns, 2 actions");
    expect(row?.textContent).toContain("added by ada@example.org");
    expect(screen.getByRole("link", { name: "Kitchen" }).closest("li")?.textContent).toContain(
      "added by command",
    );
    expect(screen.getByRole("link", { name: "Garden" }).getAttribute("href")).toBe(`/scenarios/${GARDEN.id}`);
    expect(screen.getByRole("link", { name: "Replays" }).getAttribute("href")).toBe("/replays");
  });

  it("is fetched to its end", async () => {
    const api = new FakeApi({
      ...AS_STAFF,
      [LIST]: ({ search }) => (search.get("cursor") === "c1" ? listOf([KITCHEN]) : listOf([GARDEN], "c1")),
    });
    openApp("/scenarios");
    await screen.findByRole("link", { name: "Garden" });
    expect(screen.getByRole("link", { name: "Kitchen" })).toBeTruthy();
    expect(api.askedFor(LIST)).toHaveLength(2);
  });

  it("says what scenarios are where there are none", async () => {
    await opened([]);
    expect(await screen.findByText("There are no scenarios yet.")).toBeTruthy();
    expect(screen.getByText(/upload the files of the project’s/)).toBeTruthy();
  });

  it("finds by words, keeps them in the address, and says how many there are", async () => {
    const { user } = await opened();
    await user.type(await screen.findByLabelText("Find"), "SOUP");
    expect(screen.queryByRole("link", { name: "Garden" })).toBeNull();
    expect(screen.getByRole("link", { name: "Kitchen" })).toBeTruthy();
    await waitFor(() => expect(address()).toBe("/scenarios?q=SOUP"));
    await waitFor(() => expect(announced()).toBe("1 scenario shown."));
    await user.type(screen.getByLabelText("Find"), "x");
    await user.click(screen.getByRole("button", { name: "Show all" }));
    expect(screen.getByRole("link", { name: "Garden" })).toBeTruthy();
  });

  it("that could not be loaded says so, and is loaded on demand", async () => {
    const { api, user } = await (async () => {
      const api = new FakeApi({ ...AS_STAFF, [LIST]: () => problem(500) });
      return { api, user: openApp("/scenarios") };
    })();
    expect((await screen.findByRole("alert")).textContent).toContain("could not be loaded");
    api.on(LIST, () => listOf([GARDEN]));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: "Garden" })).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
  });

  it("keeps how many copies are wanted while nothing is found", async () => {
    const { user } = await opened();
    const copies = await screen.findByLabelText<HTMLInputElement>("Copies");
    await user.clear(copies);
    await user.type(copies, "25");
    await user.type(screen.getByLabelText("Find"), "nothing of that");
    expect(screen.queryByRole("button", { name: "Replay" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show all" }));
    expect(document.activeElement).toBe(screen.getByLabelText("Find"));
    expect(screen.getByLabelText<HTMLInputElement>("Copies").value).toBe("25");
  });

  it("follows the address", async () => {
    const { user } = await opened(undefined, "/scenarios?q=soup");
    expect(await screen.findByRole("link", { name: "Kitchen" })).toBeTruthy();
    expect(screen.queryByRole("link", { name: "Garden" })).toBeNull();
    await user.click(screen.getByRole("link", { name: "Scenarios" }));
    expect(await screen.findByRole("link", { name: "Garden" })).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Find").value).toBe("");
  });
});

describe("who may see the pages for staff", () => {
  it.each(["/scenarios", "/scenarios/1", "/replays", "/replays/1"])("not others: %s", async (at) => {
    const api = new FakeApi({
      "GET /auth/session": () =>
        json({ ...SESSION, user: SESSION.user && { ...SESSION.user, is_staff: false } }),
    });
    openApp(at);
    expect(await screen.findByText("There is nothing here.")).toBeTruthy();
    expect(api.asked.filter(({ path }) => path.startsWith("/admin"))).toEqual([]);
  });

  it("those who are signed out are led to signing in, and back", async () => {
    new FakeApi(SIGNED_OUT);
    openApp("/scenarios?q=x");
    const links = await screen.findAllByRole("link", { name: "Sign in" });
    expect(links[0]?.getAttribute("href")).toBe("/sign-in?next=%2Fscenarios%3Fq%3Dx");
  });

  it("who is staff no more learns so", async () => {
    const { api, user } = await opened();
    await screen.findByRole("link", { name: "Garden" });
    api.on("GET /auth/session", () =>
      json({ ...SESSION, user: SESSION.user && { ...SESSION.user, is_staff: false } }),
    );
    api.on(REPLAY, () => problem(403));
    await user.click(screen.getByLabelText("Choose Garden"));
    await user.click(screen.getByRole("button", { name: "Replay 1" }));
    expect(await screen.findByText("There is nothing here.")).toBeTruthy();
  });
});

describe("replaying", () => {
  it("sends what is chosen and the copies, and leads to the replay", async () => {
    const { api, user } = await opened();
    const replay = aReplayInDetail();
    api.on(REPLAY, () => json(replay, 201));
    api.on(`GET /admin/replays/${replay.id}`, () => json(replay));
    await user.click(await screen.findByLabelText("Choose Kitchen"));
    const copies = screen.getByLabelText("Copies");
    await user.clear(copies);
    await user.type(copies, "25");
    await user.click(screen.getByRole("button", { name: "Replay 1" }));
    await waitFor(() => expect(address()).toBe(`/replays/${replay.id}`));
    expect(api.askedFor(REPLAY)[0]?.body).toEqual({ scenario_ids: [KITCHEN.id], copies: 25 });
  });

  it("takes all that are shown, and none", async () => {
    const { user } = await opened();
    const all = await screen.findByLabelText<HTMLInputElement>("All 2 scenarios");
    await user.click(all);
    expect(screen.getByLabelText<HTMLInputElement>("Choose Garden").checked).toBe(true);
    expect(screen.getByRole("button", { name: "Replay 2" })).toBeTruthy();
    await user.click(screen.getByLabelText("Choose Garden"));
    expect(screen.getByLabelText<HTMLInputElement>("1 of 2 scenarios").indeterminate).toBe(true);
    await user.type(screen.getByLabelText("Find"), "soup");
    await user.click(screen.getByLabelText("1 of 1 scenario"));
    expect(screen.getByRole("button", { name: "Replay" })).toBeTruthy();
  });

  it("asks for nothing that cannot be", async () => {
    const { api, user } = await opened();
    await user.click(await screen.findByRole("button", { name: "Replay" }));
    expect((await screen.findByRole("alert")).textContent).toBe("Choose at least one scenario.");
    await user.click(screen.getByLabelText("Choose Garden"));
    expect(screen.queryByRole("alert")).toBeNull();
    await user.clear(screen.getByLabelText("Copies"));
    await user.click(screen.getByRole("button", { name: "Replay 1" }));
    expect(screen.getByText("A whole number from 1 to 1000.")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText("Copies"));
    expect(api.askedFor(REPLAY)).toEqual([]);
  });

  it("takes no more than the server does at once", async () => {
    const many = Array.from({ length: 501 }, (_, number) => aSummary({ name: `Scenario ${number}` }));
    const { api, user } = await opened(many);
    await user.click(await screen.findByLabelText("All 501 scenarios"));
    await user.click(screen.getByRole("button", { name: "Replay 501" }));
    expect((await screen.findByRole("alert")).textContent).toBe(
      "At most 500 scenarios can be replayed at once.",
    );
    expect(api.askedFor(REPLAY)).toEqual([]);
  });

  it("says that another one is under way, and leads there", async () => {
    const { api, user } = await opened();
    api.on(REPLAY, () => problem(409, { detail: "A replay is under way: wait for its end, or stop it." }));
    await user.click(await screen.findByLabelText("Choose Garden"));
    await user.click(screen.getByRole("button", { name: "Replay 1" }));
    expect((await screen.findByRole("alert")).textContent).toContain("A replay is under way");
    expect(screen.getByRole("link", { name: "Show the replays" }).getAttribute("href")).toBe("/replays");
  });
});

describe("uploading", () => {
  it("tells of each file by its name: added, taken, refused with its lines", async () => {
    const { api } = await opened();
    api.on(ADD, ({ text }) => {
      if (text === "taken") return problem(409, { detail: "There is a scenario “Garden” already." });
      if (text === "bad") {
        const errors = ["bad.json:3: turns.0: it is missing.", "bad.json: it is unknown."];
        return problem(422, { errors: errors.map((msg) => ({ loc: ["body"], msg })) });
      }
      return json(aSummary({ name: "Added one" }), 201);
    });
    const files = await uploaded(
      aFile("good.json", "good ü"),
      aFile("taken.json", "taken"),
      aFile("bad.json", "bad"),
      aFile("notes.txt"),
    );
    const row = (name: string) => files.getByText(name).closest("li");
    await waitFor(() => expect(row("notes.txt")?.textContent).toContain("Refused"));
    expect(row("good.json")?.textContent).toContain("Added");
    expect(files.getByRole("link", { name: "Added one" })).toBeTruthy();
    expect(row("taken.json")?.textContent).toContain("The name is taken");
    expect(row("bad.json")?.textContent).toContain("Line 3: turns.0: it is missing.");
    expect(row("bad.json")?.textContent).toContain("it is unknown.");
    expect(row("bad.json")?.textContent?.match(/bad\.json/g)).toHaveLength(1);
    expect(api.askedFor(ADD).map(({ text }) => text)).toEqual(["good ü", "taken", "bad"]);
    expect(Object.fromEntries(api.askedFor(ADD)[0]?.search ?? [])).toEqual({
      file: "good.json",
      replace: "false",
    });
    expect(api.askedFor(ADD)[0]?.headers.get("Content-Type")).toBe("application/json");
    await waitFor(() =>
      expect(announced()).toBe("4 files: 1 added, 1 with a name that is taken, 2 refused."),
    );
    await waitFor(() => expect(api.askedFor(LIST)).toHaveLength(2));
  });

  it("is shown in the list, though that was asked for before and comes after", async () => {
    const { promise, answer } = heldBack();
    const api = new FakeApi({ ...AS_STAFF, [LIST]: () => promise, [ADD]: () => json(GARDEN, 201) });
    openApp("/scenarios");
    await waitFor(() => expect(api.askedFor(LIST)).toHaveLength(1));
    const files = await uploaded(aFile("garden.json"));
    expect(await files.findByText("Added")).toBeTruthy();
    api.on(LIST, () => listOf([GARDEN]));
    answer(listOf([]));
    expect(await screen.findByRole("checkbox", { name: "Choose Garden" })).toBeTruthy();
  });

  it("replaces on demand, and keeps the focus on the list", async () => {
    const { api, user } = await opened();
    api.on(ADD, ({ search }) => (search.get("replace") === "true" ? json(GARDEN) : problem(409)));
    const files = await uploaded(aFile("garden.json"));
    const replace = await files.findByRole("button", { name: "Replace the scenario with garden.json" });
    replace.focus();
    await user.click(replace);
    expect(await files.findByText("Replaced")).toBeTruthy();
    expect(api.askedFor(ADD)[1]?.search.get("replace")).toBe("true");
    expect(document.activeElement).toBe(files.getByRole("heading", { name: "Uploaded files" }));
    await user.click(files.getByRole("button", { name: "Close the list of uploaded files" }));
    expect(screen.queryByRole("region", { name: "Uploaded files" })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Upload" }));
  });

  it("replaces several at once", async () => {
    const { api, user } = await opened();
    api.on(ADD, ({ search }) => (search.get("replace") === "true" ? json(GARDEN) : problem(409)));
    const files = await uploaded(aFile("a.json"), aFile("b.json"));
    await user.click(await files.findByRole("button", { name: "Replace all 2" }));
    await waitFor(() => expect(files.getAllByText("Replaced")).toHaveLength(2));
  });

  it("says what the server did: where the name was free after all, nothing was replaced", async () => {
    const { api, user } = await opened();
    api.on(ADD, ({ search }) => (search.get("replace") === "true" ? json(GARDEN, 201) : problem(409)));
    const files = await uploaded(aFile("a.json"));
    await user.click(await files.findByRole("button", { name: "Replace the scenario with a.json" }));
    expect(await files.findByText("Added")).toBeTruthy();
  });

  it("cannot be closed before each file has come to something", async () => {
    const { api } = await opened();
    const { promise, answer } = heldBack();
    api.on(ADD, () => promise);
    const files = await uploaded(aFile("a.json"));
    await files.findByText("Being sent");
    const close = { name: "Close the list of uploaded files" };
    expect(files.queryByRole("button", close)).toBeNull();
    answer(json(GARDEN, 201));
    expect(await files.findByRole("button", close)).toBeTruthy();
  });

  it("says what was not sent, and sends it again", async () => {
    const { api, user } = await opened();
    api.on(ADD, noAnswer);
    const files = await uploaded(aFile("a.json"));
    expect(await files.findByText("Not sent")).toBeTruthy();
    api.on(ADD, () => json(GARDEN, 201));
    await user.click(files.getByRole("button", { name: "Send a.json again" }));
    expect(await files.findByText("Added")).toBeTruthy();
  });

  it("refuses what is no text or too large without sending it", async () => {
    const { api } = await opened();
    const files = await uploaded(
      new File([new Uint8Array([0xff, 0xfe, 0x00])], "binary.json"),
      aFile("large.json", "x".repeat(2 * 1024 * 1024 + 1)),
    );
    expect(await files.findByText("It is larger than 2 MiB.")).toBeTruthy();
    expect(files.getByText("It is no text in UTF-8.")).toBeTruthy();
    expect(api.askedFor(ADD)).toEqual([]);
  });

  it("takes files that are dropped on the page", async () => {
    const { api } = await opened();
    api.on(ADD, () => json(GARDEN, 201));
    const dataTransfer = { types: ["Files"], files: [aFile("a.json")] };
    fireEvent.dragOver(document.body, { dataTransfer });
    expect(await screen.findByText("Drop the files to upload them.")).toBeTruthy();
    fireEvent.drop(document.body, { dataTransfer });
    expect(screen.queryByText("Drop the files to upload them.")).toBeNull();
    expect(await screen.findByText("a.json")).toBeTruthy();
  });
});

describe("freezing a conversation", () => {
  async function asked() {
    const { api, user } = await opened();
    await user.click(screen.getByRole("button", { name: "Freeze a conversation…" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Freeze a conversation" }));
    return { api, user, dialog };
  }

  it("keeps no real names unless it is asked to, shows the remarks, and leads to the scenario", async () => {
    const { api, user, dialog } = await asked();
    const scenario = aScenario({ name: "Frozen" });
    api.on(FREEZE, () => json({ scenario, remarks: ["1 turn.", "An action was cancelled."] }, 201));
    expect(dialog.getByRole<HTMLInputElement>("switch", { name: "Keep real names" }).checked).toBe(false);
    await user.type(dialog.getByLabelText("Email of the user"), "ada@example.org");
    await user.click(dialog.getByRole("button", { name: "Freeze" }));
    expect(await dialog.findByText("An action was cancelled.")).toBeTruthy();
    expect(document.activeElement?.textContent).toContain("“Frozen” was added");
    expect(api.askedFor(FREEZE)[0]?.body).toEqual({
      email: "ada@example.org",
      name: null,
      real_names: false,
      replace: false,
    });
    expect(dialog.getByRole("link", { name: "Open the scenario" }).getAttribute("href")).toBe(
      `/scenarios/${scenario.id}`,
    );
    await user.click(dialog.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("says why it could not be done, where it is to be mended", async () => {
    const { api, user, dialog } = await asked();
    await user.click(dialog.getByRole("button", { name: "Freeze" }));
    expect(await dialog.findByText("Write the email.")).toBeTruthy();
    expect(document.activeElement).toBe(dialog.getByLabelText("Email of the user"));
    api.on(FREEZE, () => problem(422, { detail: "Not all actions of this user have ended" }));
    await user.type(dialog.getByLabelText("Email of the user"), "ada@example.org");
    await user.type(dialog.getByLabelText("Name of the scenario"), "Mine");
    await user.click(dialog.getByRole("switch", { name: "Keep real names" }));
    await user.click(dialog.getByRole("button", { name: "Freeze" }));
    expect((await dialog.findByRole("alert")).textContent).toBe("Not all actions of this user have ended.");
    expect(api.askedFor(FREEZE)[0]?.body).toEqual({
      email: "ada@example.org",
      name: "Mine",
      real_names: true,
      replace: false,
    });
    api.on(FREEZE, () => problem(422, { errors: [{ loc: ["body", "order", "name"], msg: "too long" }] }));
    await user.click(dialog.getByRole("button", { name: "Freeze" }));
    expect(await dialog.findByText("Too long.")).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(dialog.getByLabelText("Name of the scenario")));
  });

  it("offers to replace the scenario that has the name", async () => {
    const { api, user, dialog } = await asked();
    api.on(FREEZE, () => problem(409, { detail: "There is a scenario 'Mine' already" }));
    await user.type(dialog.getByLabelText("Email of the user"), "ada@example.org");
    await user.click(dialog.getByRole("button", { name: "Freeze" }));
    expect(await dialog.findByText("There is a scenario 'Mine' already.")).toBeTruthy();
    api.on(FREEZE, () => json({ scenario: aScenario({ name: "Mine" }), remarks: [] }, 201));
    await user.click(dialog.getByRole("button", { name: "Replace it" }));
    await waitFor(() => expect(document.activeElement?.textContent).toContain("“Mine” was added"));
    expect(api.askedFor(FREEZE).map(({ body }) => (body as { replace: boolean }).replace)).toEqual([
      false,
      true,
    ]);
    expect(dialog.queryByText("Remarks:")).toBeNull();
  });

  it("says at the email that nobody has it", async () => {
    const { api, user, dialog } = await asked();
    const errors = [{ loc: ["body", "email"], msg: "no user has the email 'ada@example.org'" }];
    api.on(FREEZE, () => problem(422, { errors }));
    await user.type(dialog.getByLabelText("Email of the user"), "ada@example.org");
    await user.click(dialog.getByRole("button", { name: "Freeze" }));
    const email = dialog.getByLabelText("Email of the user");
    await waitFor(() => expect(email.getAttribute("aria-invalid")).toBe("true"));
    const describedBy = email.getAttribute("aria-describedby") ?? "";
    expect(document.getElementById(describedBy)?.textContent).toBe(
      "No user has the email 'ada@example.org'.",
    );
    expect(document.activeElement).toBe(email);
    expect(dialog.queryByRole("alert")).toBeNull();
  });

  it("goes on when the dialog is closed, and tells on the page what came of it", async () => {
    const { api, user, dialog } = await asked();
    const { promise, answer } = heldBack();
    api.on(FREEZE, () => promise);
    await user.type(dialog.getByLabelText("Email of the user"), "ada@example.org");
    await user.click(dialog.getByRole("button", { name: "Freeze" }));
    await user.click(await dialog.findByRole("button", { name: "Leave it running" }));
    expect(await screen.findByText("The conversation is being frozen…")).toBeTruthy();
    answer(problem(422, { detail: "Not all actions of this user have ended" }));
    expect((await screen.findByRole("alert")).textContent).toContain(
      "The conversation was not frozen. Not all actions of this user have ended.",
    );
    api.on(FREEZE, () => json({ scenario: aScenario({ name: "Frozen" }), remarks: [] }, 201));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    const again = within(await screen.findByRole("dialog", { name: "Freeze a conversation" }));
    await user.type(again.getByLabelText("Email of the user"), "ada@example.org");
    await user.click(again.getByRole("button", { name: "Freeze" }));
    expect(await again.findByText("“Frozen” was added.")).toBeTruthy();
    await user.click(again.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.queryByText("“Frozen” was added.")).toBeNull();
  });

  it("gives the focus back", async () => {
    const { user, dialog } = await asked();
    await user.click(dialog.getByRole("button", { name: "Cancel" }));
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("button", { name: "Freeze a conversation…" })),
    );
  });
});
