import { expect, test } from "vitest";
import { summary } from "./entry-summary";

const entry = (properties: Record<string, unknown>, context = {}, note: string | null = null) => ({
  properties,
  context,
  note,
});

test("a page view is told by its path and campaign", () => {
  const text = summary(
    entry({ path: "/pricing", title: "Pricing" }, { campaign: { name: "Spring" } }),
  );
  expect(text).toBe("/pricing · Spring");
});

test("an event is told by its first three simple properties", () => {
  const text = summary(entry({ product: "A", nested: { x: 1 }, seats: 40, trial: true, more: 1 }));
  expect(text).toBe("product: A · seats: 40 · trial: true");
});

test("a note comes first, and long values are cut", () => {
  const text = summary(entry({ answer: "x".repeat(500) }, {}, "Met her"));
  expect(text).toMatch(/^Met her · answer: x{79}…$/);
});

test("an odd context says nothing", () => {
  expect(summary(entry({}, { campaign: "spring" }))).toBe("");
  expect(summary(entry({}, { campaign: null }))).toBe("");
});
