// kill -9 of the real server under load, twenty times. Whatever was acknowledged is there once after
// the restart; whatever was not is sent again with its id and is there once, too.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { Galena, run } from "./harness.mjs";
import { basic, bearer } from "./http.mjs";
import { micro } from "./workspace.mjs";

const rounds = 20;
const senders = 12;
const persons = 25;

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

// One unit that is sent until it is acknowledged: a message, a batch, or an adjustment.
class Work {
  constructor() {
    this.made = 0;
    this.waiting = [];
    this.messages = new Map(); // id -> person
    this.acknowledged = new Set();
    this.points = new Map(); // lead id -> sum of its adjustments
  }

  next(leads) {
    return this.waiting.pop() ?? this.make(leads);
  }

  message() {
    const messageId = `m-${++this.made}`;
    const userId = `u${this.made % persons}`;
    this.messages.set(messageId, userId);
    const properties = { number: this.made };
    const kinds = [
      { type: "track", event: "Webinar Attended", properties },
      { type: "page", properties: { ...properties, path: "/pricing" } },
      { type: "track", event: `Own Thing ${this.made % 3}`, properties },
    ];
    return { messageId, userId, ...kinds[this.made % 3] };
  }

  make(leads) {
    if (this.made % 50 === 7) return this.adjustment(leads[this.made++ % leads.length]);
    if (this.made % 5 !== 0) {
      const { type, ...message } = this.message();
      return this.unit(`/v1/${type}`, message, [message.messageId]);
    }
    const batch = Array.from({ length: 10 }, () => this.message());
    return this.unit("/v1/batch", { batch }, batch.map((message) => message.messageId));
  }

  unit(path, body, ids) {
    return { path, ids, body: JSON.stringify(body), headers: { Authorization: this.write } };
  }

  adjustment(lead) {
    const points = (this.made % 5) + 1;
    this.points.set(lead, (this.points.get(lead) ?? 0) + points);
    return {
      path: `/api/v1/leads/${lead}/adjustments`,
      ids: [],
      body: JSON.stringify({ points, reason: `number ${this.made}` }),
      headers: { Authorization: this.read, "Idempotency-Key": `a-${this.made}` },
    };
  }
}

// Sends until the server is gone; what got no answer waits for the next round.
async function sendUntilDead(work, leads, agent) {
  for (;;) {
    const unit = work.next(leads);
    const headers = { ...unit.headers, "Content-Type": "application/json" };
    try {
      const options = { method: "POST", path: unit.path, headers, body: unit.body, agent };
      const answer = await server.send({ ...options, timeout_ms: 20_000 });
      assert.ok([200, 201].includes(answer.status), `${answer.status}: ${answer.text}`);
      for (const id of unit.ids) work.acknowledged.add(id);
    } catch (error) {
      work.waiting.push(unit);
      if (error.code === "ERR_ASSERTION") throw error;
      return;
    }
  }
}

// The message ids in the log, read past the server.
async function loggedIds() {
  const query =
    "SELECT json_extract(input, '$.message.messageId') FROM log WHERE kind = 1 ORDER BY id";
  const done = await run("sqlite3", ["-readonly", `${server.dir}/galena.db`, query]);
  assert.equal(done.code, 0, done.stderr);
  return done.stdout.split("\n").filter((line) => line.startsWith("m-"));
}

async function round(work, leads) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: senders });
  const sending = Array.from({ length: senders }, () => sendUntilDead(work, leads, agent));
  const before = work.acknowledged.size;
  const pause_ms = 100 + Math.random() * 400;
  await new Promise((resolve) => setTimeout(resolve, pause_ms));
  await server.kill9();
  await Promise.all(sending);
  agent.destroy();
  await server.serve();
  const ids = await loggedIds();
  const there = new Set(ids);
  assert.equal(there.size, ids.length, "a message is there twice");
  const lost = [...work.acknowledged].filter((id) => !there.has(id));
  assert.deepEqual(lost, [], `acknowledged and lost, killed after ${pause_ms} ms`);
  return work.acknowledged.size - before;
}

async function finish(work) {
  for (const unit of work.waiting.splice(0)) {
    const headers = { ...unit.headers, "Content-Type": "application/json" };
    const answer = await server.send({ method: "POST", ...unit, headers });
    assert.ok([200, 201].includes(answer.status), answer.text);
    for (const id of unit.ids) work.acknowledged.add(id);
  }
}

async function assertWhole(work, leads) {
  const ws = server.workspace;
  assert.equal(work.acknowledged.size, work.messages.size);
  const seen = [];
  for (const lead of leads) {
    const timeline = await ws.timeline(lead.id);
    const own = timeline.filter((entry) => entry.message_id?.startsWith("m-"));
    for (const entry of own) {
      assert.equal(`${work.messages.get(entry.message_id)}@load.example`, lead.email);
      assert.equal(`m-${entry.properties.number}`, entry.message_id, "its properties are its own");
    }
    seen.push(...own.map((entry) => entry.message_id));
    const { ledger } = await ws.score(lead.id);
    const manual = ledger.filter((line) => line.kind === "manual");
    const adjusted = manual.reduce((total, line) => total + micro(line.points), 0);
    assert.equal(adjusted, micro(work.points.get(lead.id) ?? 0), `adjustments of ${lead.id}`);
  }
  assert.equal(seen.length, new Set(seen).size);
  assert.deepEqual(new Set(seen), new Set(work.messages.keys()));
}

test(`killed ${rounds} times under load`, { timeout: 280_000 }, async (t) => {
  const ws = server.workspace;
  const people = Array.from({ length: persons }, (_, i) => i);
  await ws.batch(
    people.map((i) => ({
      type: "identify",
      userId: `u${i}`,
      traits: { email: `u${i}@load.example` },
    })),
  );
  const leads = (await ws.leads()).map((lead) => lead.id);
  assert.equal(leads.length, persons);
  const work = new Work();
  work.write = basic(server.writeKey);
  work.read = bearer(server.apiKey);
  let busy = 0;
  for (let i = 0; i < rounds; ++i) busy += (await round(work, leads)) > 0;
  assert.ok(busy > rounds / 2, `only ${busy} of ${rounds} rounds had the server at work`);
  await finish(work);
  const now = await server.workspace.leads();
  await assertWhole(work, now);
  t.diagnostic(`${work.messages.size} messages, ${rounds} kills`);

  // What the live state was is what the log gives again.
  const scores = now.map(({ id, score, stage }) => [id, score, stage]);
  await server.restart();
  const later = await server.workspace.leads();
  assert.deepEqual(later.map(({ id, score, stage }) => [id, score, stage]), scores);
  const check = await run("sqlite3", [`${server.dir}/galena.db`, "PRAGMA integrity_check"]);
  assert.equal(check.stdout.trim(), "ok");
});
