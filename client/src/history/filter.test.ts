import { expect, it } from "vitest";
import { filterOf } from "./filter";

it.each([
  ["", {}],
  [
    "status=dead&action_type=create_identity&q=cook",
    { status: "dead", action_type: "create_identity", q: "cook" },
  ],
  ["status=&q=++", {}],
  ["status=finished&action_type=toString&q=x", { q: "x" }],
])("reads the address %j", (address, filter) => {
  expect(filterOf(new URLSearchParams(address))).toEqual(filter);
});
