import { expect, test } from "vitest";
import { curlLine } from "./first-event";

test("the line has the key as user name and a body that is JSON", () => {
  const line = curlLine("https://galena.example", "gal_sk_1");
  expect(line).toContain("curl -u gal_sk_1: https://galena.example/v1/batch");
  const body = /-d '(.*)'/.exec(line)?.[1] ?? "";
  expect(JSON.parse(body).batch).toHaveLength(2);
});
