// Requests that tracking clients have sent, and how they are sent again.
import assert from "node:assert/strict";
import fs from "node:fs";
import { gzipSync } from "node:zlib";
import { basic } from "./http.mjs";

const fixtures = new URL("fixtures/", import.meta.url);
const shared = new URL("../../../shared/data/tracker-requests/", import.meta.url);

function recordingsIn(directory, is_wanted) {
  return fs
    .readdirSync(directory)
    .filter((file) => file.endsWith(".ndjson") && is_wanted(file))
    .map((file) => {
      const text = fs.readFileSync(new URL(file, directory), "utf8");
      const requests = text.trim().split("\n").map((line) => JSON.parse(line));
      return { name: file.replace(".ndjson", ""), text, requests };
    });
}

// Those of the project, and those that lie beside it and are others.
export function recordings(is_wanted) {
  const own = recordingsIn(fixtures, is_wanted);
  const others = fs.existsSync(shared)
    ? recordingsIn(shared, is_wanted).filter(({ text }) => !own.some((each) => each.text === text))
    : [];
  return { own, others };
}

// The request as bytes and headers, with a key of ours in the place of the recorded one (which a
// Snowplow tracker calls its appId).
export function replayed(request, key, host) {
  const packed = request.body_was === "gzip";
  const plain = request.body === "" ? "" : JSON.stringify(request.body);
  const said = request.headers.find(([name]) => /^content-length$/i.test(name))?.[1];
  if (plain !== "" && !packed) assert.equal(Buffer.byteLength(plain), Number(said), "the recording");
  const keyed = plain
    .replaceAll("WRITE_KEY", key)
    .replaceAll('"writeKey":"WK"', `"writeKey":"${key}"`)
    .replaceAll('"aid":"galena-test"', `"aid":"${key}"`);
  const body = packed ? gzipSync(keyed) : Buffer.from(keyed);
  const headers = request.headers.map(([name, value]) => {
    if (/^content-length$/i.test(name)) return [name, String(body.length)];
    if (/^authorization$/i.test(name)) return [name, basic(key)];
    if (/^host$/i.test(name)) return [name, host];
    return [name, value];
  });
  const path = request.url
    .replaceAll("WRITE_KEY", key)
    .replaceAll("aid=galena-test", `aid=${encodeURIComponent(key)}`);
  return { method: request.method, path, headers, body: plain === "" ? undefined : body };
}

export function assertPreflight(request, answer) {
  const asked = Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const list = (name) => (answer.headers[name] ?? "").toLowerCase().split(/\s*,\s*/);
  assert.equal(answer.status, 204);
  assert.equal(answer.headers["access-control-allow-origin"], asked.origin);
  assert.equal(answer.headers["access-control-allow-credentials"], "true");
  const method = asked["access-control-request-method"].toLowerCase();
  assert.ok(list("access-control-allow-methods").includes(method));
  for (const header of asked["access-control-request-headers"].split(",")) {
    assert.ok(list("access-control-allow-headers").includes(header), `${header} is not allowed`);
  }
}
