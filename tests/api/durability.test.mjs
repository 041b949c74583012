// What the kernel sees: the sync of the log comes before the answer, for everything that is answered
// as taken.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { Galena, init, makeDirectory, run } from "./harness.mjs";
import { rule } from "./workspace.mjs";

const calls = "fdatasync,fsync,pwrite64,sendmsg,sendto,writev,write,recvmsg,recvfrom,readv,read";
const trace = path.join(makeDirectory(), "trace");

// The calls that strace saw, each with the lines at which it began and ended.
function readTrace() {
  const seen = [];
  const under_way = new Map();
  fs.readFileSync(trace, "latin1").split("\n").forEach((line, number) => {
    const [, pid, text] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (text === undefined) return;
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    const call = resumed ? under_way.get(pid) : { text: "", begin: number };
    if (call === undefined) return;
    call.text += resumed ? resumed[1] : text.replace(/ *<unfinished \.\.\.>$/, "");
    call.end = number;
    if (text.endsWith("<unfinished ...>")) {
      under_way.set(pid, { ...call, end: Infinity });
      return;
    }
    const [, name, file] = /^(\w+)\(\d+<([^>]*)>/.exec(call.text) ?? [];
    if (name !== undefined) seen.push({ ...call, name, file });
  });
  return seen;
}

const is_sync = ({ name, file, text }) =>
  ["fdatasync", "fsync"].includes(name) && file.endsWith("galena.db-wal") && text.endsWith("= 0");
const writes = ["sendmsg", "sendto", "writev", "write"];
const reads = ["recvmsg", "recvfrom", "readv", "read"];

// Between the request with this mark and its answer stands a whole sync of the log, which began when
// the mark had been written to the log.
function assertSyncedBeforeAnswer(seen, mark) {
  const request = seen.find(({ name, text }) => reads.includes(name) && text.includes(mark));
  assert.ok(request, `${mark}: the request is not in the trace`);
  const answer = seen.find(
    ({ name, file, begin, text }) =>
      writes.includes(name) && file === request.file && begin > request.end &&
      text.includes("HTTP/1.1 20"),
  );
  assert.ok(answer, `${mark}: the answer is not in the trace`);
  const logged = seen.find(
    ({ name, file, text }) =>
      name === "pwrite64" && file.endsWith("galena.db-wal") && text.includes(mark),
  );
  assert.ok(logged, `${mark} was not written to the log`);
  const synced = seen.find((call) => is_sync(call) && call.begin > logged.end);
  assert.ok(synced, `${mark}: no sync followed`);
  assert.ok(
    logged.begin > request.begin && synced.end < answer.begin,
    `${mark}: written at ${logged.begin}, synced by ${synced.end}, answered at ${answer.begin}`,
  );
}

let server, permitted;
before(async () => {
  const tried = await run("strace", ["-f", "-o", trace, "true"]);
  permitted = tried.code === 0;
  if (!permitted) {
    assert.match(tried.stderr, /not permitted|PTRACE|ptrace/i, tried.stderr);
    return;
  }
  const data = path.join(makeDirectory(), "data");
  const keys = await init(data);
  const wrapper = ["strace", "-f", "-y", "-s", "5000", "-e", `trace=${calls}`, "-o", trace];
  server = await Galena.start({ data, wrapper, with_workspace: false });
  server.keys = keys;
  await server.restart();
});
after(() => server?.close());

test("every answer comes after the sync of its log row", async (t) => {
  if (!permitted) return t.skip("this machine does not permit strace");
  const ws = server.workspace;
  const marks = [];
  const marked = (word) => {
    const mark = `mark-${word}-${marks.length}-end`;
    marks.push(mark);
    return mark;
  };
  // One after another, each on a connection of its own.
  for (let i = 0; i < 5; ++i) await ws.track("ada", marked("track"), {});
  await ws.identify("ada", { email: "ada@acme.example", title: marked("identify") });
  await ws.page({ anonymousId: marked("page") }, "/pricing");
  await ws.batch([{ type: "track", userId: "ada", event: marked("batch") }]);
  const lead = await ws.lead("ada@acme.example");
  const adjusted = { points: 5, reason: marked("adjust") };
  assert.equal((await ws.api("POST", `/api/v1/leads/${lead.id}/adjustments`, adjusted)).status, 201);
  await ws.tune((text) => rule(text, "VP", { points: 16 }).replaceAll("Demo request", marked("rule")));
  const key = { kind: "server", name: marked("key") };
  assert.equal((await ws.api("POST", "/api/v1/keys", key)).status, 201);

  // Many at once, whose rows share a sync.
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  const burst = Array.from({ length: 64 }, () => marked("burst"));
  await Promise.all(burst.map((event) => ws.track("ada", event, {}, {}, { agent })));
  agent.destroy();
  await server.stop();

  const seen = readTrace();
  for (const mark of marks) assertSyncedBeforeAnswer(seen, mark);
  const syncs = seen.filter(is_sync).length;
  assert.ok(syncs >= 11, `${syncs} syncs`);
});
