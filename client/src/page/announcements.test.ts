import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Announcements } from "./announcements";

describe("Announcements", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function recorded() {
    const said: string[] = [];
    return { said, announcements: new Announcements((text) => said.push(text)) };
  }

  it("says a burst as one, and each text once", () => {
    const { said, announcements } = recorded();
    for (const text of ["Done.", "Done.", "Refused."]) announcements.add(text);
    expect(said).toEqual([]);
    vi.runAllTimers();
    expect(said).toEqual(["Done. Refused.", ""]);
  });

  it("lets a text stand before the next one takes its place", () => {
    const { said, announcements } = recorded();
    announcements.add("First.");
    vi.advanceTimersByTime(700);
    announcements.add("Second.");
    vi.advanceTimersByTime(1_000);
    expect(said).toEqual(["First."]);
    vi.runAllTimers();
    expect(said).toEqual(["First.", "Second.", ""]);
  });

  it("says the last ones of very many, and how many came before", () => {
    const { said, announcements } = recorded();
    for (let number = 1; number <= 50; number++) announcements.add(`${number}.`);
    vi.runAllTimers();
    expect(said).toEqual(["47. 48. 49. 50. And 46 more before that.", ""]);
  });

  it("hears the same words again later", () => {
    const { said, announcements } = recorded();
    announcements.add("Done.");
    vi.runAllTimers();
    announcements.add("Done.");
    vi.runAllTimers();
    expect(said).toEqual(["Done.", "", "Done.", ""]);
  });

  it("says nothing after it was stopped, and begins anew", () => {
    const { said, announcements } = recorded();
    announcements.add("Gone.");
    announcements.stop();
    vi.runAllTimers();
    announcements.add("Here.");
    vi.runAllTimers();
    expect(said).toEqual(["Here.", ""]);
  });
});
