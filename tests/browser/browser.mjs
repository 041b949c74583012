// What the browser tests share: Debian's Chromium, the sizes to look at, and a page that remembers
// every complaint of the browser.
import { chromium } from "playwright-core";

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

export function target() {
  const { GALENA_URL, GALENA_EMAIL, GALENA_PASSWORD } = process.env;
  if (!GALENA_URL || !GALENA_EMAIL || !GALENA_PASSWORD)
    throw new Error("Set GALENA_URL, GALENA_EMAIL and GALENA_PASSWORD to a running Galena.");
  return { url: GALENA_URL.replace(/\/$/, ""), email: GALENA_EMAIL, password: GALENA_PASSWORD };
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

// A fresh visitor. `page.complaints` collects script errors, CSP violations and foreign requests.
export async function open(browser, options = {}) {
  const { url } = target();
  const context = await browser.newContext({
    viewport: desktop,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    // A refused sign-in or a missing lead is an answer that Chromium logs as an error.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) page.complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url()))
      page.complaints.push(`foreign request: ${request.url()}`);
  });
  return page;
}

export async function signIn(page) {
  const { url, email, password } = target();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Leads", level: 1 }).waitFor();
}

// The first rows of the list, once they are there.
export async function leadLinks(page) {
  const links = page.locator("tbody a[href^='/leads/']");
  await links.first().waitFor();
  return links;
}
