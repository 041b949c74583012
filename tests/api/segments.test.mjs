// Segments: who is in them, since when and why; what time alone does; the two definitions of an MQL.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena, waitFor } from "./harness.mjs";

const segment = (name, when) => `\n[[segment]]\nname = "${name}"\nwhen = '${when}'\n`;

let server, ws;
before(async () => {
  server = await Galena.start();
  ws = server.workspace;
  await ws.identify("ann", { email: "ann@a.example", title: "VP Sales", company: { employees: 300 } });
  await ws.track("ann", "Demo Requested");
  await ws.identify("bob", { email: "bob@b.example", title: "Student" });
  await ws.tune((text) => text + segment("Bosses", 'title.seniority in ("vp", "c_level")')
    + segment("Other", 'not in_segment("Bosses")'));
});
after(() => server?.close());

const members = async (name) =>
  (await ws.all(`/api/v1/leads?segment=${encodeURIComponent(name)}`)).map((lead) => lead.email).sort();
const segments = async (email) => {
  const { id } = await ws.lead(email);
  return ws.get(`/api/v1/leads/${id}/segments`);
};

test("a list of segments, with how many are in each", async () => {
  const { data, total } = await ws.get("/api/v1/segments");
  assert.equal(total, 4);
  const counts = Object.fromEntries(data.map((each) => [each.name, each.members]));
  assert.deepEqual(counts, { "MQL by score": 1, "MQL by rule": 0, Bosses: 1, Other: 1 });
  assert.deepEqual(data.find((each) => each.name === "Other").asks, ["Bosses"]);
  const one = await ws.get("/api/v1/segments/Bosses");
  assert.equal(one.when, 'title.seniority in ("vp", "c_level")');
  assert.deepEqual(one.criterion, { in: ["title.seniority", ["vp", "c_level"]] });
  assert.equal((await ws.api("GET", "/api/v1/segments/Nobody")).status, 404);
  assert.equal((await ws.api("GET", "/api/v1/segments/Nobody/changes")).status, 404);
});

test("members, by name and within a criterion", async () => {
  assert.deepEqual(await members("Bosses"), ["ann@a.example"]);
  assert.deepEqual(await members("Other"), ["bob@b.example"]);
  const filter = encodeURIComponent('in_segment("Other") and exists(title)');
  const found = await ws.all(`/api/v1/leads?filter=${filter}`);
  assert.deepEqual(found.map((lead) => lead.email), ["bob@b.example"]);
  const unknown = await ws.api("GET", `/api/v1/leads?filter=${encodeURIComponent('in_segment("X")')}`);
  assert.equal(unknown.status, 400);
  assert.match(unknown.text, /column 12: there is no segment/);
});

test("an event moves a lead, and says so", async () => {
  await ws.identify("bob", { title: "CEO" });
  assert.deepEqual(await members("Bosses"), ["ann@a.example", "bob@b.example"]);
  const { data, changes } = await segments("bob@b.example");
  const [bosses, other] = ["Bosses", "Other"].map((name) => data.find((each) => each.name === name));
  assert.equal(bosses.member, true);
  assert.equal(bosses.reason, "Said who they are");
  assert.equal(other.member, false);
  assert.equal(other.since, null);
  assert.equal(other.why.holds, false, "why not");
  assert.equal(other.why.parts[0].holds, true);
  assert.deepEqual(changes.map((each) => [each.segment, each.entered]),
    [["Bosses", true], ["Other", false], ["Other", true]]);
  assert.equal(changes[2].reason, "The playbook changed");
  const moves = await ws.all("/api/v1/segments/Bosses/changes", 1);
  assert.deepEqual(moves.map((each) => each.lead.email), ["bob@b.example", "ann@a.example"]);
  assert.ok(moves.every((each) => each.entered));
});

test("time alone moves a lead, at the very moment", async () => {
  const fresh = segment("Fresh", 'count("Page Viewed", last 2s) >= 1')
    + segment("Late", 'exists(first("Page Viewed")) and last_seen < 3s ago');
  await ws.tune((text) => text + fresh);
  await ws.identify("cid", { email: "cid@c.example" });
  await ws.page({ userId: "cid" }, "/about");
  assert.deepEqual(await members("Fresh"), ["cid@c.example"]);
  await waitFor("the time to pass", async () => (await members("Late")).length === 1);
  const { changes } = await segments("cid@c.example");
  const [late, gone, came] = changes;
  assert.deepEqual([came, gone, late].map((each) => [each.segment, each.entered]),
    [["Fresh", true], ["Fresh", false], ["Late", true]]);
  assert.deepEqual([gone.reason, late.reason], ["Time passed", "Time passed"]);
  const timeline = await ws.timeline((await ws.lead("cid@c.example")).id);
  const visit = timeline.find((entry) => entry.event_id === came.event_id || entry.id === came.event_id);
  assert.equal(Date.parse(gone.at) - Date.parse(visit.at), 2000);
  assert.equal(Date.parse(late.at) - Date.parse(visit.at), 3001, "a millisecond more than three seconds");
});

test("a restart changes nothing", async () => {
  const before = [await ws.get("/api/v1/segments"), await segments("cid@c.example")];
  await server.restart();
  const after = [await ws.get("/api/v1/segments"), await segments("cid@c.example")];
  assert.deepEqual(after, before);
});

test("an MQL by score is not always one by rule", async () => {
  await ws.page({ userId: "ann" }, "/pricing");
  const ann = await ws.lead("ann@a.example");
  assert.deepEqual(ann.mql, { by_score: true, by_rule: false });
  await ws.identify("dan", { email: "dan@gmail.com", title: "Student" });
  for (let i = 0; i < 3; ++i) await ws.track("dan", "White Paper Downloaded");
  for (let i = 0; i < 2; ++i) await ws.page({ userId: "dan" }, "/pricing");
  const mail = (event, i) => ws.track("dan", event, { email_id: `m${i}` });
  for (let i = 0; i < 5; ++i) await mail("Email Delivered", i);
  for (const i of [0, 0, 0, 1]) await mail("Email Opened", i);
  assert.equal((await ws.lead("dan@gmail.com")).mql.by_rule, false, "two of five");
  await mail("Email Opened", 2);
  assert.deepEqual((await ws.lead("dan@gmail.com")).mql, { by_score: false, by_rule: true });
  const differ = await ws.all("/api/v1/mql", 1);
  assert.deepEqual(differ.map((lead) => lead.email), ["ann@a.example", "dan@gmail.com"]);
  const shown = await server.cli(["mql", "--format", "json"]);
  assert.equal(JSON.parse(shown.stdout).length, 2);
});

test("a playbook says whom it moves, and is refused with the name of what is wrong", async () => {
  const { text } = await ws.playbook();
  const changed = text.replace('["vp", "c_level"]', '["vp"]').replace('("vp", "c_level")', '("vp")');
  const diff = await ws.api("POST", "/api/v1/playbook/diff", changed);
  assert.equal(diff.status, 200, diff.text);
  const moves = diff.json().segment_changes;
  assert.deepEqual(moves.map(({ name, enter, leave }) => [name, enter, leave]), [["Bosses", 0, 1], ["Other", 1, 0]]);
  assert.deepEqual(moves.map(({ entering, leaving }) => [entering.length, leaving.length]), [[0, 1], [1, 0]]);
  assert.deepEqual(moves[0].leaving, moves[1].entering, "the same person");
  assert.equal(diff.json().changes[0].path, 'segment "Bosses" when');
  const circle = text + segment("A", 'in_segment("B")') + segment("B", 'in_segment("A")');
  const refused = await ws.api("POST", "/api/v1/playbook/diff", circle);
  assert.equal(refused.status, 400);
  assert.match(refused.json().detail, /"A" → "B" → "A"/);
});

test("the command line", async () => {
  const listed = JSON.parse((await server.cli(["segments", "--format", "json"])).stdout);
  assert.deepEqual(listed.find((each) => each.name === "Bosses").members, 2);
  const csv = (await server.cli(["segments", "Bosses", "--format", "csv"])).stdout;
  assert.match(csv, /ann@a\.example/);
  const changes = (await server.cli(["segments", "Bosses", "--changes"])).stdout;
  assert.match(changes, /bob@b\.example/);
  const { id } = await ws.lead("bob@b.example");
  assert.match((await server.cli(["leads", id, "--segments"])).stdout, /Bosses/);
  assert.match((await server.cli(["leads", "--segment", "Bosses"])).stdout, /ann@a\.example/);
  const nobody = await server.cli(["segments", "Nobody"]);
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /there is no such segment/);
});

test("every pack can be taken", async () => {
  const packs = JSON.parse((await server.cli(["playbook", "pack", "--format", "json"])).stdout);
  assert.deepEqual(packs.map((pack) => pack.name), ["classic", "plg", "ladder", "mql"]);
  for (const { name } of packs) {
    const text = (await server.cli(["playbook", "pack", name])).stdout;
    const answer = await ws.api("PUT", "/api/v1/playbook", text);
    assert.equal(answer.status, 200, answer.text);
    const names = (await ws.get("/api/v1/lifecycle")).data.map((stage) => stage.name);
    if (name === "ladder") assert.deepEqual(names, ["cold", "warm", "iql", "mql", "sal", "sql"]);
    if (name === "plg") assert.ok(names.includes("pql"));
  }
  assert.equal((await server.cli(["playbook", "pack", "nothing"])).code, 1);
});
