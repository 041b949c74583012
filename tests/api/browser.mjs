// Headless Chromium, and a site for it whose origin is not Galena's.
import fs from "node:fs";
import http from "node:http";
import { chromium } from "playwright-core";

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    timeout: 60_000,
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

const types = { js: "text/javascript", mjs: "text/javascript" };

// A site of a company: every path is a page with `script` in its head; /library/ gives the files of
// `library`, a folder of an npm package.
export async function serveSite({ library, script }) {
  const site = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = new URL(pathname.replace("/library/", "./"), library);
    if (!pathname.startsWith("/library/")) {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(
        `<!doctype html><html lang="en"><head><title>${pathname}</title>` +
          `<link rel="icon" href="data:,">${script}</head><body><h1>Acme</h1></body></html>`,
      );
    } else if (file.href.startsWith(library.href) && fs.existsSync(file)) {
      response.setHeader("Content-Type", types[pathname.split(".").pop()] ?? "text/plain");
      response.end(fs.readFileSync(file));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${site.address().port}`,
    close() {
      site.closeAllConnections();
      return new Promise((resolve) => site.close(resolve));
    },
  };
}
