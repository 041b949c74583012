import { expect, test } from "vitest";
import { stageChoices } from "./stage-choices";

const stage = (name: string) => ({ name, when: null, on: null, by_person: false });

test("the stages are the lifecycle's, in its order", () => {
  const own = [stage("contact"), stage("trial"), stage("mql")];
  expect(stageChoices(own, undefined)).toEqual(["contact", "trial", "mql"]);
  expect(stageChoices(own, "mql")).toEqual(["contact", "trial", "mql"]);
});

test("what is chosen can be seen, also before the lifecycle is known or when it has changed", () => {
  expect(stageChoices(undefined, undefined)).toEqual([]);
  expect(stageChoices(undefined, "mql")).toEqual(["mql"]);
  expect(stageChoices([stage("contact")], "mql")).toEqual(["contact", "mql"]);
});
