import { describe, expect, it } from "vitest";
import { idsIn, readable } from "./readable";

const NOBODY = new Map<string, string>();

describe("readable", () => {
  it("names what an id stands for, where that is known", () => {
    const names = new Map([["i-1", "Night Gardener"]]);
    expect(readable({ identity_id_a: "i-1", identity_id_b: "i-2" }, names)).toEqual([
      { name: "First identity", values: ["Night Gardener"] },
      { name: "Second identity", values: ["i-2"] },
    ]);
  });

  it("reads the value of an enum, and one that is unknown as it stands", () => {
    expect(readable({ category: "maker_of_money", to_phase: "from_tomorrow" }, NOBODY)).toEqual([
      { name: "Category", values: ["Maker of Money"] },
      { name: "To phase", values: ["from_tomorrow"] },
    ]);
  });

  it("leaves a text alone that only looks like an enum's value or an id", () => {
    expect(readable({ note: "spiritual", name: "toString" }, new Map([["spiritual", "?"]]))).toEqual([
      { name: "Note", values: ["spiritual"] },
      { name: "Name", values: ["toString"] },
    ]);
    expect(readable({ toString: "valueOf" }, NOBODY)).toEqual([{ name: "ToString", values: ["valueOf"] }]);
    expect(readable({ category: "toString" }, NOBODY)).toEqual([{ name: "Category", values: ["toString"] }]);
  });

  it("keeps a list's order and repeats", () => {
    expect(readable({ who_you_are: ["b", "a", "b"], none: [] }, NOBODY)).toEqual([
      { name: "Who you are", values: ["b", "a", "b"] },
      { name: "None", values: [] },
    ]);
  });

  it("shows what an older or newer version has stored", () => {
    expect(readable({ deep: { a: [1] }, n: null, list: [1, true] }, NOBODY)).toEqual([
      { name: "Deep", values: ['{"a":[1]}'] },
      { name: "N", values: ["null"] },
      { name: "List", values: ["1", "true"] },
    ]);
  });
});

describe("idsIn", () => {
  it("finds the parameters that name a row", () => {
    const parameters = {
      identity_id: "a",
      parent_identity_id: "b",
      identity_id_b: "c",
      note: "d",
      identity: "e",
      id: 7,
    };
    expect(idsIn(parameters)).toEqual(["a", "b", "c"]);
  });
});
