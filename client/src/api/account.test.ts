// @vitest-environment jsdom
import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SESSION } from "../testing/fixtures";
import {
  AccountChanged,
  fetchSession,
  isOwnSession,
  onOtherTabs,
  requestAs,
  type Session,
  tellOtherTabs,
} from "./account";
import { keys } from "./keys";

const ME = SESSION.user?.id ?? "";

let client: QueryClient;
let asked: string[];

beforeEach(() => {
  client = new QueryClient();
  asked = [];
});

afterEach(() => {
  signIn("");
  client.clear();
  vi.unstubAllGlobals();
});

/** What a sign-in does to this browser, in whichever tab: it sets another CSRF cookie. */
function signIn(token: string) {
  // biome-ignore lint/suspicious/noDocumentCookie: the token comes by a cookie
  document.cookie = token === "" ? "csrftoken=; max-age=0" : `csrftoken=${token}`;
}

function answer(respond: (url: string) => unknown) {
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return new Response(JSON.stringify(respond(url)));
  });
}

function know(session: Partial<Session>) {
  client.setQueryData(keys.session, { ...SESSION, ...session });
}

describe("a request in a user's name", () => {
  test("is made while the browser is signed in as that user", async () => {
    signIn("one");
    know({ mark: "one" });
    answer(() => ["mine"]);
    expect((await requestAs(client, ME, "GET", "/messages")).data).toEqual(["mine"]);
  });

  test("is not made once somebody has signed in elsewhere in the browser", async () => {
    signIn("one");
    know({ mark: "one" });
    signIn("two");
    answer(() => ["theirs"]);
    await expect(requestAs(client, ME, "POST", "/messages")).rejects.toBeInstanceOf(AccountChanged);
    expect(asked).toEqual([]);
    expect(client.getQueryState(keys.session)?.isInvalidated).toBe(true);
  });

  test("is not answered with what came after somebody signed in elsewhere", async () => {
    signIn("one");
    know({ mark: "one" });
    answer(() => {
      signIn("two");
      return ["theirs"];
    });
    await expect(requestAs(client, ME, "GET", "/messages")).rejects.toBeInstanceOf(AccountChanged);
  });

  test("is not made for one who is not the page's user any more", async () => {
    know({ mark: "", user: { id: "another", email: "a@example.org", is_staff: false } });
    answer(() => []);
    await expect(requestAs(client, ME, "POST", "/messages")).rejects.toBeInstanceOf(AccountChanged);
    know({ mark: "", user: null });
    expect(isOwnSession(client, ME)).toBe(false);
  });
});

describe("the session", () => {
  test("is marked with the token that came with it", async () => {
    answer(() => {
      signIn("first");
      return SESSION;
    });
    expect(await fetchSession()).toEqual({ ...SESSION, mark: "first" });
  });

  test("is asked for again where somebody signs in meanwhile: whose it is would be unknown", async () => {
    signIn("one");
    answer(() => {
      if (asked.length === 1) signIn("two");
      return { ...SESSION, user: asked.length === 1 ? null : SESSION.user };
    });
    expect(await fetchSession()).toEqual({ ...SESSION, mark: "two" });
    expect(asked).toHaveLength(2);
  });

  test("is known in the other tabs to have changed", async () => {
    const listener = vi.fn();
    const stop = onOtherTabs(listener);
    tellOtherTabs();
    await vi.waitFor(() => expect(listener).toHaveBeenCalledOnce());
    stop();
    const other = vi.fn();
    const stopOther = onOtherTabs(other);
    tellOtherTabs();
    await vi.waitFor(() => expect(other).toHaveBeenCalledOnce());
    stopOther();
    expect(listener).toHaveBeenCalledOnce();
  });
});
