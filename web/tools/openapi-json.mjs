// openapi.yaml as JSON, for /openapi.json:   node openapi-json.mjs FROM TO
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parse } from "yaml";

const [from, to] = process.argv.slice(2);
const document = parse(readFileSync(from, "utf8"), { maxAliasCount: -1 });
mkdirSync(dirname(to), { recursive: true });
writeFileSync(to, JSON.stringify(document));
