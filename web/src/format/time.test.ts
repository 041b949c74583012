import { expect, test, vi } from "vitest";
import { formatAgo, formatDay } from "./time";

vi.stubGlobal("navigator", { languages: ["en-GB"] });

const now = new Date(2026, 10, 22, 10, 0);
const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

test.each([
  [0.5, "just now"],
  [12, /^12 min/],
  [180, /^3 hr/],
  [3 * 24 * 60, "3 days ago"],
])("%d minutes before now reads %j", (minutes, text) => {
  expect(formatAgo(before(minutes), now)).toMatch(text);
});

test("beyond a month the date says more", () => {
  expect(formatAgo(new Date(2026, 8, 1), now)).toMatch(/Sep/);
  expect(formatAgo(new Date(2025, 8, 1), now)).toMatch(/2025/);
});

test("days are the user's calendar days, not spans of 24 hours", () => {
  expect(formatDay(new Date(2026, 10, 22, 0, 1), now)).toBe("Today");
  expect(formatDay(new Date(2026, 10, 21, 23, 59), now)).toBe("Yesterday");
  expect(formatDay(new Date(2026, 10, 20, 23, 59), now)).toMatch(/20/);
});
