import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { announced } from "../testing/announced";
import { FakeApi, json, listOf, problem, SIGNED_OUT } from "../testing/fakeApi";
import { SESSION } from "../testing/fixtures";
import { address, openApp } from "../testing/openApp";
import { COLOR_SCHEME_KEY } from "./theme";

const STAFF = { ...SESSION, user: SESSION.user && { ...SESSION.user, is_staff: true } };
const FLOWER = "http://127.0.0.1:5555/";
const SCENARIOS = "/scenarios";
const NO_STAFF = { ...SESSION, user: SESSION.user && { ...SESSION.user, is_staff: false } };

/** A menu hides where its button is out of sight, as everything is in jsdom. */
const HIDDEN = { hidden: true };

async function openMenu(user: ReturnType<typeof openApp>) {
  await user.click(await screen.findByRole("button", { name: "Your menu" }));
  const menu = within(await screen.findByRole("menu", HIDDEN));
  return {
    item: (name: string) => menu.getByRole("menuitem", { name, ...HIDDEN }),
    items: () => menu.getAllByRole("menuitem", HIDDEN),
    choice: (name: string) => menu.getByRole("menuitemradio", { name, ...HIDDEN }),
  };
}

describe("what stands around every page", () => {
  it("has its landmarks, and a way past the links", async () => {
    new FakeApi();
    openApp("/history");
    const pages = await screen.findByRole("navigation", { name: "Pages" });
    expect(screen.getByRole("banner").contains(pages)).toBe(true);
    expect(within(pages).getByRole("link", { name: "History" }).getAttribute("aria-current")).toBe("page");
    expect(screen.getByRole("link", { name: "Skip to the page" }).getAttribute("href")).toBe(
      `#${screen.getByRole("main").id}`,
    );
  });

  it("takes the focus and the title along to another page", async () => {
    new FakeApi();
    const user = openApp("/nowhere");
    await screen.findByText("There is nothing here.");
    await user.click(screen.getByRole("link", { name: "History" }));
    await screen.findByRole("heading", { name: "History" });
    expect(screen.getByRole("main").contains(document.activeElement)).toBe(true);
    expect(document.title).toBe("History · Coach");
  });
});

describe("the user's menu", () => {
  it("lets the colours be chosen, and keeps the choice", async () => {
    new FakeApi();
    const user = openApp("/history");
    const menu = await openMenu(user);
    expect(menu.choice("As the system").getAttribute("aria-checked")).toBe("true");
    await user.click(menu.choice("Dark"));
    expect(document.documentElement.dataset.mantineColorScheme).toBe("dark");
    expect(localStorage.getItem(COLOR_SCHEME_KEY)).toBe("dark");
    expect(menu.choice("Dark").getAttribute("aria-checked")).toBe("true");
    await user.click(menu.choice("As the system"));
    expect(document.documentElement.dataset.mantineColorScheme).toBe("light");
  });

  it("signs out", async () => {
    const signedOut = { ...SESSION, user: null };
    const api = new FakeApi();
    const user = openApp("/history");
    const menu = await openMenu(user);
    api.on("POST /auth/logout", () => {
      api.on("GET /auth/session", () => json(signedOut));
      return json(signedOut);
    });
    await user.click(menu.item("Sign out"));
    expect(await screen.findByRole("link", { name: "Sign in" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Your menu" })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
  });

  it("says that signing out did not work", async () => {
    new FakeApi({ "POST /auth/logout": () => problem(500) });
    const user = openApp("/history");
    const menu = await openMenu(user);
    await user.click(menu.item("Sign out"));
    expect((await screen.findByRole("alert")).textContent).toContain("Signing out did not work.");
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("button", { name: "Your menu" })),
    );
    await user.click(screen.getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it.each([
    [
      "shows staff their pages",
      { ...STAFF, flower_url: FLOWER },
      [SCENARIOS, "/admin/", "/api/v1/docs", FLOWER],
    ],
    ["shows staff no Flower where it is not known", STAFF, [SCENARIOS, "/admin/", "/api/v1/docs"]],
    ["shows others none of staff's pages", NO_STAFF, []],
  ])("%s", async (_, session, pages) => {
    new FakeApi({ "GET /auth/session": () => json(session) });
    const user = openApp("/history");
    const menu = await openMenu(user);
    const links = menu.items().filter((item) => item.hasAttribute("href"));
    expect(links.map((link) => link.getAttribute("href"))).toEqual(pages);
    for (const link of links.filter((one) => one.getAttribute("href") !== SCENARIOS)) {
      expect(link.textContent).toContain("(in a new tab)");
      expect([link.getAttribute("target"), link.getAttribute("rel")]).toEqual([
        "_blank",
        "noopener noreferrer",
      ]);
    }
  });

  it("leads staff to the scenarios in the same tab", async () => {
    new FakeApi({ "GET /auth/session": () => json(STAFF), "GET /admin/scenarios": () => listOf([]) });
    const user = openApp("/history");
    const menu = await openMenu(user);
    const link = menu.item("Scenarios and replays");
    expect(link.hasAttribute("target")).toBe(false);
    await user.click(link);
    await waitFor(() => expect(address()).toBe(SCENARIOS));
  });
});

describe("resetting the chat", () => {
  async function ask(user: ReturnType<typeof openApp>) {
    const menu = await openMenu(user);
    await user.click(menu.item("Reset the chat…"));
    return within(await screen.findByRole("dialog", { name: "Reset the chat?" }));
  }

  it("says what is lost and what is kept, and does nothing unless it is confirmed", async () => {
    const api = new FakeApi();
    const user = openApp("/history");
    const dialog = await ask(user);
    expect(dialog.getByText("This is lost, and cannot be brought back:")).toBeTruthy();
    expect(dialog.getByText("This is kept:")).toBeTruthy();
    await user.click(dialog.getByRole("button", { name: "Keep everything" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(api.askedFor("POST /chat/reset")).toEqual([]);
  });

  it("leads to the empty chat", async () => {
    const api = new FakeApi({ "POST /chat/reset": () => new Response(null, { status: 204 }) });
    const user = openApp("/history");
    const dialog = await ask(user);
    await user.click(dialog.getByRole("button", { name: "Reset the chat" }));
    await waitFor(() => expect(address()).toBe("/"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(api.askedFor("POST /chat/reset")).toHaveLength(1);
  });

  it("says that it did not work, and can be tried again", async () => {
    const api = new FakeApi({ "POST /chat/reset": () => problem(503) });
    const user = openApp("/history");
    const dialog = await ask(user);
    await user.click(dialog.getByRole("button", { name: "Reset the chat" }));
    expect((await dialog.findByRole("alert")).textContent).toContain("could not be reset just now");
    api.on("POST /chat/reset", () => new Response(null, { status: 204 }));
    await user.click(dialog.getByRole("button", { name: "Reset the chat" }));
    await waitFor(() => expect(address()).toBe("/"));
  });
});

describe("a server that does not answer at first", () => {
  it("is told of, and asked again on demand", async () => {
    const api = new FakeApi({ "GET /auth/session": () => problem(500) });
    const user = openApp("/");
    await screen.findByText("The coach cannot be reached.");
    api.on("GET /auth/session", () => json({ ...SESSION, user: null }));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: "Sign in" })).toBeTruthy();
  });
});

describe("a session that has ended elsewhere", () => {
  it("leads to the page for those who are not signed in, and back to the same page", async () => {
    const api = new FakeApi();
    openApp("/history?status=dead");
    await screen.findByRole("heading", { name: "History" });
    for (const [what, answer] of Object.entries(SIGNED_OUT)) api.on(what, answer);
    const elsewhere = new BroadcastChannel("coach-account");
    act(() => elsewhere.postMessage(null));
    elsewhere.close();
    const note = "You are signed out. Sign in to go on where you were.";
    await waitFor(() => expect(announced()).toContain(note));
    const link = await screen.findByRole("link", { name: "Sign in" });
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
    expect(screen.getByText(note, { selector: "p" })).toBeTruthy();
    expect(link.getAttribute("href")).toBe("/sign-in?next=%2Fhistory%3Fstatus%3Ddead");
  });

  it("takes the focus into a page that looks the same to everybody", async () => {
    const api = new FakeApi();
    const user = openApp("/nowhere");
    await user.click(await screen.findByRole("button", { name: "Your menu" }));
    for (const [what, answer] of Object.entries(SIGNED_OUT)) api.on(what, answer);
    const elsewhere = new BroadcastChannel("coach-account");
    act(() => elsewhere.postMessage(null));
    elsewhere.close();
    await waitFor(() => expect(screen.queryByRole("navigation", { name: "Pages" })).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("main")));
  });
});
