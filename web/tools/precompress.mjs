// Writes FILE.gz beside each file of a folder that gets smaller by it:   node precompress.mjs FOLDER
// index.html is left out: the server writes a nonce into it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.argv[2];
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || /^index\.html$|\.gz$/.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = readFileSync(path);
  const packed = gzipSync(bytes, { level: 9 });
  if (packed.length < 0.9 * bytes.length) writeFileSync(`${path}.gz`, packed);
}
