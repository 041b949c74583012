// A disk without room: what cannot be kept is not taken, what is kept can be read, and all goes on as
// soon as there is room again.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Galena, init, makeDirectory, password, run, waitFor } from "./harness.mjs";

const megabytes = 24;
const disk = path.join(makeDirectory(), "disk");
const ballast = path.join(disk, "ballast");
const messages = { made: 0, taken: new Set(), refused: new Set() };

let server, mounted;
process.prependListener("exit", () => {
  if (mounted) spawnSync("umount", ["--lazy", disk]);
});

before(async () => {
  fs.mkdirSync(disk);
  const options = `size=${megabytes}m,mode=0700`;
  mounted = (await run("mount", ["-t", "tmpfs", "-o", options, "galena-test", disk])).code === 0;
  if (!mounted) return;
  const data = path.join(disk, "data");
  const keys = await init(data);
  server = await Galena.start({ data, with_workspace: false });
  server.keys = keys;
  await server.restart();
});
after(async () => {
  fs.rmSync(ballast, { force: true });
  await server?.close();
  if (mounted) assert.equal((await run("umount", [disk])).code, 0);
  mounted = false;
});

// Fills the disk to the last byte.
function fill() {
  const file = fs.openSync(ballast, "a");
  try {
    for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 4)) {
      const piece = Buffer.alloc(size, 1);
      try {
        while (fs.writeSync(file, piece) === size);
      } catch (error) {
        assert.equal(error.code, "ENOSPC");
      }
    }
  } finally {
    fs.closeSync(file);
  }
}

// One event; says whether it was taken.
async function sendOne(messageId = `d-${++messages.made}`) {
  const properties = { padding: "x".repeat(2000) };
  const body = { userId: "ada", event: "Video Played", messageId, properties };
  const answer = await server.workspace.event("/v1/track", body);
  if (answer.status === 200) {
    messages.taken.add(messageId);
    messages.refused.delete(messageId);
    return true;
  }
  assert.equal(answer.status, 503, answer.text);
  assert.ok(Number(answer.headers["retry-after"]) > 0);
  assert.match(answer.json().detail, /disk|room|space/);
  messages.refused.add(messageId);
  return false;
}

// Everything acknowledged is there once, nothing that was refused is.
async function assertKept() {
  const ws = server.workspace;
  const lead = await ws.lead("ada@acme.example");
  const ids = (await ws.timeline(lead.id)).map((entry) => entry.message_id);
  const own = ids.filter((id) => id?.startsWith("d-"));
  assert.equal(new Set(own).size, own.length);
  assert.deepEqual(new Set(own), messages.taken);
  await ws.score(lead.id);
  return lead;
}

test("no room: 503, and all can be read", { timeout: 120_000 }, async (t) => {
  if (!mounted) return t.skip("only root may mount a small disk");
  const ws = server.workspace;
  await ws.identify("ada", { email: "ada@acme.example", title: "VP Sales" });
  for (let i = 0; i < 50; ++i) assert.ok(await sendOne());
  fill();
  await waitFor("the disk to be full for the server, too", async () => !(await sendOne()));
  for (let i = 0; i < 20; ++i) await sendOne();
  assert.ok(messages.refused.size > 10);

  const lead = await assertKept();
  assert.equal((await server.send({ path: "/livez" })).status, 200);
  assert.equal((await ws.playbook()).text.includes("Demo request"), true);
  assert.ok((await ws.stages(lead.id)).length > 0);
  const figures = await server.metrics();
  assert.ok(figures.galena_commits_failed_total > 0);

  const adjusted = { points: 5, reason: "x".repeat(500) };
  const refused = await ws.api("POST", `/api/v1/leads/${lead.id}/adjustments`, adjusted);
  assert.equal(refused.status, 503, refused.text);
  const listed = await server.cli(["leads", "--format", "json"]);
  assert.deepEqual(JSON.parse(listed.stdout), [await ws.lead("ada@acme.example")]);
  const by_hand = await server.cli(["adjust", lead.id, "5", "--reason", "x"]);
  assert.equal(by_hand.code, 1);
  assert.match(by_hand.stderr, /disk|room|space/);
});

test("no room for keys and sessions either: 503, never a failure", { timeout: 120_000 }, async (t) => {
  if (!mounted) return t.skip("only root may mount a small disk");
  const ws = server.workspace;
  const before = await ws.get("/api/v1/keys");
  // A page of the database may have room for one more.
  let refused;
  for (let i = 0; i < 200 && refused === undefined; ++i) {
    const made = await ws.api("POST", "/api/v1/keys", { kind: "server", name: "x".repeat(100) });
    if (made.status !== 201) refused = made;
  }
  assert.equal(refused?.status, 503, refused?.text);
  assert.ok((await ws.get("/api/v1/keys")).data.length >= before.data.length);
  const signed_in = await server.send({
    method: "POST",
    path: "/api/v1/sign-in",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: server.keys.email, password }),
  });
  assert.ok([200, 503].includes(signed_in.status), signed_in.text);
});

test("room again: what was refused is taken, once", { timeout: 120_000 }, async (t) => {
  if (!mounted) return t.skip("only root may mount a small disk");
  fs.rmSync(ballast);
  for (const id of [...messages.refused]) assert.ok(await sendOne(id), id);
  for (let i = 0; i < 50; ++i) assert.ok(await sendOne());
  for (const id of [...messages.taken].slice(0, 10)) assert.ok(await sendOne(id));
  const lead = await assertKept();
  await server.restart();
  assert.deepEqual(await assertKept(), lead);
});

test("killed and started again on a full disk", { timeout: 120_000 }, async (t) => {
  if (!mounted) return t.skip("only root may mount a small disk");
  fill();
  while (await sendOne());
  await server.kill9();
  fill();
  await server.serve();
  await assertKept();
  assert.equal(await sendOne(), false);
  fs.rmSync(ballast);
  assert.ok(await sendOne());
  const lead = await assertKept();
  await server.restart();
  assert.deepEqual(await assertKept(), lead);
  const check = await run("sqlite3", [`${server.dir}/galena.db`, "PRAGMA integrity_check"]);
  assert.equal(check.stdout.trim(), "ok");
});
