// The reports database: what SQL and BI users read says what the API says, a few seconds later,
// whatever happened in between, and the file may be lost at any time.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Galena, galena, makeDirectory, run, waitFor } from "./harness.mjs";
import { rule } from "./workspace.mjs";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

// As a stranger asks: another program, reading only.
async function query(own, sql) {
  const done = await run("sqlite3", ["-readonly", "-json", path.join(own.dir, "reports.db"), sql]);
  assert.equal(done.code, 0, done.stderr);
  return done.stdout === "" ? [] : JSON.parse(done.stdout);
}

// Waits until the tables are as of the workspace's newest row.
const written = (own, ws) =>
  waitFor("the reports to be written", async () => {
    if (!fs.existsSync(path.join(own.dir, "reports.db"))) return false;
    const doctor = JSON.parse((await own.cli(["doctor", "--format", "json"])).stdout);
    const { log_rows } = doctor.workspaces.find(({ id }) => id === ws.keys.workspace);
    const tables = await query(own, "SELECT name FROM sqlite_schema WHERE name = 'projection'");
    const sql = `SELECT log_position FROM projection WHERE workspace_id = '${ws.keys.workspace}'`;
    return tables.length > 0 && (await query(own, sql))[0]?.log_position === log_rows;
  });

const lead_row = (lead, workspace_id, stage_since) => ({
  workspace_id,
  id: lead.id,
  email: lead.email,
  first_name: lead.first_name,
  last_name: lead.last_name,
  name: lead.name,
  title: lead.title,
  seniority: lead.seniority,
  department: lead.department,
  phone: lead.phone,
  company_name: lead.company.name,
  company_domain: lead.company.domain,
  company_employees: lead.company.employees,
  company_industry: lead.company.industry,
  account_id: lead.account?.id ?? null,
  account_name: lead.account?.name ?? null,
  country: lead.country,
  score: lead.score,
  fit: lead.fit,
  interest: lead.interest,
  grade: lead.grade,
  fit_grade: lead.fit_grade,
  interest_level: lead.interest_level,
  temperature: lead.temperature,
  stage: lead.stage,
  stage_since,
  created_at: lead.created_at,
  first_seen_at: lead.first_seen_at,
  last_seen_at: lead.last_seen_at,
  visitor: lead.visitor ? 1 : 0,
});
const stage_row = (id) => (entry, i, all) => ({
  id,
  number: i + 1,
  from_stage: entry.from,
  stage: entry.to,
  entered_at: entry.at,
  left_at: all[i + 1]?.at ?? null,
  score: entry.score,
  model_version: entry.model_version,
  event_id: entry.event_id,
});
const account_row = (account) => ({
  id: account.id,
  name: account.name,
  domain: account.domain,
  employees: account.employees,
  industry: account.industry,
  country: account.country,
  people: account.people,
  visitors: account.visitors,
  score: account.score,
  best_lead: account.best_lead?.id ?? null,
  temperature: account.temperature,
  last_seen_at: account.last_seen_at,
});
const by = (...keys) => (a, b) => {
  for (const key of keys) if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  return 0;
};

// Every row of the workspace, as the API tells it.
async function told(ws) {
  const tables = { leads: [], lead_stages: [], lead_segments: [], accounts: [] };
  for (const lead of await ws.everybody()) {
    const stages = (await ws.stages(lead.id)).reverse();
    tables.leads.push(lead_row(lead, ws.keys.workspace, stages.at(-1).at));
    tables.lead_stages.push(...stages.map(stage_row(lead.id)));
    for (const segment of (await ws.get(`/api/v1/leads/${lead.id}/segments`)).data) {
      if (!segment.member) continue;
      tables.lead_segments.push({
        id: lead.id, segment: segment.name, since: segment.since, event_id: segment.event_id,
      });
    }
  }
  tables.accounts = (await ws.all("/api/v1/accounts")).map(account_row);
  tables.leads.sort(by("id"));
  tables.lead_stages.sort(by("id", "number"));
  tables.lead_segments.sort(by("id", "segment"));
  tables.accounts.sort(by("id"));
  return tables;
}

// The same, as the tables say it.
async function read(own, ws) {
  const id = `'${ws.keys.workspace}'`;
  const columns = Object.keys(lead_row({ company: {} }, "", "")).join(", ");
  return {
    leads: await query(own, `SELECT ${columns} FROM leads WHERE workspace_id = ${id} ORDER BY id`),
    lead_stages: await query(own, `SELECT id, number, from_stage, s.stage, entered_at, left_at,
      s.score, model_version, event_id FROM lead_stages s JOIN leads USING (lead_key)
      WHERE s.workspace_id = ${id} ORDER BY id, number`),
    lead_segments: await query(own, `SELECT id, segment, since, event_id FROM lead_segments s
      JOIN leads USING (lead_key) WHERE s.workspace_id = ${id} ORDER BY id, segment`),
    accounts: await query(own, `SELECT a.id, a.name, domain, employees, industry, a.country, people,
      visitors, a.score, l.id AS best_lead, a.temperature, a.last_seen_at FROM accounts a
      LEFT JOIN leads l ON l.lead_key = best_lead_key WHERE a.workspace_id = ${id} ORDER BY a.id`),
  };
}

async function compare(own, ws) {
  await written(own, ws);
  const rows = await read(own, ws);
  assert.deepEqual(rows, await told(ws));
  return rows;
}

const fill = async (ws) => {
  await ws.tune((text) => `${text}\n[[segment]]\nname = "Asked"\nwhen = "count(\\"Demo Requested\\") >= 1"\n`);
  await ws.identify("ann", { email: "ann@acme.com", firstName: "Ann", lastName: "Ax", title: "VP Sales",
    phone: "+49 30 1", country: "Germany", company: { name: "Äcme", employees: 300, industry: "Software" } });
  await ws.identify("bob", { email: "bob@acme.com", title: "Intern" });
  await ws.identify("cem", { email: "cem@gmail.com" }, { timestamp: new Date(Date.now() - 40 * 86_400_000) });
  await ws.page({ anonymousId: "somebody" }, "/pricing");
  await ws.track("ann", "Demo Requested");
  await ws.track("ann", "Webinar Attended", {}, { timestamp: new Date(Date.now() - 86_400_000) });
  const told_of = { domain: "initech.com", name: "Initech", employees: 9, address: { country: "SE" } };
  await ws.taken("/v1/group", { userId: "dora", groupId: "g1", traits: told_of });
};

test("rows say what the API says: events, a merge, an erasure, another playbook", async () => {
  const ws = await server.newWorkspace();
  await fill(ws);
  const first = await compare(server, ws);
  const asked = (rows) => rows.lead_segments.filter(({ segment }) => segment === "Asked").length;
  assert.deepEqual([first.leads.length, asked(first)], [5, 1]);
  assert.ok(first.lead_stages.length > first.leads.length);
  assert.equal(first.leads.filter(({ visitor }) => visitor).length, 1);

  const [ann, bob, cem] = await Promise.all(["ann@acme.com", "bob@acme.com", "cem@gmail.com"].map((email) => ws.lead(email)));
  const merged = await ws.api("POST", `/api/v1/leads/${cem.id}/merge`, { with: bob.id, reason: "same" });
  assert.equal(merged.status, 200, merged.text);
  assert.equal((await compare(server, ws)).leads.length, 4);

  await ws.track("cem", "Demo Requested");
  const gone = await ws.api("DELETE", `/api/v1/leads/${ann.id}`);
  assert.equal(gone.status, 202, gone.text);
  await waitFor("the erasure to end", async () =>
    (await ws.get(`/api/v1/erasures/${gone.json().id}`)).state === "done");
  for (const end of ["", "-wal"]) {
    const bytes = fs.readFileSync(path.join(server.dir, `reports.db${end}`));
    for (const word of ["ann@acme.com", "+49 30 1"]) assert.ok(!bytes.includes(word), `${word} in ${end}`);
  }
  const without = await compare(server, ws);
  assert.deepEqual(without.leads.map(({ email }) => email).includes("ann@acme.com"), false);
  assert.equal(asked(without), 1, "the other who asked");

  await ws.tune((text) => rule(text, "Demo request", { points: 60, cap: 60 }));
  const tuned = await compare(server, ws);
  assert.ok(tuned.leads.some(({ score, stage }) => score >= 60 && stage === "mql"));
});

test("a workspace has its own rows; the other's stay", async () => {
  const [ours, theirs] = [await server.newWorkspace(), await server.newWorkspace()];
  await ours.identify("ann", { email: "ann@acme.com" });
  await theirs.identify("ann", { email: "ann@acme.com", title: "CEO" });
  assert.equal((await compare(server, ours)).leads.length, 1);
  assert.equal((await compare(server, theirs)).leads[0].title, "CEO");
});

test("lost, damaged, killed, restored: the tables are right again", async () => {
  const own = await Galena.start();
  try {
    await fill(own.workspace);
    const rows = await compare(own, own.workspace);
    const file = path.join(own.dir, "reports.db");
    const remove = () => ["", "-wal", "-shm"].forEach((end) => fs.rmSync(file + end, { force: true }));
    remove(); // while it runs
    assert.deepEqual(await compare(own, own.workspace), rows);
    await own.kill9();
    fs.writeFileSync(file, "no database");
    await own.serve();
    assert.deepEqual(await compare(own, own.workspace), rows);
    await own.workspace.identify("eve", { email: "eve@initech.com" });
    await own.kill9(); // most probably not written yet
    await own.serve();
    assert.equal((await compare(own, own.workspace)).leads.length, rows.leads.length + 1);

    const backup = path.join(makeDirectory(), "backup.db");
    assert.equal((await own.cli(["backup", backup])).code, 0);
    const data = path.join(makeDirectory(), "data");
    fs.mkdirSync(data);
    fs.copyFileSync(file, path.join(data, "reports.db")); // of something else
    assert.equal((await galena(["restore", backup, "--data", data])).code, 0);
    assert.ok(!fs.existsSync(path.join(data, "reports.db")), "it is no part of a backup");
    const restored = await Galena.start({ data, with_workspace: false });
    restored.keys = own.keys;
    await restored.restart();
    assert.deepEqual(await read(own, own.workspace), await compare(restored, restored.workspace));
    await restored.stop();
  } finally {
    await own.close();
  }
});

test("who reads for long holds up neither intake nor an erasure", async () => {
  const ws = await server.newWorkspace();
  await ws.identify("ann", { email: "ann@acme.com" });
  await ws.identify("bob", { email: "bob@acme.com" });
  await written(server, ws);
  const reader = spawn("sqlite3", [path.join(server.dir, "reports.db")]);
  reader.stdin.write("BEGIN; SELECT count(*) FROM leads;\n");
  await new Promise((resolve, reject) => reader.stdout.once("data", resolve).once("end", reject));
  await ws.track("bob", "Demo Requested");
  assert.equal((await compare(server, ws)).leads.length, 2);
  const gone = await ws.api("DELETE", `/api/v1/leads/${(await ws.lead("ann@acme.com")).id}`);
  await waitFor("the erasure to end", async () =>
    (await ws.get(`/api/v1/erasures/${gone.json().id}`)).state === "done");
  const closed = new Promise((resolve) => reader.once("exit", resolve));
  reader.stdin.end();
  await closed;
  assert.equal((await compare(server, ws)).leads.length, 1);
});

test("docs/reports-database.md names every table and column", async () => {
  await written(server, server.workspace);
  const text = fs.readFileSync(new URL("../../docs/reports-database.md", import.meta.url), "utf8");
  for (const { name } of await query(server, "SELECT name FROM sqlite_schema WHERE type = 'table'")) {
    const section = text.split(/^### /m).find((part) => part.startsWith(`${name}\n`));
    assert.ok(section, `no section "### ${name}"`);
    const columns = await query(server, `SELECT name FROM pragma_table_info('${name}')`);
    const documented = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word));
    assert.deepEqual(documented, columns.map((column) => column.name), `the columns of ${name}, in order`);
  }
});

test("the examples of docs/reports-database.md run", async () => {
  const text = fs.readFileSync(new URL("../../docs/reports-database.md", import.meta.url), "utf8");
  const examples = [...text.matchAll(/^```sql\n([\s\S]*?)^```/gm)].map(([, sql]) => sql);
  assert.ok(examples.length >= 3);
  for (const sql of examples) await query(server, sql);
});
