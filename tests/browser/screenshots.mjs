// Pictures of every screen, desktop and phone, light and dark, into the folder given:
//   GALENA_URL=… GALENA_EMAIL=… GALENA_PASSWORD=… node screenshots.mjs FOLDER
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { desktop, launch, leadLinks, open, phone, signIn, target } from "./browser.mjs";

const folder = process.argv[2] ?? "screenshots";
mkdirSync(folder, { recursive: true });

const browser = await launch();
for (const [device, viewport] of Object.entries({ desktop, phone }))
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(browser, { viewport, colorScheme });
    const shoot = (name) =>
      page.screenshot({ path: join(folder, `${name}-${device}-${colorScheme}.png`) });
    await page.goto(`${target().url}/sign-in`);
    await page.getByLabel("E-mail").waitFor();
    await shoot("sign-in");
    await signIn(page);
    const links = page.locator("tbody a[href^='/leads/']");
    const isEmpty = await Promise.race([
      leadLinks(page).then(() => false),
      page
        .getByRole("heading", { name: "No leads yet" })
        .waitFor()
        .then(() => true),
    ]);
    if (isEmpty) {
      await shoot("first-event");
    } else {
      await shoot("leads");
      await links.nth(3).click();
      await page.getByText("Why this score").waitFor();
      await page.getByRole("list").first().waitFor();
      await page.waitForLoadState("networkidle");
      await shoot("lead");
      await page.getByRole("button", { name: "Adjust by hand" }).click();
      await page.locator("#main").evaluate((main) => main.scrollTo(0, main.scrollHeight));
      await shoot("lead-end");
    }
    if (page.complaints.length > 0) console.log(device, colorScheme, page.complaints);
    await page.context().close();
  }
await browser.close();
