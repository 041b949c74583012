// Fails if the script that a browser must load before it shows a screen is too large:
//   node first-load.mjs FOLDER KILOBYTES_MAX
// That is what index.html names, what those files import, and the largest screen, which comes by a
// dynamic import. Measured as it is sent, packed.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const [folder, limit] = process.argv.slice(2);
const assets = join(folder, "assets");
const scripts = new Map(
  readdirSync(assets)
    .filter((name) => name.endsWith(".js"))
    .map((name) => [name, readFileSync(join(assets, name), "utf8")]),
);

// The scripts that each of these needs, and they themselves.
function withImports(names) {
  const found = new Set();
  const take = (name) => {
    if (found.has(name) || !scripts.has(name)) return;
    found.add(name);
    const imports = scripts.get(name).matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([^"'`]+)["'`]/g);
    for (const [, imported] of imports) take(imported);
  };
  names.forEach(take);
  return found;
}

const bytesOf = (names) =>
  [...names].reduce((sum, name) => sum + gzipSync(scripts.get(name), { level: 9 }).length, 0);

const page = readFileSync(join(folder, "index.html"), "utf8");
const named = [...page.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, path]) => basename(path));
if (named.length === 0) throw new Error(`${folder}/index.html names no script`);
const missing = named.filter((name) => !scripts.has(name));
if (missing.length > 0) throw new Error(`there is no ${missing}`);

const begin = withImports(named);
const screens = [...scripts.keys()].filter((name) => !begin.has(name));
const sizes = screens.map((name) => bytesOf(withImports([...begin, name])));
const bytes = Math.max(bytesOf(begin), ...sizes);
console.log(`first load: ${(bytes / 1000).toFixed(1)} KB of script, packed; ${limit} KB at most`);
if (bytes > Number(limit) * 1000) {
  for (const name of scripts.keys()) console.error(`${bytesOf([name])}\t${name}`);
  process.exitCode = 1;
}
