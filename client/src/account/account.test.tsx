import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { FakeApi, noAnswer, problem, SIGNED_OUT } from "../testing/fakeApi";
import { address, openApp } from "../testing/openApp";

const EMAIL = "maya@example.com";
const PASSWORD = "paper lantern drift";

async function fillIn(user: ReturnType<typeof openApp>, button: "Sign in" | "Sign up") {
  await user.type(await screen.findByLabelText("Email"), EMAIL);
  await user.type(screen.getByLabelText("Password"), PASSWORD);
  await user.click(screen.getByRole("button", { name: button }));
}

describe("someone who is not signed in", () => {
  it("is told what this is, and where to begin", async () => {
    new FakeApi(SIGNED_OUT);
    openApp("/");
    expect(await screen.findByRole("heading", { level: 1 })).toHaveProperty(
      "textContent",
      "Find out who you are, and who you want to be.",
    );
    expect(screen.getByRole("link", { name: "Sign up" }).getAttribute("href")).toBe("/sign-up");
    expect(screen.getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe("/sign-in");
    expect(screen.queryByRole("navigation")).toBeNull();
  });

  it("comes to the page that was asked for after signing in", async () => {
    const api = new FakeApi(SIGNED_OUT);
    const user = openApp("/history?status=dead");
    await screen.findByText("Sign in to open the page that you asked for.");
    await user.click(screen.getByRole("link", { name: "Sign up" }));
    await user.click(await screen.findByRole("link", { name: "Sign in" }));
    api.letIn();
    await fillIn(user, "Sign in");
    await screen.findByRole("heading", { name: "History" });
    expect(address()).toBe("/history?status=dead");
    expect(api.askedFor("POST /auth/login").map(({ body }) => body)).toEqual([
      { email: EMAIL, password: PASSWORD },
    ]);
    await waitFor(() => expect(api.askedFor("GET /actions").at(-1)?.search.get("status")).toBe("dead"));
  });

  it("is not led elsewhere after signing in", async () => {
    new FakeApi(SIGNED_OUT).letIn();
    const user = openApp("/sign-in?next=https%3A%2F%2Felsewhere.example%2F");
    await fillIn(user, "Sign in");
    await screen.findByRole("navigation", { name: "Pages" });
    expect(address()).toBe("/");
  });

  it("is told that a page does not exist", async () => {
    new FakeApi(SIGNED_OUT);
    openApp("/nowhere");
    expect(await screen.findByText("There is nothing here.")).toBeTruthy();
  });
});

describe("signing in", () => {
  it("says that email and password do not belong together, and keeps both", async () => {
    new FakeApi({ ...SIGNED_OUT, "POST /auth/login": () => problem(401) });
    const user = openApp("/sign-in");
    await fillIn(user, "Sign in");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("This email and this password do not belong together.");
    expect(screen.getByLabelText<HTMLInputElement>("Email").value).toBe(EMAIL);
    expect(screen.getByLabelText<HTMLInputElement>("Password").value).toBe(PASSWORD);
  });

  it("says when to try again after too many tries", async () => {
    new FakeApi({ ...SIGNED_OUT, "POST /auth/login": () => problem(429, {}, { "Retry-After": "600" }) });
    const user = openApp("/sign-in");
    await fillIn(user, "Sign in");
    expect((await screen.findByRole("alert")).textContent).toMatch(
      /too many tries.*again in 10 minutes, at \d/,
    );
  });

  it("says that nothing was reached, and works when it is", async () => {
    const api = new FakeApi({ ...SIGNED_OUT, "POST /auth/login": noAnswer });
    const user = openApp("/sign-in");
    await fillIn(user, "Sign in");
    expect((await screen.findByRole("alert")).textContent).toContain("cannot be reached");
    api.letIn();
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("navigation", { name: "Pages" })).toBeTruthy();
  });

  it("fetches another token where the old one was refused", async () => {
    const api = new FakeApi({ ...SIGNED_OUT, "POST /auth/login": () => problem(403) });
    const user = openApp("/sign-in");
    await fillIn(user, "Sign in");
    expect((await screen.findByRole("alert")).textContent).toContain("Please try again.");
    await waitFor(() => expect(api.askedFor("GET /auth/session").length).toBe(2));
  });

  it("asks for what is missing, without asking the server", async () => {
    const api = new FakeApi(SIGNED_OUT);
    const user = openApp("/sign-in");
    await user.click(await screen.findByRole("button", { name: "Sign in" }));
    const email = screen.getByLabelText("Email");
    expect(describedBy(email)).toBe("Write your email.");
    expect(describedBy(screen.getByLabelText("Password"))).toBe("Write your password.");
    expect(document.activeElement).toBe(email);
    expect(api.askedFor("POST /auth/login")).toEqual([]);
  });

  it("sends a double click once", async () => {
    const api = new FakeApi({
      ...SIGNED_OUT,
      "POST /auth/login": () => new Promise<Response>(() => undefined),
    });
    const user = openApp("/sign-in");
    await fillIn(user, "Sign in");
    await user.type(screen.getByLabelText("Password"), "{Enter}");
    expect(api.askedFor("POST /auth/login")).toHaveLength(1);
  });

  it("tells password managers what is what", async () => {
    new FakeApi(SIGNED_OUT);
    openApp("/sign-in");
    expect((await screen.findByLabelText("Email")).getAttribute("autocomplete")).toBe("username");
    expect(screen.getByLabelText("Password").getAttribute("autocomplete")).toBe("current-password");
  });

  it("shows the password on demand", async () => {
    new FakeApi(SIGNED_OUT);
    const user = openApp("/sign-in");
    const password = await screen.findByLabelText("Password");
    await user.click(screen.getByRole("button", { name: "Show the password" }));
    expect(password.getAttribute("type")).toBe("text");
  });
});

describe("signing up", () => {
  it("begins the conversation", async () => {
    const api = new FakeApi(SIGNED_OUT);
    api.letIn();
    const user = openApp("/sign-up");
    await fillIn(user, "Sign up");
    await screen.findByRole("navigation", { name: "Pages" });
    expect(address()).toBe("/");
    expect(api.askedFor("POST /auth/signup").map(({ body }) => body)).toEqual([
      { email: EMAIL, password: PASSWORD },
    ]);
  });

  it("leads to signing in where the email is taken, with the email filled in", async () => {
    new FakeApi({ ...SIGNED_OUT, "POST /auth/signup": () => problem(409) });
    const user = openApp("/sign-up?next=%2Fhistory");
    await fillIn(user, "Sign up");
    expect((await screen.findByRole("alert")).textContent).toContain(
      "There is an account with this email already.",
    );
    await user.click(screen.getByRole("link", { name: "Sign in instead" }));
    await screen.findByRole("heading", { name: "Sign in" });
    expect(screen.getByLabelText<HTMLInputElement>("Email").value).toBe(EMAIL);
    expect(address()).toBe("/sign-in?next=%2Fhistory");
  });

  it("shows what is wrong at its field", async () => {
    const errors = [
      { loc: ["body", "password"], msg: "This password is too short." },
      { loc: ["body", "password"], msg: "This password is too common" },
    ];
    new FakeApi({ ...SIGNED_OUT, "POST /auth/signup": () => problem(422, { errors }) });
    const user = openApp("/sign-up");
    await fillIn(user, "Sign up");
    const password = screen.getByLabelText("Password");
    await waitFor(() =>
      expect(describedBy(password)).toContain("This password is too short. This password is too common."),
    );
    expect(password.getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement).toBe(password);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("tells password managers that the password is new", async () => {
    new FakeApi(SIGNED_OUT);
    openApp("/sign-up");
    expect((await screen.findByLabelText("Password")).getAttribute("autocomplete")).toBe("new-password");
  });
});

function describedBy(field: HTMLElement): string {
  const ids = field.getAttribute("aria-describedby")?.split(" ") ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
}
