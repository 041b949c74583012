import type { LedgerEntry } from "../api/client";

export const groups = ["fit", "interest", "manual"] as const;
export type Group = (typeof groups)[number];

export interface LedgerGroup {
  group: Group;
  points: number;
  lines: LedgerEntry[];
}

// The ledger by group, each with its sum; a group without lines is left out. Sums are rounded to
// millionths, the unit in which the server counts.
export function byGroup(ledger: readonly LedgerEntry[]): LedgerGroup[] {
  return groups
    .map((group) => {
      const lines = ledger.filter((line) => line.group === group);
      const sum = lines.reduce((points, line) => points + line.points, 0);
      return { group, points: Math.round(sum * 1e6) / 1e6, lines };
    })
    .filter(({ lines }) => lines.length > 0);
}
