import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desktop, launch, leadLinks, open, phone, signIn, target } from "./browser.mjs";
import { fitsItsWidth, isAccessible, isClean } from "./checks.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const number = (text) => Number(text.replace("−", "-").replaceAll(",", ""));

async function openFirstLead(page) {
  await signIn(page);
  await (await leadLinks(page)).first().click();
  await page.getByRole("heading", { name: "Why this score" }).waitFor();
  await page.waitForLoadState("networkidle");
}

// The points of the ledger's lines, and their sum as shown below them.
async function ledger(page) {
  const card = page.getByRole("region", { name: "Score" });
  for (const more of await card.getByRole("button", { name: "more line" }).all())
    await more.click();
  const lines = await card.locator("li > span:first-child").allInnerTexts();
  const total = await card.getByText("Score", { exact: true }).last().locator("..").innerText();
  return { points: lines.map(number), total: number(total.split(/\s/)[0]) };
}

for (const [device, viewport] of Object.entries({ desktop, phone }))
  for (const colorScheme of ["light", "dark"])
    test(`a lead's page is accessible and fits, ${device}, ${colorScheme}`, async () => {
      const page = await open(browser, { viewport, colorScheme });
      await openFirstLead(page);
      await page.locator("details summary").first().click();
      await page.getByRole("button", { name: "Adjust by hand" }).click();
      await isAccessible(page);
      await fitsItsWidth(page);
      isClean(page);
    });

test("the lines of the ledger sum to the score", async () => {
  const page = await open(browser);
  await openFirstLead(page);
  const { points, total } = await ledger(page);
  assert.ok(points.length > 0);
  const sum = points.reduce((all, one) => all + one, 0);
  assert.ok(Math.abs(sum - total) < 0.01 * points.length, `${points.join(" + ")} is not ${total}`);
});

test("an adjustment by hand needs points and a reason, and shows as a line of the ledger", async () => {
  const page = await open(browser);
  await openFirstLead(page);
  const before = await ledger(page);
  await page.getByRole("button", { name: "Adjust by hand" }).click();
  await page.getByRole("button", { name: "Adjust", exact: true }).click();
  await page.getByText("Give a whole number").waitFor();
  await page.getByText("Say why, in a few words.").waitFor();

  await page.getByLabel("Points").fill("1");
  await page.getByLabel("Reason").fill("Tried in the browser");
  await page.getByRole("button", { name: "Adjust", exact: true }).click();
  await page.getByText("Adjusted by +1 points.").waitFor();
  await page.getByText("Tried in the browser").first().waitFor();
  const after = await ledger(page);
  assert.ok(
    Math.abs(after.total - before.total - 1) < 0.01,
    `${before.total} became ${after.total}`,
  );
  isClean(page);
});

test("a lead that does not exist says so", async () => {
  const page = await open(browser);
  await signIn(page);
  await page.goto(`${target().url}/leads/lead_999999999`);
  assert.match(await page.getByRole("alert").innerText(), /there is no .*lead/i);
  await isAccessible(page);
  isClean(page);
});
