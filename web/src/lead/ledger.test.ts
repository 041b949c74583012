import { expect, test } from "vitest";
import type { LedgerEntry } from "../api/client";
import { byGroup } from "./ledger";

function line(group: LedgerEntry["group"], points: number): LedgerEntry {
  return {
    rule: "A rule",
    group,
    points,
    at: "2026-11-20T15:41:30Z",
    event_id: null,
    event: null,
    model_version: 1,
    note: null,
    kind: "rule",
  };
}

test("groups come in the order fit, interest, by hand, each with its sum", () => {
  const grouped = byGroup([
    line("manual", 5),
    line("fit", 15),
    line("interest", 25),
    line("fit", -10),
  ]);
  expect(grouped.map(({ group, points }) => [group, points])).toEqual([
    ["fit", 5],
    ["interest", 25],
    ["manual", 5],
  ]);
});

test("a group without lines is left out", () => {
  expect(byGroup([line("fit", 15)]).map(({ group }) => group)).toEqual(["fit"]);
});

test("sums of decayed points have no binary dust", () => {
  expect(byGroup([line("interest", 0.1), line("interest", 0.2)])[0]?.points).toBe(0.3);
});
