// Snowplow's trackers: their recorded requests sent again, whose workspace an appId means, and what
// is no visit. (Unmodified trackers: snowplow_clients.test.mjs.)
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena, unique } from "./harness.mjs";
import { assertPreflight, recordings, replayed } from "./recordings.mjs";

const path = "/com.snowplowanalytics.snowplow/tp2";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

// The events of a recorded request, each as its fields.
function eventsOf(request) {
  if (request.method === "POST") return request.body.data;
  if (request.method !== "GET") return [];
  return [Object.fromEntries(new URL(request.url, "http://localhost").searchParams)];
}

const packed = (text) => JSON.parse(Buffer.from(text, "base64url"));

// What an event of the recordings comes to.
function expected(event) {
  if (event.e === "pv") {
    const search = new URL(event.url).search;
    const properties = { path: "/pricing", url: event.url, title: event.page, search };
    if (event.refr) properties.referrer = event.refr;
    return { type: "page", event: "Pricing Viewed", properties };
  }
  if (event.e === "se") {
    const properties = { category: "demo", action: "request", label: "pro", property: "seats", value: 25 };
    return { type: "track", event: "Demo Requested", properties };
  }
  const told = event.ue_pr ? JSON.parse(event.ue_pr) : packed(event.ue_px);
  return { type: "track", event: "Demo Requested", properties: told.data.data };
}

function assertLanded(entry, event, source) {
  const what = `${event.e} ${event.eid}`;
  const { type, properties, event: name } = entry;
  assert.deepEqual({ type, event: name, properties }, expected(event), what);
  assert.deepEqual([entry.source, entry.counted], [source, true], what);
  assert.equal(entry.context.library.version, event.tv, what);
  // The sender's clock is wrong by as much as `stm` differs from the arrival.
  assert.equal(Date.parse(entry.received_at) - Date.parse(entry.at), event.stm - event.dtm, what);
}

async function replay(to, requests, key) {
  const host = new URL(to.url).host;
  for (const request of requests) {
    const answer = await to.send(replayed(request, key, host));
    if (request.method === "OPTIONS") assertPreflight(request, answer);
    else assert.equal(answer.status, 200, answer.text);
    if (request.method === "POST") assert.equal(answer.text, "ok");
    if (request.method === "GET") {
      assert.equal(answer.headers["content-type"], "image/gif");
      assert.match(answer.headers["cache-control"], /no-store/);
      assert.ok(answer.text.startsWith("GIF89a"));
    }
  }
}

const { own, others } = recordings((file) => file.includes("snowplow"));

for (const { name, requests } of [...own, ...others]) {
  test(`${name}: ${requests.length} requests`, async () => {
    const ws = await server.newWorkspace();
    const source = name.includes("chromium") ? "browser" : "server";
    const key = ws.keys[source === "browser" ? "browser_key" : "write_key"];
    await replay(server, requests, key);

    const leads = await ws.everybody();
    assert.equal(leads.length, 1, `everything is one person's: ${JSON.stringify(leads)}`);
    const [lead] = leads;
    const events = requests.flatMap(eventsOf);
    const timeline = await ws.timeline(lead.id);
    assert.equal(timeline.length, events.length);
    for (const event of events) {
      const entry = timeline.find((each) => each.message_id === event.eid);
      assert.ok(entry, `${event.eid} is not there`);
      assertLanded(entry, event, source);
      assert.ok(!JSON.stringify(entry).includes(key), "no key is kept");
    }
    // Pricing 15, demos 25 at most; who it is the tracker on Node says in an entity.
    assert.deepEqual([lead.score, lead.stage, lead.temperature], [40, "lead", "hot"]);
    assert.equal(lead.email, source === "server" ? "ada@example.com" : null);
    assert.equal(lead.visitor, false);

    const figures = await server.metrics();
    await replay(server, requests, key);
    const later = await server.metrics();
    assert.equal(later.galena_duplicates_total - figures.galena_duplicates_total, events.length);
    assert.deepEqual(await ws.timeline(lead.id), timeline);
  });
}

test("the recordings are there", () => {
  const names = own.map(({ name }) => name).sort();
  assert.deepEqual(names, ["chromium-snowplow", "snowplow-node", "snowplow-node-get"]);
});

test("where there is one workspace alone, any appId is its own", async () => {
  const alone = await Galena.start();
  try {
    for (const { requests } of own) await replay(alone, requests, "galena-test");
    const [lead, ...more] = await alone.workspace.everybody();
    assert.deepEqual(more, []);
    const timeline = await alone.workspace.timeline(lead.id);
    assert.equal(timeline.length, 9);
    for (const entry of timeline) {
      assert.deepEqual([entry.source, entry.context.snowplow.app_id], ["browser", "galena-test"]);
    }
    // Of what a server's tracker sends, the request says nothing of the person.
    const told = timeline.filter((entry) => entry.context.snowplow.platform === "srv");
    for (const { context } of told) assert.deepEqual([context.ip, context.userAgent], ["203.0.113.9", undefined]);

    const keys = await alone.workspace.get("/api/v1/keys");
    for (const { id, kind } of keys.data) {
      if (kind !== "browser") continue;
      assert.equal((await alone.workspace.api("DELETE", `/api/v1/keys/${id}`)).status, 204);
    }
    const refused = await track(alone, { e: "pv", uid: "ann", aid: "galena-test" });
    assert.equal(refused.status, 401, "who ends the browser key ends that, too");
  } finally {
    await alone.close();
  }
});

// One event by POST.
function track(to, event, headers = {}) {
  const schema = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4";
  const body = JSON.stringify({ schema, data: [].concat(event) });
  return to.send({ method: "POST", path, headers: { "Content-Type": "application/json", ...headers }, body });
}

const pixel = (to, event, options = {}) =>
  to.send({ path: `/i?${new URLSearchParams(event)}`, ...options });

test("an appId may be the name of a write key, worth no more than a browser key", async () => {
  const ws = await server.newWorkspace();
  const name = unique("shop");
  const made = await ws.api("POST", "/api/v1/keys", { kind: "server", name });
  assert.equal(made.status, 201, made.text);
  assert.equal((await track(server, { e: "pv", aid: name, uid: "ann", url: "https://a.example/pricing" })).status, 200);
  const [lead] = await ws.everybody();
  const [entry] = await ws.timeline(lead.id);
  assert.deepEqual([entry.source, entry.event, lead.score], ["browser", "Pricing Viewed", 15]);
  // A name that two workspaces use is nobody's.
  const other = await server.newWorkspace();
  assert.equal((await other.api("POST", "/api/v1/keys", { kind: "server", name })).status, 201);
  const ambiguous = await track(server, { e: "pv", aid: name, uid: "ann" });
  assert.equal(ambiguous.status, 401, ambiguous.text);
  assert.equal((await other.everybody()).length, 0);
});

test("an appId of no workspace is told what to be", async () => {
  await server.newWorkspace();
  for (const aid of ["galena-test", "", server.apiKey]) {
    const answer = await track(server, { e: "pv", uid: "ann", aid });
    assert.equal(answer.status, 401, aid);
    assert.match(answer.json().detail, /appId.*write keys.*galena key list/);
    assert.equal(answer.json().errors[0].pointer, "/data/0/aid");
  }
  assert.equal((await pixel(server, { e: "pv", uid: "ann" })).json().errors[0].pointer, "/aid");
});

test("what cannot be taken is left out and told; what is nobody's is refused", async () => {
  const ws = await server.newWorkspace();
  const aid = ws.keys.browser_key;
  const url = "https://a.example/";
  const nobody = await track(server, { e: "pv", aid, url });
  assert.equal(nobody.status, 400);
  assert.deepEqual(nobody.json().errors.map((each) => each.pointer), ["/data/0/uid"]);
  assert.match(nobody.json().detail, /uid.*duid/);
  assert.equal((await pixel(server, { e: "pv", aid, url })).status, 400);

  const mixed = await track(server, [
    { e: "pv", aid, url },
    { e: "pv", aid, url, duid: "laptop" },
    { e: "??", aid, duid: "laptop" },
    { e: "pv", aid: server.browserKey, url, duid: "laptop" },
  ]);
  assert.equal(mixed.status, 200, mixed.text);
  const refused = mixed.json().refused.map(({ index, pointer }) => [index, pointer]);
  assert.deepEqual(refused, [[0, "/data/0/uid"], [2, "/data/2/e"], [3, "/data/3/aid"]]);
  assert.equal((await ws.everybody()).length, 1);
  assert.equal((await server.workspace.everybody()).length, 0);

  const empty = await track(server, []);
  assert.deepEqual([empty.status, empty.text], [200, "ok"]);
  for (const body of ["", "{", "[]", '{"data":7}']) {
    const answer = await server.send({ method: "POST", path, headers: { "Content-Type": "text/plain" }, body });
    assert.equal(answer.status, 400, body);
  }
  const large = await track(server, { e: "pv", aid, duid: "laptop", page: "x".repeat(1_200_000) });
  assert.equal(large.status, 400);
});

test("HEAD, and whoever fetches ahead, visits nothing", async () => {
  const ws = await server.newWorkspace();
  const event = { e: "pv", aid: ws.keys.browser_key, duid: "laptop", url: "https://a.example/pricing", eid: "one" };
  const ahead = [
    { method: "HEAD" },
    { headers: { "Sec-Purpose": "prefetch;prerender" } },
    { headers: { Purpose: "prefetch" } },
    { headers: { "X-Moz": "prefetch" } },
  ];
  for (const options of ahead) {
    const answer = await pixel(server, event, options);
    assert.deepEqual([answer.status, answer.headers["content-type"]], [200, "image/gif"]);
  }
  assert.deepEqual(await ws.everybody(), []);
  assert.equal((await pixel(server, event)).status, 200);
  const [visitor] = await ws.everybody();
  assert.equal(visitor.score, 15, "the visit itself counts, whatever came before it");
});

test("a page ping is no visit and no interest", async () => {
  const ws = await server.newWorkspace();
  const event = { aid: ws.keys.browser_key, duid: "laptop", url: "https://a.example/pricing" };
  assert.equal((await track(server, [{ e: "pv", ...event }, { e: "pp", ...event }])).status, 200);
  const [visitor] = await ws.everybody();
  const names = (await ws.timeline(visitor.id)).map((entry) => entry.event);
  assert.deepEqual(names.sort(), ["Page Pinged", "Pricing Viewed"]);
  assert.equal(visitor.score, 15);
});

test("a form is a form, and whoever fills it in is known", async () => {
  const ws = await server.newWorkspace();
  const elements = [{ name: "email", value: "ann@acme.example" }, { name: "first_name", value: "Ann" }];
  const form = { schema: "iglu:com.snowplowanalytics.snowplow/submit_form/jsonschema/1-0-0", data: { formId: "contact", elements } };
  const event = { e: "ue", aid: ws.keys.browser_key, duid: "laptop", ue_pr: JSON.stringify({ schema: "iglu:x", data: form }) };
  assert.equal((await track(server, event)).status, 200);
  const lead = await ws.lead("ann@acme.example");
  assert.deepEqual([lead.first_name, lead.stage], ["Ann", "lead"]);
});

test("a tracker that shall know nobody leaves no address", async () => {
  const ws = await server.newWorkspace();
  const event = { e: "pv", aid: ws.keys.browser_key, sid: "visit", url: "https://a.example/" };
  assert.equal((await track(server, event, { "SP-Anonymous": "*" })).status, 200);
  assert.equal((await track(server, { ...event, sid: "another" })).status, 200);
  const ips = [];
  for (const { id } of await ws.everybody()) ips.push((await ws.timeline(id))[0].context.ip);
  assert.deepEqual(ips.sort(), ["127.0.0.1", undefined]);
});
