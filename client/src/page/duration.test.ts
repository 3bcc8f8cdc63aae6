import { expect, it } from "vitest";
import { inWords } from "./duration";

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

it.each([
  [0, "0 ms"],
  [-5, "0 ms"],
  [Number.NaN, "0 ms"],
  [84.6, "85 ms"],
  [999.4, "999 ms"],
  [999.6, "1 s"],
  [3_249, "3.2 s"],
  [9_960, "10 s"],
  [59.4 * S, "59 s"],
  [59.6 * S, "1 min"],
  [4 * MIN + 5 * S, "4 min 5 s"],
  [59 * MIN + 59.7 * S, "1 h"],
  [2 * H + 3 * MIN, "2 h 3 min"],
  [23 * H + 59.7 * MIN, "1 day"],
  [76 * H, "3 days 4 h"],
])("%d ms reads %s", (ms, text) => {
  expect(inWords(ms)).toBe(text.replaceAll(" ", "\u00a0"));
});
