// Who is who: merging, undoing it, taking events back and proposals of duplicates, on the real
// server and across a restart.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena, unique, waitFor } from "./harness.mjs";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

const ids_of = async (ws, id) => {
  const answer = await ws.api("GET", `/api/v1/leads/${id}/identities`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
};
const values = (identities) => identities.data.map((key) => key.value).sort();

async function two_leads(ws) {
  const names = [unique("ann"), unique("bob")];
  const leads = [];
  for (const name of names) {
    await ws.identify(name, { email: `${name}@acme.example`, title: "VP Sales" });
    leads.push(await ws.lead(`${name}@acme.example`));
  }
  return { names, leads };
}

const say = async (ws, path, body, options) => {
  const answer = await ws.api("POST", path, body, options);
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
};

test("a merge and its undo, with what came in between where it belongs", async () => {
  const ws = await server.newWorkspace();
  const { names, leads } = await two_leads(ws);
  const [ann, bob] = leads;
  const merged = await say(ws, `/api/v1/leads/${bob.id}/merge`, { with: ann.id, reason: "moved" });
  assert.equal(merged.lead.id, ann.id, "who is known longer goes on");
  const both = await ids_of(ws, bob.id);
  assert.equal(both.data.length, 4);
  assert.deepEqual(
    both.by_hand.map(({ kind, leads, reason, event_id }) => ({ kind, leads, reason, event_id })),
    [{ kind: "merge", leads: [bob.id, ann.id], reason: "moved", event_id: merged.event_id }],
  );
  await ws.track(names[1], "Demo Requested", {}, { anonymousId: "phone" });
  await ws.track(names[0], "Webinar Attended");
  assert.equal((await ws.api("GET", `/api/v1/leads/${ann.id}`)).json().interest, 35);

  const undone = await say(ws, `/api/v1/events/${merged.event_id}/void`, { reason: "two people" });
  assert.ok(undone.lead);
  const [ann_now, bob_now] = await Promise.all(
    leads.map(async (lead) => (await ws.api("GET", `/api/v1/leads/${lead.id}`)).json()),
  );
  assert.deepEqual([ann_now.id, ann_now.interest], [ann.id, 10]);
  assert.deepEqual([bob_now.id, bob_now.interest], [bob.id, 25]);
  assert.ok(values(await ids_of(ws, bob.id)).includes("phone"));
  assert.ok(!values(await ids_of(ws, ann.id)).includes("phone"));
  const again = await ws.api("POST", `/api/v1/events/${merged.event_id}/void`, {});
  assert.equal(again.status, 409);
  assert.match(again.json().detail, /taken back already/);
});

test("an event taken back counts for nothing, is shown, and stays so after a restart", async () => {
  const own = await Galena.start();
  try {
    const ws = await own.newWorkspace();
    const name = unique("eve");
    await ws.identify(name, { email: `${name}@acme.example`, title: "CEO" });
    await ws.track(name, "Demo Requested", {}, { messageId: "demo-1" });
    const lead = await ws.lead(`${name}@acme.example`);
    assert.equal(lead.score, 45);
    const events = await ws.timeline(lead.id);
    const demo = events.find((entry) => entry.event === "Demo Requested");
    const told = events.find((entry) => entry.event === "Identified");
    const answer = await say(ws, `/api/v1/events/${demo.id}/void`, { reason: "a test of ours" });
    assert.equal(answer.lead.score, 20);
    await ws.track(name, "Demo Requested", {}, { messageId: "demo-1" });
    const look = async () => {
      const now = (await ws.api("GET", `/api/v1/leads/${lead.id}`)).json();
      const shown = (await ws.timeline(lead.id)).find((entry) => entry.id === demo.id);
      assert.deepEqual([now.score, shown.voided, shown.counted], [20, true, false]);
    };
    await look();
    await own.restart();
    await look();
    // The last thing that was known of her: then there is no such lead.
    const gone = await say(ws, `/api/v1/events/${told.id}/void`, {});
    assert.equal(gone.lead, null);
    assert.equal((await ws.api("GET", `/api/v1/leads/${lead.id}`)).status, 404);
    assert.deepEqual((await ws.api("GET", "/api/v1/leads?include=visitors")).json().data, []);
  } finally {
    await own.close();
  }
});

test("what cannot be said is refused and says why", async () => {
  const ws = await server.newWorkspace();
  const { leads } = await two_leads(ws);
  const merge = (body) => ws.api("POST", `/api/v1/leads/${leads[0].id}/merge`, body);
  for (const [body, status, what] of [
    [{}, 400, /text/],
    [{ with: "lead_999" }, 400, /id of a lead/],
    [{ with: 7 }, 400, /text/],
    [{ with: leads[1].id, note: "x" }, 400, /note|unknown/i],
    [{ with: leads[0].id }, 409, /one lead already/],
  ]) {
    const answer = await merge(body);
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.text, what);
  }
  for (const [event, status] of [["evt_1", 400], ["evt_0", 404], ["evt_99999", 404], ["x", 404]]) {
    const answer = await ws.api("POST", `/api/v1/events/${event}/void`, {});
    assert.equal(answer.status, status, `${event}: ${answer.text}`);
  }
});

test("the same request under one key is done once, another one is refused", async () => {
  const ws = await server.newWorkspace();
  const { leads } = await two_leads(ws);
  const key = { headers: { "Idempotency-Key": unique("key") } };
  const path = `/api/v1/leads/${leads[0].id}/merge`;
  const first = await say(ws, path, { with: leads[1].id }, key);
  const second = await say(ws, path, { with: leads[1].id }, key);
  assert.equal(first.event_id, second.event_id);
  const other = await ws.api("POST", path, { with: leads[1].id, reason: "other" }, key);
  assert.equal(other.status, 422, other.text);
});

test("duplicates are proposed with their evidence until somebody decides", async () => {
  const ws = await server.newWorkspace();
  const person = { firstName: "Bartholomew", lastName: "Quackenbush", phone: "+49 40 1234567" };
  await ws.identify("q1", { ...person, email: "b.quackenbush@acme.example", company: { name: "Acme GmbH" } });
  await ws.identify("q2", { ...person, firstName: "Bart", email: "bart@acme.example", company: { name: "Acme" } });
  await ws.identify("other", { firstName: "Ann", lastName: "Smith", email: "ann@else.example" });
  const found = (await ws.api("GET", "/api/v1/duplicates")).json();
  assert.equal(found.total, 1, JSON.stringify(found));
  const [proposal] = found.data;
  assert.ok(proposal.probability >= found.threshold && proposal.probability <= 1);
  assert.deepEqual(proposal.leads.map((lead) => lead.last_name), ["Quackenbush", "Quackenbush"]);
  assert.ok(proposal.reasons.some((reason) => /family name/.test(reason.text)), JSON.stringify(proposal.reasons));
  const [one, other] = proposal.leads.map((lead) => lead.id);
  const said = await say(ws, `/api/v1/leads/${one}/distinct`, { from: other, reason: "brothers" });
  assert.equal((await ws.api("GET", "/api/v1/duplicates")).json().total, 0);
  await say(ws, `/api/v1/events/${said.event_id}/void`, {});
  assert.equal((await ws.api("GET", "/api/v1/duplicates")).json().total, 1);
  await say(ws, `/api/v1/leads/${one}/merge`, { with: other });
  assert.equal((await ws.api("GET", "/api/v1/duplicates")).json().total, 0);
  assert.equal((await ws.api("GET", "/api/v1/duplicates?threshold=2")).status, 400);
});

test("what is surely one is merged unasked if the owner says so, and not again after an undo", async () => {
  const ws = await server.newWorkspace();
  const traits = { firstName: "Ottokar", lastName: "Przybilski", phone: "+49 30 1234567", company: "Zirbelwerke AG" };
  for (const email of ["o.przybilski@zirbelwerke.de", "ottokar@przybilski.org"])
    await ws.taken("/v1/identify", { anonymousId: email, traits: { ...traits, email } });
  const proposed = (await ws.api("GET", "/api/v1/duplicates")).json();
  assert.equal(proposed.threshold, 0.85);
  assert.ok(proposed.data[0].probability > 0.95);
  const wrong = await ws.api("PUT", "/api/v1/playbook", "[identity]\nmerge_from = 0.5\n");
  assert.equal(wrong.status, 400, wrong.text);
  const applied = await ws.api("PUT", "/api/v1/playbook", "[identity]\nmerge_from = 0.95\n");
  assert.equal(applied.status, 200, applied.text);
  await waitFor("the merge", async () => (await ws.everybody()).length === 1);
  const lead = (await ws.everybody())[0];
  const [merge] = (await ids_of(ws, lead.id)).by_hand;
  assert.equal(merge.author, "galena");
  assert.match(merge.reason, /% likely: .*same phone/);
  await say(ws, `/api/v1/events/${merge.event_id}/void`, {}, { headers: { "Idempotency-Key": "no" } });
  await say(ws, `/api/v1/events/${merge.event_id}/void`, {}, { headers: { "Idempotency-Key": "no" } });
  assert.equal((await ws.everybody()).length, 2);
  assert.equal((await ws.api("GET", "/api/v1/duplicates")).json().total, 0, "they are two");
  const said = (await ids_of(ws, lead.id)).by_hand.map((each) => each.kind);
  assert.deepEqual(said, ["distinct"]);
});

test("nobody reaches the people of another workspace", async () => {
  const ours = await server.newWorkspace();
  const theirs = await server.newWorkspace();
  const { leads } = await two_leads(ours);
  const [event] = await ours.timeline(leads[0].id);
  for (const [method, path, body] of [
    ["GET", `/api/v1/leads/${leads[0].id}/identities`],
    ["POST", `/api/v1/leads/${leads[0].id}/merge`, { with: leads[1].id }],
    ["POST", `/api/v1/events/${event.id}/void`, {}],
  ]) {
    const answer = await theirs.api(method, path, body);
    assert.ok([400, 404].includes(answer.status), `${path}: ${answer.text}`);
  }
  assert.equal((await ours.timeline(leads[0].id))[0].voided, false);
});

test("the command line says and takes back the same", async () => {
  const own = await Galena.start();
  try {
    const ws = own.workspace;
    const { leads } = await two_leads(ws);
    const asked = async (...args) => {
      const done = await own.cli([...args, "--format", "json"]);
      assert.equal(done.code, 0, done.stderr);
      return JSON.parse(done.stdout);
    };
    const merged = await asked("merge", leads[0].id, leads[1].id, "--reason", "one");
    assert.equal(merged.lead.id, leads[0].id);
    assert.equal((await asked("identities", leads[1].id)).data.length, 4);
    const undone = await asked("void", merged.event_id);
    assert.equal(undone.lead.id, leads[0].id);
    assert.equal((await asked("identities", leads[1].id)).data.length, 2);
    await asked("distinct", leads[0].id, leads[1].id, "--reason", "two");
    assert.deepEqual((await asked("duplicates")).data, []);
    const table = await own.cli(["identities", leads[0].id]);
    assert.match(table.stdout, /Said by hand/);
    const wrong = await own.cli(["merge", leads[0].id, leads[0].id]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /one lead already/);
  } finally {
    await own.close();
  }
});
