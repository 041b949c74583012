import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desktop, launch, leadLinks, open, phone, signIn, target } from "./browser.mjs";
import { fitsItsWidth, isAccessible, isClean } from "./checks.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const [device, viewport] of Object.entries({ desktop, phone }))
  for (const colorScheme of ["light", "dark"])
    test(`the list is accessible and fits, ${device}, ${colorScheme}`, async () => {
      const page = await open(browser, { viewport, colorScheme });
      await signIn(page);
      await leadLinks(page);
      await isAccessible(page);
      await fitsItsWidth(page);
      isClean(page);
    });

test("leads are ranked, the highest score first", async () => {
  const page = await open(browser);
  await signIn(page);
  await leadLinks(page);
  const cells = await page.locator("tr[data-index] td:first-child").allInnerTexts();
  const scores = cells.map((text) => Number(text.replace("−", "-").replaceAll(",", "")));
  assert.deepEqual(
    scores,
    scores.toSorted((a, b) => b - a),
  );
});

test("the keyboard alone moves, opens, and comes back to the same row", async () => {
  const page = await open(browser);
  await signIn(page);
  await leadLinks(page);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("href"));
  await page.waitForFunction(() => document.activeElement.closest("tr[data-index='1']"));
  const href = await focused();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Why this score" }).waitFor();
  assert.equal(new URL(page.url()).pathname, href);

  await page.goBack();
  await page.waitForFunction(
    (expected) => document.activeElement.getAttribute("href") === expected,
    href,
  );
  isClean(page);
});

test("filters stand in the address, and a filter without a match can be cleared", async () => {
  const page = await open(browser);
  await signIn(page);
  await leadLinks(page);
  await page.getByLabel("Stage", { exact: true }).selectOption("mql");
  await page.waitForURL(/\?stage=mql$/);
  await page.getByRole("switch", { name: "Show visitors" }).click();
  await page.waitForURL(/\?stage=mql&visitors=1$/);

  await page.getByLabel("Find by e-mail").fill("nobody@nowhere.invalid");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "No lead matches" }).waitFor();
  await isAccessible(page);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await leadLinks(page);
  assert.equal(new URL(page.url()).search, "?visitors=1");
  isClean(page);
});

test("an address that leads nowhere says so", async () => {
  const page = await open(browser);
  await signIn(page);
  await page.goto(`${target().url}/nowhere`);
  await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  await isAccessible(page);
  isClean(page);
});
