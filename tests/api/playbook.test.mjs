// The rules as text: exported, changed, compared, applied; and every lead right afterwards.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Galena } from "./harness.mjs";
import { micro, rule } from "./workspace.mjs";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

const count = 2300; // more than are moved in one go
const demos = (text) => rule(text, "Demo request", { points: 55, cap: 55 });

// Of every four people one has asked for a demo, one has opened a mail, two have done nothing.
async function fill(ws) {
  const people = Array.from({ length: count }, (_, i) => i);
  const identify = (i) => ({ type: "identify", userId: `u${i}`, traits: { email: `u${i}@a.example` } });
  await ws.batch(people.map(identify));
  const of = (rest, event) =>
    people.filter((i) => i % 4 === rest).map((i) => ({ type: "track", userId: `u${i}`, event }));
  await ws.batch([...of(0, "Demo Requested"), ...of(1, "Email Opened")]);
}

const tally = (leads) => {
  const found = {};
  for (const { score, stage } of leads) {
    found[`${score} ${stage}`] = (found[`${score} ${stage}`] ?? 0) + 1;
  }
  return found;
};

test("change a number, see whom it moves, apply it", async () => {
  const ws = server.workspace;
  await fill(ws);
  const quarter = count / 4;
  const before = { "25 lead": quarter, "1 contact": quarter, "0 contact": 2 * quarter };
  assert.deepEqual(tally(await ws.leads()), before);

  const { text, etag } = await ws.playbook();
  const changed = demos(text);
  const diff = await ws.api("POST", "/api/v1/playbook/diff", changed);
  assert.equal(diff.status, 200, diff.text);
  const said = diff.json();
  assert.deepEqual([said.leads_scored, said.leads_changed], [count, quarter]);
  const moves = said.stage_changes.map(({ leads, ...move }) => (assert.equal(leads.length, Math.min(20, quarter)), move));
  assert.deepEqual(moves, [{ from: "lead", to: "mql", count: quarter }]);
  const sum = (when) => said.distribution.reduce((all, bucket) => all + bucket[when], 0);
  assert.deepEqual([sum("before"), sum("after")], [count, count], "everybody is in the distribution");
  assert.ok(said.distribution.some((bucket) => bucket.before !== bucket.after));
  assert.deepEqual(said.changes.map((change) => [change.before, change.after]), [
    ["25", "55"],
    ["25", "55"],
  ]);
  for (const key of ["points", "cap"]) {
    assert.ok(said.changes.some((change) => change.path.endsWith(key)), `${key} is named`);
  }
  assert.ok(said.changes.every((change) => change.path.includes("Demo request")));
  assert.ok(said.sample.length > 0);
  for (const move of said.sample) {
    assert.deepEqual([move.score_before, move.score_after], [25, 55]);
    assert.deepEqual([move.stage_before, move.stage_after], ["lead", "mql"]);
    assert.match(move.lead.email, /^u\d+@a\.example$/);
  }
  assert.deepEqual(tally(await ws.leads()), before, "a comparison changes nothing");
  assert.equal((await ws.playbook()).etag, etag);

  const applied = await ws.api("PUT", "/api/v1/playbook", changed, { headers: { "If-Match": etag } });
  assert.equal(applied.status, 200, applied.text);
  assert.deepEqual(applied.json(), {
    version: 2,
    leads_changed: quarter,
    stage_changes: moves,
  });
  const after = { "55 mql": quarter, "1 contact": quarter, "0 contact": 2 * quarter };
  assert.deepEqual(tally(await ws.leads()), after, "as soon as it is answered");
  const now = await ws.playbook();
  assert.equal(now.text, changed);
  assert.equal(now.etag, applied.headers.etag);
  assert.notEqual(now.etag, etag);
  const [first] = await ws.leads();
  const { ledger } = await ws.score(first.id);
  assert.deepEqual(ledger.map((line) => [line.rule, line.points, line.model_version]), [
    ["Demo request", 55, 2],
  ]);
  const [stage] = await ws.stages(first.id);
  assert.deepEqual([stage.to, stage.score, stage.model_version], ["mql", 55, 2]);

  await server.restart();
  assert.deepEqual(tally(await server.workspace.leads()), after, "and after a restart");
  assert.equal((await server.workspace.playbook()).text, changed);
});

test("what two people change at once: the second is told", async () => {
  const ws = await server.newWorkspace();
  const { text, etag } = await ws.playbook();
  await ws.tune(demos);
  const late = rule(text, "Email open", { points: 2 });
  const refused = await ws.api("PUT", "/api/v1/playbook", late, { headers: { "If-Match": etag } });
  assert.equal(refused.status, 412, refused.text);
  const now = await ws.playbook();
  assert.equal(now.text, demos(text));
  const again = await ws.api("PUT", "/api/v1/playbook", now.text);
  assert.deepEqual(again.json(), { version: 2, leads_changed: 0, stage_changes: [] });
  assert.equal((await ws.playbook()).etag, now.etag, "the same text is no new version");
});

test("a retried change happens once; its key is for no other", async () => {
  const ws = await server.newWorkspace();
  const { text } = await ws.playbook();
  const headers = { "Idempotency-Key": "spring-cleaning" };
  const one = await ws.api("PUT", "/api/v1/playbook", demos(text), { headers });
  assert.equal(one.status, 200, one.text);
  const between = await ws.api("PUT", "/api/v1/playbook", text);
  assert.equal(between.json().version, 3);
  const retried = await ws.api("PUT", "/api/v1/playbook", demos(text), { headers });
  assert.equal(retried.status, 200, retried.text);
  assert.equal((await ws.playbook()).text, text, "it does not happen again");
  const other = rule(text, "Email open", { points: 3 });
  const reused = await ws.api("PUT", "/api/v1/playbook", other, { headers });
  assert.equal(reused.status, 422, reused.text);
  assert.equal((await ws.playbook()).text, text);
});

test("a section that a file leaves out stays as it is", async () => {
  const ws = await server.newWorkspace();
  const before = (await ws.playbook()).text;
  const part = '[icp]\ntarget_industries = ["Software", "Health"]\n';
  const applied = await ws.api("PUT", "/api/v1/playbook", part);
  assert.equal(applied.status, 200, applied.text);
  const after = (await ws.playbook()).text;
  const told = after.split("\n").filter((line) => !before.split("\n").includes(line));
  assert.equal(told.length, 1);
  assert.match(told[0], /^target_industries = .*Software.*Health/);
});

const lineOf = (text, part) => text.split("\n").findIndex((line) => line.includes(part)) + 1;

// What is wrong with a text, and the words that must stand in the answer.
const mistakes = [
  ["no TOML", (text) => text.replace("threshold = 50", "threshold = = 50"), "threshold =", []],
  ["an unknown key", (text) => rule(text, "VP", { pionts: 3 }), "pionts", ["pionts"]],
  ["a text for a number", (text) => rule(text, "VP", { points: "many" }), '= "many"', ["points"]],
  ["a number for a text", (text) => text.replace('market = "b2b"', "market = 7"), "= 7", ["market"]],
  ["an unknown market", (text) => text.replace('"b2b"', '"b2z"'), "b2z", ["market"]],
  ["no half-life", (text) => rule(text, "Demo request", { half_life: "soon" }), "soon", ["half_life"]],
  ["far too many", (text) => rule(text, "VP", { points: 1e9 }), "1000000000", ["points"]],
  ["a bad criterion", (text) => rule(text, "VP", { when: "title.seniorty = 1" }), null,
    ["VP", "seniorty"]],
  ["a rule that reads the score", (text) => rule(text, "VP", { when: "score > 5" }), null, ["VP"]],
  ["an unknown group", (text) => rule(text, "VP", { group: "nobody" }), null, ["VP", "nobody"]],
  ["an unknown section", (text) => `${text}\n[scorin]\nthreshold = 5\n`, "[scorin]", ["scorin"]],
  ["a rule twice", (text) => text + '\n[[lifecycle.stage]]\nname = "mql"\nby_person = true\n', null,
    ["mql"]],
];

for (const [name, mistake, place, words] of mistakes) {
  test(`${name} is refused with line and key, over REST and on the command line`, async () => {
    const ws = server.workspace;
    const { text, etag } = await ws.playbook();
    const wrong = mistake(text);
    assert.notEqual(wrong, text);
    for (const [method, target] of [["PUT", ""], ["POST", "/diff"]]) {
      const refused = await ws.api(method, `/api/v1/playbook${target}`, wrong);
      assert.equal(refused.status, 400, refused.text);
      const [{ pointer, detail }] = refused.json().errors;
      if (place !== null) assert.equal(pointer, `line ${lineOf(wrong, place)}`, detail);
      for (const word of words) assert.ok(`${pointer} ${detail}`.includes(word), refused.text);
    }
    const file = path.join(server.dir, "wrong.toml");
    fs.writeFileSync(file, wrong);
    for (const command of ["diff", "apply"]) {
      const done = await server.cli(["playbook", command, file]);
      assert.equal(done.code, 1, done.stdout);
      assert.equal(done.stdout, "");
      assert.ok(done.stderr.includes("wrong.toml"), done.stderr);
      if (place !== null) assert.ok(done.stderr.includes(`line ${lineOf(wrong, place)}`), done.stderr);
      for (const word of words) assert.ok(done.stderr.includes(word), done.stderr);
    }
    assert.equal((await ws.playbook()).etag, etag, "nothing has changed");
  });
}

test("a playbook that is no text, or far too long", async () => {
  const ws = server.workspace;
  const put = (body, type) =>
    ws.server.send({
      method: "PUT",
      path: "/api/v1/playbook",
      headers: { Authorization: `Bearer ${server.apiKey}`, "Content-Type": type },
      body,
    });
  const { text, etag } = await ws.playbook();
  assert.equal((await put(text, "application/json")).status, 415);
  assert.equal((await put(Buffer.from([0xff, 0xfe, 0x00]), "application/toml")).status, 400);
  assert.equal((await put(`# ${"x".repeat(5_000_000)}`, "application/toml")).status, 413);
  assert.equal((await put("[".repeat(100_000), "application/toml")).status, 400);
  assert.equal((await put(`a = ${"[".repeat(100_000)}`, "application/toml")).status, 400);
  const nested = "a.".repeat(50_000);
  assert.equal((await put(`${nested}b = 1`, "application/toml")).status, 400);
  assert.equal((await ws.playbook()).etag, etag);
  for (const when of ["(".repeat(9000), "not ".repeat(2400), `${"(".repeat(4000)}x${")".repeat(4000)}`,
    `${"not ".repeat(2000)}email.free_mail`, `email.free_mail${" and email.free_mail".repeat(500)}`]) {
    const answer = await put(rule(text, "VP", { when }), "application/toml");
    assert.ok(answer.status === 400 || answer.status === 200, answer.text.slice(0, 500));
  }
  assert.equal((await put(text, "application/toml")).status, 200);
  assert.equal((await ws.playbook()).text, text);
});

test("on the command line: export, diff, apply", async () => {
  const ws = server.workspace;
  const exported = await server.cli(["playbook", "export"]);
  assert.equal(exported.code, 0, exported.stderr);
  assert.equal(exported.stdout, (await ws.playbook()).text);
  const file = path.join(server.dir, "playbook.toml");
  fs.writeFileSync(file, exported.stdout);
  const same = await server.cli(["playbook", "diff", file]);
  assert.match(same.stdout, /^Nothing differs/);

  fs.writeFileSync(file, rule(exported.stdout, "Email open", { points: 2.5 }));
  const diff = await server.cli(["playbook", "diff", file]);
  assert.equal(diff.code, 0, diff.stderr);
  assert.match(diff.stdout, /Email open.*1 +2\.5/);
  assert.match(diff.stdout, /575 would change/);
  const apply = await server.cli(["playbook", "apply", file, "--format", "json"]);
  assert.equal(apply.code, 0, apply.stderr);
  assert.equal(JSON.parse(apply.stdout).leads_changed, 575);
  const opened = (await ws.leads()).filter((lead) => lead.score === 2.5);
  assert.equal(opened.length, 575);
  assert.equal(micro((await ws.score(opened[0].id)).score), 2_500_000);

  const from_stdin = await server.cli(["playbook", "apply", "-"], { input: exported.stdout });
  assert.equal(from_stdin.code, 0, from_stdin.stderr);
  assert.equal((await ws.playbook()).text, exported.stdout);
});
