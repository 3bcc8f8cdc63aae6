// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { ownPath } from "./askedPath";

describe("ownPath", () => {
  it.each(["/history", "/history?status=dead&q=a%20b", "/?message=1", "/a#b"])("keeps %s", (path) => {
    expect(ownPath(path)).toBe(path);
  });

  it.each([
    null,
    "",
    "history",
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/.//elsewhere.example",
    "/..//elsewhere.example",
    "/%2e//elsewhere.example",
    "/\\elsewhere.example",
    "/\t/elsewhere.example",
    "javascript:alert(1)",
    "/sign-in",
    "/sign-up?next=/sign-in",
  ])("leads to the chat instead of %j", (path) => {
    expect(ownPath(path)).toBe("/");
  });
});
