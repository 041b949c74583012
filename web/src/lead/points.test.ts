import { expect, test } from "vitest";
import { readPoints } from "./points";

test.each([
  ["10", 10],
  ["+10", 10],
  ["-1000", -1000],
  ["−5", -5],
  [" 7 ", 7],
  ["0", null],
  ["1001", null],
  ["1.5", null],
  ["1e3", null],
  ["", null],
  ["ten", null],
])("%j is %j points", (text, points) => {
  expect(readPoints(text)).toBe(points);
});
