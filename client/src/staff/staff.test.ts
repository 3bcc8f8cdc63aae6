import { describe, expect, it } from "vitest";
import { Problem, Unreachable } from "../api/http";
import { aReplay, aScenario, aSummary } from "../testing/staff";
import { askedFor } from "./askedFor";
import { readCopies } from "./copies";
import { byInWords, readings } from "./difference";
import { fileName } from "./download";
import { factsOf } from "./factsOf";
import { found } from "./found";
import { failureOf } from "./freezeFailure";
import { rateInWords, rateOf, restOf, withSample } from "./pace";
import { copiesOf, outcomeOf, whatOf } from "./replayWords";
import { fileOf, namesIn } from "./scenarioFile";
import { whyNot } from "./sentences";
import { countedInWords } from "./upload";
import { newsOf } from "./useSpokenReplay";

describe("the number of copies", () => {
  it.each([
    ["1", 1],
    [" 1000 ", 1000],
    ["0", null],
    ["1001", null],
    ["", null],
    ["1.5", null],
    ["1e2", null],
    ["-3", null],
    ["three", null],
  ])("%j is read as %j", (written, copies) => {
    expect(readCopies(written)).toBe(copies);
  });
});

describe("finding scenarios", () => {
  const all = [
    aSummary({ name: "Café Zürich", description: "Of a cook" }),
    aSummary({ name: "Garden", description: "" }),
  ];

  it.each([
    ["", ["Café Zürich", "Garden"]],
    ["  ", ["Café Zürich", "Garden"]],
    ["zurich CAFE", ["Café Zürich"]],
    ["cook", ["Café Zürich"]],
    ["cook garden", []],
  ])("by %j leaves %j", (text, names) => {
    expect(found(all, text).map(({ name }) => name)).toEqual(names);
  });

  it("chooses what is to be replayed again, as far as it is there", () => {
    expect(askedFor(all, { names: ["Garden", "Gone"], copies: 3 })).toEqual(new Set([all[1]?.id]));
    expect(askedFor(all, null)).toEqual(new Set());
  });
});

describe("the pace of a replay", () => {
  const second = (seconds: number, done: number) => ({ at: seconds * 1000, done });

  it("is not told before it is known", () => {
    expect(rateOf([])).toBeNull();
    expect(rateOf([second(0, 5)])).toBeNull();
    expect(rateOf([second(0, 5), second(1, 9)])).toBeNull();
    expect(rateOf([second(0, 5), second(9, 5)])).toBeNull();
  });

  it("is that of the last moments", () => {
    let samples = [second(0, 0)];
    for (let at = 1; at <= 60; at++) samples = withSample(samples, second(at, at < 40 ? 0 : (at - 40) * 3));
    expect(rateOf(samples)).toBe(3);
    expect(withSample(samples, second(61, 2))).toEqual([second(61, 2)]);
  });

  it("is said no more exactly than it is known", () => {
    expect([restOf(30, 4), restOf(300, 4)]).toEqual([8_000, 75_000]);
    expect([rateInWords(12.4), rateInWords(0.5), rateInWords(0.001)]).toEqual([
      "about 12 copies a second",
      "about 30 copies a minute",
      "about 1 copy a minute",
    ]);
  });
});

describe("a replay in words", () => {
  it.each([
    [aReplay({ status: "as_expected" }), "All 3 scenarios came out as expected."],
    [aReplay({ status: "as_expected", names: ["One"] }), "It came out as expected."],
    [
      aReplay({ status: "differs", differing: 1 }),
      "1 of 3 scenarios came out differently from what is expected.",
    ],
    [
      aReplay({ status: "differs", differing: 1, names: ["One"] }),
      "It came out differently from what is expected.",
    ],
    [aReplay({ status: "stopped" }), "It was stopped before its end, so there are no results."],
    [
      aReplay({ status: "failed", reason: "Its process was gone" }),
      "It failed before its end, so there are no results. Its process was gone.",
    ],
    [aReplay(), "So far, all is as expected."],
    [aReplay({ differing: 2 }), "2 scenarios differ so far."],
    [aReplay({ status: "starting" }), "It is being started."],
  ])("%#: %s", (replay, words) => {
    expect(outcomeOf(replay)).toBe(words);
  });

  it("is named after what is replayed", () => {
    expect(whatOf(aReplay())).toBe("3 scenarios");
    expect(whatOf(aReplay({ names: ["One"] }))).toBe("One");
    expect(copiesOf(aReplay())).toBe("10 copies of each");
    expect(copiesOf(aReplay({ names: ["One"], copies: 1 }))).toBe("1 copy");
  });

  it("is told of at its start, at a difference and at its end, and not each second", () => {
    const running = aReplay();
    expect(newsOf(undefined, running)).toEqual(["The replay is under way."]);
    expect(newsOf(running, { ...running, done: 9 })).toEqual([]);
    expect(newsOf(running, { ...running, differing: 1 })).toEqual(["1 scenario differs so far."]);
    const ended = { ...running, status: "as_expected" as const };
    expect(newsOf(running, ended)).toEqual(["The replay has ended. All 3 scenarios came out as expected."]);
    expect(newsOf(ended, ended)).toEqual([]);
    expect(newsOf(undefined, ended)).toEqual([]);
  });
});

describe("a difference", () => {
  it.each([
    ["proposed", "proposed"],
    [["a", "b"], "• a\n• b"],
    [3, "3"],
    [{ note: "x" }, '{\n "note": "x"\n}'],
  ])("of %j reads %j", (value, text) => {
    expect(readings(value, true)[0]).toEqual({ text, isStandIn: false });
  });

  it.each([
    [null, "no value"],
    ["", "an empty text"],
    [[], "an empty list"],
  ])("of %j, which has no words, reads %j", (value, text) => {
    expect(readings("x", value)[1]).toEqual({ text, isStandIn: true });
  });

  it.each([
    [3, "3", ["3", '"3"']],
    [["a"], "• a", ['["a"]', '"• a"']],
    ["no value", null, ['"no value"', "null"]],
    ["two  words", "two words ", ['"two  words"', '"two words "']],
  ])("of %j and %j, which look alike, reads as JSON", (expected, got, texts) => {
    expect(readings(expected, got).map(({ text }) => text)).toEqual(texts);
  });

  it("names the action that made it", () => {
    expect(byInWords("3. accept_identity")).toBe("3. Accept an identity");
    expect(byInWords("3. of_tomorrow")).toBe("3. of_tomorrow");
    expect(byInWords(null)).toBe("no action");
  });
});

describe("a scenario's file", () => {
  it("is read turn by turn, its actions counted through", () => {
    const file = fileOf(aScenario().content);
    expect(file.user).toBe("Sample User");
    expect(file.turns.map(({ number, user, phase }) => ({ number, user, phase }))).toEqual([
      { number: 1, user: "I also cook.", phase: "identity_refinement" },
      { number: 2, user: "Gardener it is.", phase: null },
    ]);
    expect(file.turns.flatMap(({ actions }) => actions.map(({ index, type }) => [index, type]))).toEqual([
      [0, "create_identity"],
      [1, "accept_identity"],
    ]);
    expect(file.expect.userNotes).toEqual([]);
    expect(file.expectedMessages).toBeNull();
  });

  it("of another shape is shown as far as it goes", () => {
    expect(fileOf({ turns: "none", start: [1], expect: null })).toEqual({
      user: "",
      start: { coachState: {}, identities: null, userNotes: null },
      messages: [],
      turns: [],
      expect: { coachState: {}, identities: null, userNotes: null },
      expectedActions: null,
      expectedMessages: null,
    });
    expect(fileOf({ turns: [null, { response: { message: 3, x: null, y: 4 } }] }).turns).toEqual([
      { number: 1, user: null, phase: null, message: null, actions: [] },
      {
        number: 2,
        user: null,
        phase: null,
        message: null,
        actions: [{ index: 0, type: "y", parameters: {} }],
      },
    ]);
  });

  it("names what its references stand for", () => {
    const names = namesIn(fileOf(aScenario().content));
    const facts = { identity_id: "$gardener", user_note_id: "$n1", other_id: "$identity:Cook", note: "$5" };
    expect(factsOf(facts, names).map(({ values }) => values)).toEqual([
      ["Night Gardener"],
      ["Has two cats."],
      ["Cook"],
      ["$5"],
    ]);
  });

  it("reads the fields of a state as the page says them elsewhere", () => {
    const state = {
      current_phase: "i_am_statement",
      skipped_identity_categories: ["spiritual"],
      identity_focus: null,
      state: "proposed",
      of_tomorrow: { a: 1 },
    };
    expect(factsOf(state, new Map())).toEqual([
      { name: "Current phase", values: ["I Am Statement"] },
      { name: "Skipped identity categories", values: ["Spiritual"] },
      { name: "Identity focus", values: [""] },
      { name: "State", values: ["Proposed"] },
      { name: "Of tomorrow", values: ['{"a":1}'] },
    ]);
  });

  it.each([
    ["Two identities, one focus", "two-identities-one-focus"],
    ["  Ünïcode: 日本 / .. ", "ünïcode-日本"],
    ["../..", "scenario"],
  ])("is downloaded for %j as %j", (name, file) => {
    expect(fileName(name)).toBe(file);
  });
});

describe("what went wrong", () => {
  it("is said as the server says it, and of the server nothing", () => {
    expect(whyNot(new Problem(422, "Unprocessable", "There is no such user"))).toBe("There is no such user.");
    const gone = new Problem(422, "Unprocessable", "Wrong.", [
      { loc: ["body"], msg: "there is no scenario 1" },
    ]);
    expect(whyNot(gone)).toBe("There is no scenario 1.");
    expect(whyNot(new Problem(500, "Internal", "KeyError"))).toContain("met an error of its own");
    expect(whyNot(new Problem(503, "Unavailable", ""))).toContain("cannot be reached");
    expect(whyNot(new Unreachable("x"))).toContain("cannot be reached");
  });

  it("of freezing is said at the field that it is about", () => {
    const email = new Problem(422, "Unprocessable", "Wrong.", [
      { loc: ["body", "email"], msg: "not an email" },
    ]);
    expect(failureOf(email)).toEqual({ field: "email", text: "Not an email." });
    const name = new Problem(422, "Unprocessable", "Wrong.", [{ loc: ["body", "name"], msg: "too long" }]);
    expect(failureOf(name).field).toBe("name");
    expect(failureOf(new Problem(422, "Unprocessable", "Not all actions have ended.")).field).toBeNull();
  });

  it("of several files is counted", () => {
    const scenario = aSummary();
    expect(
      countedInWords([
        { kind: "added", scenario },
        { kind: "added", scenario },
        { kind: "taken", lines: [] },
        { kind: "refused", lines: [] },
      ]),
    ).toBe("4 files: 2 added, 1 with a name that is taken, 1 refused.");
  });
});
