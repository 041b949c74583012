import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, phone, signIn, target } from "./browser.mjs";
import { fitsItsWidth, isAccessible, isClean } from "./checks.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

for (const colorScheme of ["light", "dark"])
  test(`the sign-in screen is accessible and fits a phone, ${colorScheme}`, async () => {
    const page = await open(browser, { viewport: phone, colorScheme });
    await page.goto(target().url);
    await page.getByLabel("E-mail").waitFor();
    await isAccessible(page);
    await fitsItsWidth(page);
    isClean(page);
  });

test("the page and its policy are as strict as promised", async () => {
  const page = await open(browser);
  const answer = await page.goto(`${target().url}/sign-in`);
  const policy = answer.headers()["content-security-policy"];
  assert.match(policy, /default-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/);
  const html = await answer.text();
  assert.doesNotMatch(html, /__CSP_NONCE__/);
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=/);
});

test("a wrong password says so, and the right one leads to the page that was asked for", async () => {
  const { url, email, password } = target();
  const page = await open(browser);
  await page.goto(`${url}/leads?stage=mql`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.keyboard.press("Enter");
  assert.match(await page.getByRole("alert").innerText(), /\w/);
  await isAccessible(page);

  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Leads", level: 1 }).waitFor();
  assert.equal(new URL(page.url()).search, "?stage=mql");
  isClean(page);
});

test("signing out ends the session", async () => {
  const page = await open(browser);
  await signIn(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("E-mail").waitFor();
  await page.goto(`${target().url}/leads`);
  await page.getByLabel("E-mail").waitFor();
  isClean(page);
});
