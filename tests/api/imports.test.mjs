// Files that are imported: given in parts, understood, tried, imported, taken back; by REST and by
// the command line.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Galena, makeDirectory, waitFor } from "./harness.mjs";
import { bearer } from "./http.mjs";

let server, ws;
before(async () => {
  server = await Galena.start();
  ws = server.workspace;
});
after(() => server?.close());

// One request with a file, or a part of one, as the body.
const send = (method, target, body, headers = {}) =>
  server.send({
    method,
    path: target,
    headers: { Authorization: bearer(ws.keys.api_key), "Content-Type": "text/csv", ...headers },
    body,
  });
const give = async (name, body) => {
  const answer = await send("POST", `/api/v1/imports?name=${encodeURIComponent(name)}`, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json();
};
const step = async (id, name) => {
  const answer = await ws.api("POST", `/api/v1/imports/${id}/${name}`);
  assert.equal(answer.status, 200, answer.text);
  return waitFor(`the ${name} of ${id}`, async () => {
    const now = await ws.get(`/api/v1/imports/${id}`);
    return ["checking", "running", "undoing"].includes(now.state) ? undefined : now;
  });
};

const people = `First Name;Last Name;E-Mail;Job Title;Firma;Mitarbeiter;Land
Zoë;Østergaard;zoe@northwind.example;VP Sales;Northwind;51-200;Denmark
Max;Muster;max at muster;Chef;Muster;3;Germany
`;

test("a file is understood, tried and imported", async () => {
  const given = await give("leads.csv", people);
  assert.equal(given.state, "new");
  assert.equal(given.kind, "people");
  assert.equal(given.file.separator, ";");
  const targets = Object.fromEntries(given.columns.map((each) => [each.header, each.target]));
  assert.equal(targets["E-Mail"], "email");
  assert.equal(targets.Firma, "company");
  assert.equal(targets.Mitarbeiter, "company_size");
  assert.equal(given.columns.find((each) => each.header === "Firma").sample, "Northwind");

  const checked = await step(given.id, "check");
  assert.equal(checked.state, "checked");
  assert.equal(checked.checked.created, 1);
  assert.equal(checked.checked.rejected, 1);
  assert.equal((await ws.all("/api/v1/leads")).length, 0, "nothing is kept of a dry run");

  const done = await step(given.id, "run");
  assert.equal(done.state, "done");
  assert.deepEqual(done.imported, checked.checked);
  const lead = await ws.lead("zoe@northwind.example");
  assert.equal(lead.stage, "contact");
  assert.equal(lead.seniority, "vp");
  assert.equal(lead.company.employees, 51);
  assert.equal(lead.last_seen_at, null);
  const rejected = await ws.api("GET", `/api/v1/imports/${given.id}/rejected`);
  assert.match(rejected.text, /^line,column,reason,First Name/);
  assert.match(rejected.text, /\n3,E-Mail,.*max at muster/);
});

test("the same file again: nothing is new, and its mapping is remembered", async () => {
  const given = await give("again.csv", people);
  assert.equal(given.remembered, true);
  const done = await step(given.id, "run");
  assert.equal(done.imported.unchanged, 1);
  assert.equal(done.imported.created, 0);
});

test("what was guessed wrong is said otherwise", async () => {
  const given = await give("odd.csv", "Who,Where\nann@a.example,Acme\n");
  const change = (body) =>
    send("PATCH", `/api/v1/imports/${given.id}`, JSON.stringify(body), {
      "Content-Type": "application/merge-patch+json",
    });
  const wrong = await change({ mapping: { columns: { Nobody: "email" } } });
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /no such column/);
  assert.equal((await change({ file: { encoding: "klingon" } })).status, 400);
  const changed = await change({
    mapping: { source: "Fair 2026", columns: { Who: "email", Where: "company" } },
  });
  assert.equal(changed.status, 200, changed.text);
  assert.equal((await step(given.id, "run")).imported.created, 1);
  assert.equal((await ws.lead("ann@a.example")).company.name, "Acme");
});

test("a file in parts, of which one comes twice", async () => {
  const lines = ["Email,Title"];
  for (let i = 0; i < 2000; i += 1) lines.push(`part${i}@parts.example,CEO`);
  const bytes = Buffer.from(lines.join("\r\n"));
  const cut = 20_011;
  const given = await give("parts.csv", bytes.subarray(0, cut));
  const put = (offset, part) => send("PUT", `/api/v1/imports/${given.id}/content?offset=${offset}`, part);
  assert.equal((await put(cut + 1, "x")).status, 409, "a gap");
  assert.equal((await put(cut, bytes.subarray(cut))).status, 200);
  const again = await put(cut, bytes.subarray(cut));
  assert.equal(again.json().bytes, bytes.length);
  assert.equal((await step(given.id, "run")).imported.created, 2000);
  assert.equal((await put(0, "x")).status, 409, "it is over");
});

test("an import is taken back", async () => {
  const given = await give("back.csv", "Email,Title\nback@back.example,CEO\nzoe@northwind.example,CFO\n");
  await step(given.id, "run");
  assert.equal((await ws.lead("zoe@northwind.example")).title, "CFO");
  const undone = await step(given.id, "undo");
  assert.equal(undone.state, "undone");
  assert.equal(undone.taken_back, 2);
  assert.equal((await ws.lead("zoe@northwind.example")).title, "VP Sales");
  const gone = await ws.get("/api/v1/leads?email=back%40back.example");
  assert.equal(gone.data.length, 0);
});

test("an erasure takes the files with it", async () => {
  const given = await give("left.csv", people);
  const { id } = await ws.lead("zoe@northwind.example");
  const erased = await ws.api("DELETE", `/api/v1/leads/${id}`);
  assert.equal(erased.status, 202, erased.text);
  await waitFor("the erasure", async () =>
    (await ws.get("/api/v1/erasures")).data.every((each) => each.state === "done") || undefined);
  const run = await ws.api("POST", `/api/v1/imports/${given.id}/run`);
  assert.equal(run.status, 410, run.text);
  const again = await give("again.csv", people);
  assert.equal((await step(again.id, "run")).imported.suppressed, 1);
});

test("two that do the same at once do it once", async () => {
  const given = await give("race.csv", "Email\nrace@race.example\n");
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => ws.api("POST", `/api/v1/imports/${given.id}/run`)),
  );
  for (const answer of answers) assert.ok([200, 409].includes(answer.status), answer.text);
  const end = await waitFor("the import", async () => {
    const now = await ws.get(`/api/v1/imports/${given.id}`);
    return now.state === "done" ? now : undefined;
  });
  assert.equal(end.imported.rows, 1);
});

test("nobody sees another workspace's, and nonsense is refused", async () => {
  assert.equal((await ws.api("GET", "/api/v1/imports/imp_999")).status, 404);
  assert.equal((await ws.api("GET", "/api/v1/imports/nonsense")).status, 404);
  assert.equal((await send("POST", "/api/v1/imports", "Email\n")).status, 400);
  assert.equal((await send("POST", "/api/v1/imports?name=x.csv", "")).status, 400);
  const empty = await give("blank.csv", "\n\n");
  assert.match(empty.unreadable, /no row/);
  assert.equal((await ws.api("POST", `/api/v1/imports/${empty.id}/run`)).status, 400);
});

test("galena import, with the server running and without", async () => {
  const file = path.join(makeDirectory(), "cli.csv");
  fs.writeFileSync(file, "Email,First Name\ncli@cli.example,Cli\nbroken,X\n");
  const galena = async (...words) => {
    const done = await server.cli(words);
    assert.equal(done.code, 0, done.stderr);
    return done.stdout;
  };
  const dry = await galena("import", file, "--dry-run");
  assert.match(dry, /Email +email/);
  assert.match(dry, /1 +created/);
  const id = /imp_\d+/.exec(dry)[0];
  assert.match(await galena("imports", id, "--run"), /done[\s\S]*1 +rejected/);
  assert.match(await galena("imports", id, "--rejected"), /\n3,Email,/);
  assert.match(await galena("imports"), /cli\.csv +done/);
  await server.stop();
  assert.match(await galena("import", file), /done[\s\S]*1 +unchanged/);
  assert.equal((await server.cli(["import", "/nowhere.csv"])).code, 1);
});
