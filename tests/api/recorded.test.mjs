// Every recorded request of Segment's and RudderStack's libraries, sent again as it was: each must be
// taken in and land as the right event on the right lead, once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena } from "./harness.mjs";
import { assertPreflight, recordings, replayed } from "./recordings.mjs";

const types = ["track", "identify", "page", "screen", "group", "alias"];
const type_of = (path) => types.find((type) => [type, type[0]].includes(path.split("/").pop()));
const names = {
  identify: "Identified",
  screen: "Screen Viewed",
  group: "Grouped",
  alias: "Aliased",
};

// What each recording comes to: the one lead it tells of. (Nobody's title is a browser's affair.)
const told = {
  "segment-node": { score: 60, fit: 20, stage: "mql", name: "Ada Lovelace", employees: 12 },
  "rudder-node": { score: 60, fit: 20, stage: "mql", name: "Ada Lovelace", employees: 12 },
  "rudder-node-nogzip": { score: 60, fit: 20, stage: "mql", name: "Ada Lovelace", employees: 12 },
  "segment-node-oneper": { score: 0, fit: 0, stage: "lead", email: null },
  "segment-browser": { score: 40, fit: 0, stage: "lead" },
  "chromium-segment": { score: 40, fit: 0, stage: "lead" },
  "chromium-segment-batching": { score: 0, fit: 0, stage: "lead", email: null },
  "chromium-rudder": { score: 40, fit: 0, stage: "lead" },
};

// The messages of a recorded request with what stands around them.
function messagesOf(request) {
  if (request.method !== "POST") return [];
  const { body } = request;
  const context = body.context ?? {};
  if (body.batch) {
    return body.batch.map((item) => ({ context, sentAt: body.sentAt, ...item }));
  }
  return [{ ...body, type: type_of(request.url) }];
}

function expectedName(message) {
  if (message.type === "track") return message.event;
  if (message.type !== "page") return names[message.type];
  const path = message.properties?.path ?? message.context.page.path;
  return path.startsWith("/pricing") ? "Pricing Viewed" : "Page Viewed";
}

// Whether the timeline's entry is this message, whole.
function assertLanded(entry, message, source) {
  const what = `${message.type} ${message.messageId}`;
  assert.equal(entry.type, message.type, what);
  assert.equal(entry.event, expectedName(message), what);
  assert.equal(entry.source, source, what);
  assert.equal(entry.counted, true, what);
  const facts = message.traits && Object.keys(message.traits).length > 0 ? "traits" : "properties";
  assert.deepEqual(entry.properties, message[facts] ?? {}, what);
  const from_request = source === "browser" && !message.context.ip ? { ip: "127.0.0.1" } : {};
  assert.deepEqual(entry.context, { ...message.context, ...from_request }, what);
  // The sender's clock is wrong by as much as `sentAt` differs from the arrival.
  const stated = message.timestamp ?? message.originalTimestamp;
  const age_ms = Date.parse(message.sentAt) - Date.parse(stated);
  assert.ok(age_ms >= 0, what);
  assert.equal(Date.parse(entry.received_at) - Date.parse(entry.at), age_ms, what);
}

function assertSettings(request, answer, key, host) {
  assert.equal(answer.status, 200, answer.text);
  if (request.url.startsWith("/sourceConfig")) {
    const { source } = answer.json();
    assert.equal(source.writeKey, key);
    assert.deepEqual([source.enabled, source.destinations], [true, []]);
  } else {
    const { integrations } = answer.json();
    assert.deepEqual(Object.keys(integrations), ["Segment.io"]);
    assert.equal(integrations["Segment.io"].apiKey, key);
    assert.equal(integrations["Segment.io"].apiHost, `${host}/v1`);
  }
}

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

async function replay(ws, requests, key) {
  const host = new URL(server.url).host;
  for (const request of requests) {
    const answer = await ws.server.send(replayed(request, key, host));
    const origin = request.headers.find(([name]) => name === "Origin")?.[1];
    assert.equal(answer.headers["access-control-allow-origin"], origin, request.url);
    if (request.method === "OPTIONS") assertPreflight(request, answer);
    else if (request.method === "GET") assertSettings(request, answer, key, host);
    else assert.deepEqual([answer.status, answer.json()], [200, { success: true }]);
  }
}

const { own, others } = recordings((file) => !file.includes("snowplow"));

for (const { name, requests } of [...own, ...others]) {
  test(`${name}: ${requests.length} requests`, async () => {
    const ws = await server.newWorkspace();
    const source = /browser|chromium/.test(name) ? "browser" : "server";
    const key = ws.keys[source === "browser" ? "browser_key" : "write_key"];
    await replay(ws, requests, key);

    const leads = await ws.everybody();
    assert.equal(leads.length, 1, `everything is one person's: ${JSON.stringify(leads)}`);
    const [lead] = leads;
    const messages = requests.flatMap(messagesOf);
    const timeline = await ws.timeline(lead.id);
    assert.equal(timeline.length, messages.length);
    for (const message of messages) {
      const entry = timeline.find((each) => each.message_id === message.messageId);
      assert.ok(entry, `${message.messageId} is not there`);
      assertLanded(entry, message, source);
    }

    const { employees, ...expected } = told[name] ?? {};
    for (const [field, value] of Object.entries(expected)) assert.equal(lead[field], value, field);
    if (expected.email !== null) {
      assert.equal(lead.email, "ada@example.com");
      assert.deepEqual(lead, await ws.lead("ada@example.com"));
    }
    assert.equal(lead.company.employees, employees ?? null);
    assert.equal(lead.visitor, false);
    const score = await ws.score(lead.id);

    const figures = await server.metrics();
    await replay(ws, requests, key);
    const later = await server.metrics();
    const grown = (figure) => later[figure] - figures[figure];
    assert.equal(grown("galena_duplicates_total"), messages.length);
    assert.equal(grown("galena_inputs_total"), 0);
    assert.deepEqual(await ws.everybody(), leads);
    assert.deepEqual(await ws.timeline(lead.id), timeline);
    assert.deepEqual(await ws.score(lead.id), score);
  });
}

test("the recordings are there", () => {
  assert.deepEqual(own.map(({ name }) => name).sort(), Object.keys(told).sort());
});

test("what was recorded outlives a restart, and so do its message ids", async () => {
  const { requests } = own.find(({ name }) => name === "segment-node");
  await replay(server.workspace, requests, server.writeKey);
  const before = await server.workspace.everybody();
  const timeline = await server.workspace.timeline(before[0].id);
  await server.restart();
  await replay(server.workspace, requests, server.writeKey);
  assert.deepEqual(await server.workspace.everybody(), before);
  assert.deepEqual(await server.workspace.timeline(before[0].id), timeline);
});
