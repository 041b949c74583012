// What a person may ask for: everything that is known of them, and that it goes, from every file,
// for ever, whatever happens in between.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Galena, galena, makeDirectory, password, run, unique, waitFor } from "./harness.mjs";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

const at = (day) => `2026-0${1 + (day % 9)}-1${day % 7}T10:11:12.345Z`;

// Somebody whose every word is found nowhere else, and what they sent.
function somebody() {
  const mark = unique("quokka").replaceAll("-", "");
  const email = `${mark}.Żółć@${mark}.example`.replace("Żółć", "zolc");
  const words = {
    email,
    user: `user/${mark}`,
    device: `device-${mark}`,
    older: `old-device-${mark}`,
    name: `Gräfin ${mark}`,
    escaped: `日本${mark}`,
    phone: `+49 1514 ${mark}`,
    page: `https://shop.example/?who=${mark}`,
    property: `likes ${mark}`,
    ip: `context ${mark}`,
    message: `message-${mark}`,
    reason: `she said ${mark}`,
  };
  const ids = { userId: words.user, anonymousId: words.device };
  const escaped = words.escaped.replace(/[^\x00-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const batch = [
    { type: "page", anonymousId: words.device, properties: { path: "/pricing", url: words.page }, timestamp: at(1) },
    { type: "identify", ...ids, traits: { email, firstName: words.name, phone: words.phone }, timestamp: at(2), messageId: words.message },
    { type: "track", ...ids, event: "Demo Requested", properties: { note: words.property, revenue: 12.5 }, timestamp: at(3) },
    { type: "alias", userId: words.user, previousId: words.older, timestamp: at(4) },
    { type: "track", userId: words.user, event: "Order Completed", context: { campaign: { name: words.ip } }, timestamp: at(5) },
    { type: "page", anonymousId: words.older, properties: { path: "/about" }, timestamp: at(6) },
  ];
  const text = JSON.stringify({ batch }).replace('"path":"/about"', `"path":"/about","title":"${escaped}"`);
  return { mark, words, ids, text };
}

const sent = async (ws, person) => {
  const answer = await ws.event("/v1/batch", person.text);
  assert.equal(answer.status, 200, answer.text);
  return ws.lead(person.words.email);
};

// Where in the files of a directory one of the texts stands, as it is or hidden a little.
function found_in(directory, texts) {
  const needles = texts.flatMap((text) => [
    Buffer.from(text),
    Buffer.from(text.toLowerCase()),
    Buffer.from(Buffer.from(text).toString("base64").replace(/=+$/, "")),
    Buffer.from(encodeURIComponent(text)),
  ]);
  const found = [];
  let bytes = 0;
  for (const file of fs.readdirSync(directory, { recursive: true })) {
    const whole = path.join(directory, file);
    if (!fs.statSync(whole).isFile()) continue;
    const content = fs.readFileSync(whole);
    bytes += content.length;
    for (const needle of needles) {
      if (content.includes(needle)) found.push(`${file}: ${needle}`);
    }
  }
  assert.ok(bytes > 10_000, "there is something to look at");
  return found;
}

const everything = (person) => [...Object.values(person.words), person.mark];

async function sql(directory, query) {
  const done = await run("sqlite3", ["-readonly", `${directory}/galena.db`, query]);
  assert.equal(done.code, 0, done.stderr);
  return done.stdout;
}

// Events by kind and day, amounts, and what was decided: stages with their scores.
const statistics = async (directory, rows) =>
  (await sql(
    directory,
    `SELECT kind, input ->> '$.type', input ->> '$.message.event',
       substr(input ->> '$.message.timestamp', 1, 10), sum(input ->> '$.message.properties.revenue'),
       count(*) FROM log WHERE id & 0xFFFFFFFF <= ${rows} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
     SELECT outcome FROM log WHERE id & 0xFFFFFFFF <= ${rows} ORDER BY id`,
  ));

const erased = async (ws, id) => {
  const answer = await ws.api("DELETE", `/api/v1/leads/${id}`);
  assert.equal(answer.status, 202, answer.text);
  const erasure = answer.json();
  assert.equal(erasure.lead, id);
  return waitFor("the erasure to end", async () => {
    const now = await ws.get(`/api/v1/erasures/${erasure.id}`);
    return now.state === "done" ? now : undefined;
  });
};

async function with_server(body, options) {
  const own = await Galena.start(options);
  try {
    await body(own, own.workspace);
  } finally {
    await own.close();
  }
}

test("no byte of an erased person is left in any file, and statistics hold", () =>
  with_server(async (own, ws) => {
    const other = await own.newWorkspace(); // whose rows lie among the same pages
    const [anna, ben] = [somebody(), somebody()];
    for (let i = 0; i < 30; ++i) {
      const noise = Array.from({ length: 40 }, (_, k) => ({
        type: "track", userId: `n${i}-${k}`, event: "Webinar Attended", timestamp: at(k), properties: { text: "x".repeat(200) },
      }));
      await ws.batch(noise);
      await other.batch(noise);
      if (i === 10) await sent(ws, anna);
      if (i === 20) await sent(ws, ben);
    }
    const lead = await ws.lead(anna.words.email);
    const adjusted = await ws.api("POST", `/api/v1/leads/${lead.id}/adjustments`, { points: 3, reason: anna.words.reason },
      { headers: { "Idempotency-Key": `for ${anna.words.email}` } });
    assert.equal(adjusted.status, 201, adjusted.text);
    // Ben's browser once said Anna's address of him, and mentions her in a link.
    await ws.track(ben.words.user, "Page Shared", { link: `https://x.example/?to=${encodeURIComponent(anna.words.email)}` }, { timestamp: at(1) });
    await own.restart(); // writes a snapshot
    const mine = own.workspace;
    const rows = Number(await sql(own.dir, "SELECT max(id & 0xFFFFFFFF) FROM log WHERE id >> 40 = 1"));
    fs.mkdirSync(`${own.dir}/backups`, { recursive: true });
    fs.copyFileSync(`${own.dir}/galena.db`, `${own.dir}/backups/before-migration-1-to-2-x.db`);
    assert.ok(found_in(own.dir, everything(anna)).length > 10, "the search finds what is there");
    const before = await statistics(own.dir, rows);
    const ben_before = await mine.get(`/api/v1/leads/${(await mine.lead(ben.words.email)).id}`);

    const erasure = await erased(mine, lead.id);
    assert.equal(erasure.rows_seen, erasure.rows);
    assert.deepEqual(found_in(own.dir, everything(anna)), [], "while it runs");
    assert.equal(await statistics(own.dir, rows), before);

    for (const part of ["", "/score", "/timeline", "/stages", "/identities", "/export"]) {
      const gone = await mine.api("GET", `/api/v1/leads/${lead.id}${part}`);
      assert.equal(gone.status, 410, gone.text);
      assert.equal(gone.json().type, "urn:galena:problem:gone");
    }
    assert.ok((await mine.everybody()).every(({ id }) => id !== lead.id));
    const { id } = ben_before;
    assert.deepEqual((await mine.get(`/api/v1/leads/${id}`)).email, ben_before.email);
    assert.equal((await mine.timeline(id)).length, 7);

    await own.stop();
    assert.deepEqual(found_in(own.dir, everything(anna)), [], "stopped");
    assert.ok(found_in(own.dir, everything(ben)).length > 0, "nobody else went");
    // From the log alone and from the snapshot it is the same.
    fs.rmSync(`${own.dir}/snapshots`, { recursive: true });
    await own.serve();
    assert.equal((await own.workspace.api("GET", `/api/v1/leads/${lead.id}`)).status, 410);
    assert.equal((await own.workspace.get(`/api/v1/leads/${id}`)).score, (await mine.get(`/api/v1/leads/${id}`)).score);
    assert.deepEqual(found_in(own.dir, everything(anna)), []);
  }));

test("who was erased does not come back unasked", async () => {
  const ws = await server.newWorkspace();
  const person = somebody();
  const lead = await sent(ws, person);
  await erased(ws, lead.id);
  const before = await server.metrics();
  const again = [
    { userId: person.words.user, event: "Demo Requested" },
    { userId: "somebody-new", event: "Demo Requested", context: { traits: { email: person.words.email.toUpperCase() } } },
    { anonymousId: person.words.device, event: "Demo Requested" },
    { anonymousId: person.words.older, event: "Demo Requested" },
  ];
  for (const message of again) await ws.taken("/v1/track", message);
  assert.equal((await server.metrics()).galena_suppressed_total - before.galena_suppressed_total, again.length);
  assert.deepEqual(await ws.everybody(), []);
  // Somebody else on the same device is taken in, without the device.
  await ws.identify("colleague", { email: "c@acme.example" }, { anonymousId: person.words.device });
  const colleague = await ws.lead("c@acme.example");
  assert.deepEqual((await ws.get(`/api/v1/leads/${colleague.id}/identities`)).data.map(({ value }) => value).sort(),
    ["c@acme.example", "colleague"]);
  assert.deepEqual(found_in(server.dir, everything(person)), []);

  const target = `/api/v1/suppressions/${encodeURIComponent(person.words.email)}`;
  assert.equal((await ws.api("DELETE", target)).status, 403, "a program may not say so");
  const signed = await server.send({
    method: "POST", path: "/api/v1/sign-in", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: ws.keys.email, password }),
  });
  const Cookie = signed.headers["set-cookie"][0].split(";")[0];
  const lift = () => server.send({ method: "DELETE", path: target, headers: { Cookie, "Sec-Fetch-Site": "same-origin" } });
  const lifted = await lift();
  assert.equal(lifted.status, 204, lifted.text);
  assert.equal((await lift()).status, 404);
  await ws.identify("new-id", { email: person.words.email });
  const returned = await ws.lead(person.words.email);
  assert.notEqual(returned.id, lead.id);
  assert.equal((await ws.timeline(returned.id)).length, 1, "nothing of before");
});

test("of two who shared a device one is erased, and the other stays whole", async () => {
  const values = async (ws, lead) => (await ws.get(`/api/v1/leads/${lead.id}/identities`)).data.map(({ value }) => value);
  for (const erased_one of [0, 1]) {
    const ws = await server.newWorkspace();
    const people = [somebody(), somebody()]; // the device is the first one's until the second comes
    const [gone, stays] = [people[erased_one], people[1 - erased_one]];
    const kitchen = `kitchen-${people[0].mark}`;
    for (const person of people) {
      await sent(ws, person);
      await ws.identify(person.words.user, { email: person.words.email }, { anonymousId: kitchen });
    }
    await ws.taken("/v1/page", { anonymousId: kitchen, properties: { path: "/pricing" } });
    const before = await ws.lead(stays.words.email);
    const events_before = (await ws.timeline(before.id)).length;
    await erased(ws, (await ws.lead(gone.words.email)).id);
    assert.deepEqual(found_in(server.dir, everything(gone)), []);
    const after = await ws.lead(stays.words.email);
    assert.deepEqual([after.id, after.score, after.stage], [before.id, before.score, before.stage]);
    assert.equal((await ws.timeline(after.id)).length, events_before);
    assert.equal((await values(ws, after)).includes(kitchen), erased_one === 1);

    await ws.track(stays.words.user, "Webinar Attended", {}, { anonymousId: kitchen });
    assert.equal((await ws.timeline(after.id)).length, events_before + 1);
    assert.deepEqual(found_in(server.dir, everything(gone)), []);
    const ids = (await ws.everybody()).map(({ id }) => id);
    assert.deepEqual(ids, [after.id]);
  }
});

test("an alias to somebody erased brings nobody back", async () => {
  const ws = await server.newWorkspace();
  const person = somebody();
  await erased(ws, (await sent(ws, person)).id);
  for (const previousId of [person.words.user, person.words.device, person.words.older, person.words.email]) {
    await ws.taken("/v1/alias", { userId: "somebody-new", previousId });
    await ws.taken("/v1/alias", { userId: person.words.user, previousId: "a-new-device" });
  }
  assert.deepEqual(await ws.everybody(), []);
  assert.deepEqual(found_in(server.dir, everything(person)), []);
  await ws.track("somebody-new", "Demo Requested", {}, { anonymousId: "a-new-device" });
  assert.equal((await ws.everybody()).length, 1);
  assert.deepEqual(found_in(server.dir, everything(person)), []);
});

test("a backup of before the erasure is put back without the person", () =>
  with_server(async (own, ws) => {
    const [person, other] = [somebody(), somebody()];
    const lead = await sent(ws, person);
    await sent(ws, other);
    const backup = path.join(makeDirectory(), "backup.db");
    const made = await own.cli(["backup", backup]);
    assert.equal(made.code, 0, made.stderr);
    await erased(ws, lead.id);
    await own.stop();
    const list = path.join(own.dir, "erasures.json");
    assert.ok(fs.existsSync(list));

    for (const args of [["--erasures", list], []]) {
      const data = path.join(makeDirectory(), "data");
      if (args.length === 0) {
        fs.mkdirSync(data, { recursive: true }); // as where only the database was lost
        fs.copyFileSync(list, path.join(data, "erasures.json"));
      }
      const restored = await galena(["restore", backup, "--data", data, ...args]);
      assert.equal(restored.code, 0, restored.stderr);
      const again = await Galena.start({ data, with_workspace: false });
      try {
        again.keys = own.keys;
        await again.restart();
        const back = again.workspace;
        await waitFor("the erasure to end", async () =>
          (await back.get("/api/v1/erasures")).data.every(({ state }) => state === "done"));
        assert.equal((await back.api("GET", `/api/v1/leads/${lead.id}`)).status, 410);
        assert.equal((await back.leads()).length, 1);
        assert.deepEqual(found_in(data, everything(person)), []);
        await back.taken("/v1/track", { userId: person.words.user, event: "Demo Requested" });
        assert.equal((await back.everybody()).length, 1);
      } finally {
        await again.close();
      }
    }
    await own.serve();
  }));

test("a server that is killed in the middle goes on with it", () =>
  with_server(async (own, ws) => {
    for (let i = 0; i < 40; ++i) {
      await ws.batch(Array.from({ length: 500 }, (_, k) => ({ type: "track", userId: `n${k}`, event: `Own ${i % 9}` })));
    }
    let caught_running = 0;
    for (let round = 0; round < 8; ++round) {
      const person = somebody();
      const lead = await sent(own.workspace, person);
      const answer = await own.workspace.api("DELETE", `/api/v1/leads/${lead.id}`);
      assert.equal(answer.status, 202, answer.text);
      await new Promise((resolve) => setTimeout(resolve, round * 25));
      await own.kill9();
      caught_running += found_in(own.dir, everything(person)).length > 0 ? 1 : 0;
      await own.serve();
      await waitFor("the erasure to end", async () =>
        (await own.workspace.get("/api/v1/erasures")).data.every(({ state }) => state === "done"));
      assert.deepEqual(found_in(own.dir, everything(person)), [], `round ${round}`);
      assert.equal((await own.workspace.api("GET", `/api/v1/leads/${lead.id}`)).status, 410);
    }
    assert.ok(caught_running > 0, "it was killed before the end at least once");
    await own.restart();
    const check = await run("sqlite3", [`${own.dir}/galena.db`, "PRAGMA integrity_check"]);
    assert.equal(check.stdout.trim(), "ok");
  }));

test("a person gets everything that is known of them", async () => {
  const ws = await server.newWorkspace();
  const person = somebody();
  const lead = await sent(ws, person);
  await ws.api("POST", `/api/v1/leads/${lead.id}/adjustments`, { points: 3, reason: person.words.reason });
  const answer = await ws.api("GET", `/api/v1/leads/${lead.id}/export`);
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers["content-disposition"], /lead_\d+\.json/);
  for (const [name, word] of Object.entries(person.words)) assert.ok(answer.text.includes(word), name);
  const whole = answer.json();
  assert.equal(whole.lead.id, lead.id);
  assert.equal(whole.inputs.length, 7);
  assert.deepEqual(whole.identities.map(({ value }) => value).sort(),
    [person.words.device, person.words.email, person.words.older, person.words.user].sort());
  const email = whole.facts.find(({ field }) => field === "email");
  assert.deepEqual([email.value, email.told_by, email.holds], [person.words.email, person.words.user, true]);
});

test("the command line exports and erases, and asks before", () =>
  with_server(async (own, ws) => {
    const person = somebody();
    const lead = await sent(ws, person);
    const exported = await own.cli(["lead", "export", lead.id]);
    assert.equal(exported.code, 0, exported.stderr);
    assert.equal(JSON.parse(exported.stdout).lead.email, person.words.email);
    const unsure = await own.cli(["erase", lead.id]);
    assert.equal(unsure.code, 1);
    assert.match(unsure.stderr, /--yes/);
    assert.equal((await ws.leads()).length, 1);
    await own.stop(); // without a server, too
    const done = await own.cli(["erase", lead.id, "--yes", "--format", "json"]);
    assert.equal(done.code, 0, done.stderr);
    assert.equal(JSON.parse(done.stdout).state, "done");
    assert.deepEqual(found_in(own.dir, everything(person)), []);
    const doctor = JSON.parse((await own.cli(["doctor", "--format", "json"])).stdout);
    assert.deepEqual([doctor.workspaces[0].erasures, doctor.workspaces[0].erasures_running], [1, 0]);
    const readmitted = await own.cli(["readmit", person.words.email]);
    assert.equal(readmitted.code, 0, readmitted.stderr);
    await own.serve();
    await own.workspace.identify("again", { email: person.words.email });
    await own.workspace.lead(person.words.email);
  }));
