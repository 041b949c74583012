// The command line: with and without a running server, for people and for programs.
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { Galena, galena, init, makeDirectory, password, run, waitFor } from "./harness.mjs";
import { Workspace } from "./workspace.mjs";

let server, lead;
before(async () => {
  server = await Galena.start();
  const ws = server.workspace;
  await ws.identify("ada", {
    email: "ada@acme.example",
    firstName: "=HYPERLINK(1)",
    lastName: 'O"Brien, Ada\nsecond line',
    title: "VP Engineering",
    company: { name: "Äcme & Søns", employees: 300 },
  });
  await ws.track("ada", "Demo Requested");
  await ws.identify("bob", { email: "bob@acme.example", title: "Manager" });
  await ws.page({ anonymousId: "device" }, "/pricing");
  lead = await ws.lead("ada@acme.example");
});
after(() => server?.close());

async function ok(args, options) {
  const done = await server.cli(args, options);
  assert.equal(done.code, 0, `galena ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}
const json = async (args, options) => JSON.parse(await ok([...args, "--format", "json"], options));

async function fails(args, words, options) {
  const done = await server.cli(args, options);
  assert.equal(done.code, 1, `galena ${args.join(" ")}: ${done.stdout}${done.stderr}`);
  assert.match(done.stderr, words);
  assert.equal(done.stdout, "", "what went wrong is no data");
}

// RFC 4180, strictly: rows of fields, lines ended by CR LF.
function parseCsv(text) {
  const rows = [[]];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    assert.ok(found, `no CSV from ${JSON.stringify(text.slice(at, at + 40))}`);
    const [, value, end] = found;
    rows.at(-1).push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === "\r\n") rows.push([]);
  }
  rows.pop();
  const [titles, ...others] = rows;
  for (const row of others) assert.equal(row.length, titles.length, row.join("|"));
  return others.map((row) => Object.fromEntries(titles.map((title, i) => [title, row[i]])));
}

// Subcommands as --help lists them.
async function subcommands(args) {
  const help = await galena([...args, "--help"]);
  assert.equal(help.code, 0, help.stderr);
  assert.match(help.stdout, /Usage: /);
  const [, listed] = help.stdout.split("Subcommands:\n");
  return listed ? [...listed.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name) : [];
}

test("--help on every level", async () => {
  const names = await subcommands([]);
  const promised = ["serve", "init", "leads", "score", "adjust", "playbook", "key", "user",
    "doctor", "backup", "restore", "migrate", "version"];
  for (const name of promised) assert.ok(names.includes(name), `${name} is not listed`);
  for (const name of names) {
    for (const below of await subcommands([name])) await subcommands([name, below]);
  }
  assert.deepEqual(await subcommands(["playbook"]), ["export", "pack", "diff", "apply"]);
  assert.deepEqual(await subcommands(["key"]), ["list", "create", "revoke"]);
  assert.deepEqual(await subcommands(["user"]), ["list", "create", "reset-password"]);
});

test("wrong usage is 2", async () => {
  const wrong = [[], ["dance"], ["leads", "--limit", "0"], ["leads", "--limit", "many"],
    ["leads", "a", "b"], ["leads", "--format", "xml"], ["--dance"], ["score"], ["init"],
    ["adjust", "lead_1"], ["adjust", "lead_1", "many", "--reason", "x"], ["adjust", "lead_1", "5"],
    ["playbook"], ["playbook", "dance"], ["playbook", "apply"], ["key"], ["key", "create"],
    ["key", "create", "--name", "x", "--kind", "root"], ["key", "revoke"], ["user", "create"],
    ["backup"], ["restore"], ["serve", "--listen", "nonsense"], ["serve", "--listen", "127.0.0.1:x"],
    ["serve", "--listen", "127.0.0.1:70000"], ["serve", "--threads", "x"],
    ["demo", "--people", "0"], ["demo", "--people", "5000001"], ["demo", "--days", "3651"]];
  const data = path.join(makeDirectory(), "data");
  for (const args of wrong) {
    const done = await galena([...args, "--data", data]);
    assert.equal(done.code, 2, `galena ${args.join(" ")}: ${done.stdout}${done.stderr}`);
    assert.ok(done.stderr.length > 10, "it says what is wrong");
  }
  assert.ok(!fs.existsSync(path.join(data, "galena.db")), "and makes nothing");
});

test("version", async () => {
  const plain = await galena(["--version"]);
  assert.equal(plain.code, 0);
  const version = (await json(["version"])).version;
  assert.equal(plain.stdout.trim(), version);
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.ok((await server.send({ path: "/metrics" })).text.includes(`version="${version}"`));
});

test("leads as table, JSON and CSV", async () => {
  const ws = server.workspace;
  const leads = await ws.leads();
  assert.deepEqual(await json(["leads"]), leads);
  assert.deepEqual(await json(["leads", "--visitors"]), await ws.everybody());
  assert.deepEqual(await json(["leads", "--email", "ADA@acme.example"]), [lead]);
  assert.deepEqual(await json(["leads", "--stage", lead.stage]), [lead]);
  assert.deepEqual(await json(["leads", "--limit", "1"]), leads.slice(0, 1));
  assert.deepEqual(await json(["leads", lead.id]), lead);
  assert.equal(await ok(["leads", "--count"]), `${leads.length}\n`);
  assert.deepEqual(await json(["leads", "--count", "--stage", lead.stage]), { total: 1 });
  assert.equal(await ok(["leads", "--count", "--search", "nobody", "--format", "csv"]), "name,value\r\ntotal,0\r\n");
  const rows = parseCsv(await ok(["leads", "--format", "csv"]));
  assert.deepEqual(rows.map((row) => row.id), leads.map((each) => each.id));
  assert.equal(rows[0].name, `'${lead.name}`, "a spreadsheet must not run it");
  assert.deepEqual([rows[0].score, rows[0].company], [String(lead.score), "Äcme & Søns"]);
  const table = (await ok(["leads"])).trimEnd().split("\n");
  assert.equal(table.length, 1 + leads.length, "a line for each lead, whatever its name");
  assert.match(table[0], /^score +grade +name/);
  const column = table[0].indexOf("email");
  assert.ok(table[1].indexOf("ada@acme.example") >= column);
});

test("why a score, and adjusting it", async () => {
  const ws = server.workspace;
  assert.deepEqual(await json(["score", lead.id]), await ws.score(lead.id));
  const shown = await ok(["score", lead.id]);
  assert.match(shown, /15 +VP/);
  assert.match(shown, /55 points \(fit 30, interest 25\), grade B2/);
  const rows = parseCsv(await ok(["score", lead.id, "--format", "csv"]));
  assert.equal(rows.reduce((sum, row) => sum + Number(row.points), 0), 55);
  const [bob] = await json(["leads", "--email", "bob@acme.example"]);
  assert.match(await ok(["score", bob.id]), /45 points are missing to 50[\s\S]*Demo Requested/);
  const made = await json(["adjust", bob.id, "7", "--reason", "Met at the fair"]);
  assert.deepEqual([made.points, made.author, made.note], [7, "local", "Met at the fair"]);
  await ok(["adjust", bob.id, "-3", "--reason", "a doubt"]);
  assert.equal((await ws.lead("bob@acme.example")).score, 9);
});

test("keys", async () => {
  const made = await json(["key", "create", "--name", "A job", "--kind", "api"]);
  const listed = await json(["key", "list"]);
  assert.deepEqual(listed, (await server.workspace.get("/api/v1/keys")).data);
  assert.ok(listed.some((key) => key.id === made.id && key.name === "A job"));
  assert.ok(!(await ok(["key", "list"])).includes(made.secret));
  const use = () => server.workspace.api("GET", "/api/v1/leads", undefined, { key: made.secret });
  assert.equal((await use()).status, 200, "at once, in the running server");
  await ok(["key", "revoke", made.id]);
  assert.equal((await use()).status, 401);
  await fails(["key", "revoke", made.id], /no such key/);
});

test("users", async () => {
  const args = ["--email", "carl@acme.example", "--password-stdin"];
  const input = "a very fine password\n";
  const made = await json(["user", "create", ...args], { input });
  assert.equal(made.email, "carl@acme.example");
  await fails(["user", "create", ...args], /account already/, { input });
  await fails(["user", "create", "--email", "d@acme.example", "--password-stdin"], /10 characters/, {
    input: "short\n",
  });
  await fails(["user", "create", "--email", "d@acme.example", "--password-stdin"], /empty/);
  await fails(["user", "create", "--email", "d@acme.example"], /--password-stdin/, { input });
  await fails(["user", "create", "--email", "no address", "--password-stdin"], /email/, { input });
  const users = await json(["user", "list"]);
  assert.deepEqual(users.map((user) => user.email), [server.keys.email, "carl@acme.example"]);
  const unknown = ["user", "reset-password", "--email", "x@acme.example", "--password-stdin"];
  await fails(unknown, /nobody/, { input });
});

test("doctor", async () => {
  const found = await json(["doctor"]);
  assert.equal(found.data, server.dir);
  assert.equal(found.clock_held, false);
  assert.ok(found.database.bytes > 0 && found.database.schema_version >= 1);
  const [workspace] = found.workspaces;
  assert.equal(workspace.id, server.keys.workspace);
  assert.equal(workspace.leads, (await server.workspace.everybody()).length);
  assert.match(await ok(["doctor"]), /workspace +name/);
});

// What a field of /proc says of the server, in bytes.
function of_process(name) {
  const status = fs.readFileSync(`/proc/${server.pid}/status`, "utf8");
  return Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB`, "m"))[1]) * 1024;
}

const is_near = (value, wanted, part) => Math.abs(value - wanted) <= wanted * part;

test("doctor: memory and disk as the machine has them", async () => {
  const found = await json(["doctor"]);
  const { memory, database, workspaces: [workspace] } = found;
  assert.ok(is_near(memory.anonymous_bytes, of_process("RssAnon"), 0.2), `${memory.anonymous_bytes}`);
  assert.ok(is_near(memory.file_bytes, of_process("RssFile"), 0.2), `${memory.file_bytes}`);
  assert.ok(memory.peak_bytes >= memory.resident_bytes);
  assert.equal(database.bytes, fs.statSync(path.join(server.dir, "galena.db")).size);
  assert.equal(database.wal_bytes, fs.statSync(path.join(server.dir, "galena.db-wal")).size);
  assert.equal(database.copies_bytes, 0);
  const disk = fs.statfsSync(server.dir);
  assert.ok(is_near(found.disk_free_bytes, disk.bavail * disk.bsize, 0.2), `${found.disk_free_bytes}`);
  const { records_bytes, columns_bytes } = workspace.memory;
  assert.ok(records_bytes > 500 && records_bytes < memory.anonymous_bytes, `${records_bytes}`);
  assert.ok(columns_bytes < memory.anonymous_bytes);
});

test("doctor: more events are more of everything, a restart writes a snapshot", async () => {
  const own = await Galena.start();
  try {
    const doctor = async () => JSON.parse((await own.cli(["doctor", "--format", "json"])).stdout);
    const [before] = (await doctor()).workspaces;
    const sizes = ["leads", "events", "log_rows", "erasures_running"];
    assert.deepEqual(sizes.map((name) => before[name]), [0, 0, 1, 0]);
    assert.equal(before.disk.snapshot_position, 1, "as it was made");
    const text = "x".repeat(1000);
    for (let i = 0; i < 40; ++i) {
      await own.workspace.track(`user-${i % 10}`, "Demo Requested", { text });
    }
    const [after] = (await doctor()).workspaces;
    assert.deepEqual(sizes.map((name) => after[name]), [10, 40, 41, 0]);
    assert.ok(after.memory.records_bytes >= before.memory.records_bytes + 10 * 500);
    const told = after.disk.log_bytes - before.disk.log_bytes;
    assert.ok(told >= 40 * 1000 && told <= 40 * 2500, `${told} bytes in the log`);
    await own.workspace.leads();
    assert.ok((await doctor()).workspaces[0].memory.columns_bytes > 0, "somebody has looked");
    await own.restart();
    const [again] = (await doctor()).workspaces;
    const files = fs.readdirSync(path.join(own.dir, "snapshots"));
    const bytes = files.map((name) => fs.statSync(path.join(own.dir, "snapshots", name)).size);
    assert.equal(again.disk.snapshots, files.length);
    assert.equal(again.disk.snapshot_bytes, bytes.reduce((sum, each) => sum + each, 0));
    assert.equal(again.disk.snapshot_position, 41);
    await waitFor("reports", async () => (await doctor()).workspaces[0].disk.reports_position === 41);
    assert.ok((await doctor()).reports.bytes > 0);
  } finally {
    await own.close();
  }
});

test("doctor as table and CSV", async () => {
  const id = server.keys.workspace;
  const table = await ok(["doctor"]);
  assert.match(table, /^memory anonymous +\d[\d.]* [kMG]B$/m);
  assert.match(table, /^disk free +\d[\d.]* [MGT]B$/m);
  assert.match(table, new RegExp(`^${id}  .*\\d kB  `, "m"));
  const csv = (await ok(["doctor", "--format", "csv"])).trimEnd().split("\r\n");
  assert.equal(csv[0], "name,value");
  const values = Object.fromEntries(csv.slice(1).map((line) => line.split(",")));
  const found = await json(["doctor"]);
  assert.equal(Number(values[`${id}.leads`]), found.workspaces[0].leads);
  assert.equal(Number(values[`${id}.memory.records_bytes`]),
    found.workspaces[0].memory.records_bytes);
  assert.equal(Number(values["database.bytes"]), found.database.bytes);
});

test("what cannot be done is 1, with a sentence", async () => {
  await fails(["leads", "lead_99"], /no such lead/);
  await fails(["score", "lead_99"], /no such lead/);
  await fails(["adjust", "lead_99", "5", "--reason", "x"], /no such lead/);
  await fails(["adjust", lead.id, "5000", "--reason", "x"], /points.*1000/s);
  await fails(["playbook", "apply", "/no/such/file"], /no\/such\/file/);
  await fails(["leads", "--workspace", "ws_99"], /workspace/);
  const nowhere = path.join(makeDirectory(), "data");
  for (const args of [["leads"], ["doctor"], ["playbook", "export"], ["key", "list"], ["migrate"]]) {
    const done = await galena([...args, "--data", nowhere]);
    assert.equal(done.code, 1, done.stdout);
    assert.match(done.stderr, /there is no Galena in/);
  }
  assert.ok(!fs.existsSync(nowhere), "asking makes nothing");
  const again = ["init", "--email", server.keys.email, "--password-stdin"];
  await fails(again, /account already/, { input: `${password}\n` });
  await fails(["init", "--email", "no address", "--password-stdin"], /email/, {
    input: `${password}\n`,
  });
  assert.equal((await json(["doctor"])).workspaces.length, 1, "no half workspace is left");
});

test("a second server on the same data is refused, the first goes on", async () => {
  const second = await galena(["serve", "--data", server.dir, "--listen", "127.0.0.1:0"]);
  assert.equal(second.code, 1, second.stdout);
  assert.match(second.stderr, /has .* open/);
  assert.equal((await server.send({ path: "/livez" })).status, 200);
  assert.equal((await json(["leads"])).length, 2, "and its local socket still works");
  const taken = await galena([
    ...["serve", "--data", path.join(makeDirectory(), "data")],
    ...["--listen", new URL(server.url).host],
  ]);
  assert.equal(taken.code, 1, taken.stdout);
  assert.match(taken.stderr, /in use/i);
});

test("only its owner can open the local socket", () => {
  const mode = fs.statSync(path.join(server.dir, "galena.sock")).mode & 0o777;
  assert.equal(mode, 0o600);
  assert.equal(fs.statSync(server.dir).mode & 0o777, 0o700);
});

test("without a server the commands say the same", async () => {
  const questions = [["leads"], ["leads", "--visitors"], ["score", lead.id], ["key", "list"],
    ["user", "list"], ["playbook", "export"], ["leads", lead.id]];
  const ask = async () => {
    const answers = [];
    for (const args of questions) {
      for (const format of ["table", "json", "csv"]) answers.push(await ok([...args, "--format", format]));
    }
    return answers;
  };
  const asked = await ask();
  await server.stop();
  assert.deepEqual(await ask(), asked);
  const [bob] = await json(["leads", "--email", "bob@acme.example"]);
  await json(["adjust", bob.id, "1", "--reason", "nobody is there"]);
  const made = await json(["key", "create", "--name", "Made offline", "--kind", "api"]);
  await server.serve();
  const seen = await server.workspace.api("GET", `/api/v1/leads/${bob.id}`, undefined, {
    key: made.secret,
  });
  assert.equal(seen.json().score, bob.score + 1);
});

test("data directory and address from environment and file", async () => {
  const env = { GALENA_DATA: server.dir };
  const by_env = await galena(["leads", "--format", "json"], { env });
  assert.equal(JSON.parse(by_env.stdout).length, 2);
  const config = path.join(server.dir, "galena.toml");
  fs.writeFileSync(config, `data = "${server.dir}"\n`);
  for (const [args, more] of [[["--config", config], {}], [[], { GALENA_CONFIG: config }]]) {
    const by_file = await galena([...args, "leads", "--format", "json"], { env: more });
    assert.equal(by_file.stdout, by_env.stdout, by_file.stderr);
  }
  const other = path.join(makeDirectory(), "other");
  const flag = await galena(["leads", "--data", other], { env });
  assert.match(flag.stderr, /other/, "a flag wins over the environment");
  fs.writeFileSync(config, "dta = 5\n[[\n");
  const broken = await galena(["--config", config, "leads"]);
  assert.ok(broken.code === 1 || broken.code === 2, broken.stdout);
});

test("--workspace", async () => {
  const other = await server.newWorkspace({ name: "Second" });
  await other.identify("z", { email: "z@second.example" });
  const word = other.keys.workspace;
  const listed = await json(["leads", "--workspace", word]);
  assert.deepEqual(listed.map((each) => each.email), ["z@second.example"]);
  const exported = await ok(["playbook", "export", "--workspace", word]);
  assert.equal(exported, (await other.playbook()).text);
  assert.equal((await json(["leads"])).length, 2);
});

test("a backup while events come in, restored into a new directory", async () => {
  const ws = server.workspace;
  let stop = false;
  const acknowledged = [];
  const sending = (async () => {
    for (let i = 0; !stop; ++i) {
      await ws.track("bob", "White Paper Seen", { number: i }, { messageId: `b-${i}` });
      acknowledged.push(`b-${i}`);
    }
  })();
  await waitFor("some events", () => acknowledged.length > 20);
  const promised = [...acknowledged];
  const file = path.join(server.dir, "..", "backup.db");
  await ok(["backup", file]);
  stop = true;
  await sending;
  await fails(["backup", file], /backup\.db/, {});
  assert.equal(fs.statSync(file).mode & 0o077, 0, "a backup is for its owner alone");
  const check = await run("sqlite3", ["-readonly", file, "PRAGMA integrity_check"]);
  assert.equal(check.stdout.trim(), "ok");

  const restored = path.join(makeDirectory(), "data");
  const done = await galena(["restore", file, "--data", restored, "--format", "json"]);
  assert.equal(done.code, 0, done.stderr);
  const second = await Galena.start({ data: restored, with_workspace: false });
  try {
    const copy = new Workspace(second, server.keys);
    const [bob] = await copy.all("/api/v1/leads?email=bob@acme.example");
    const ids = new Set((await copy.timeline(bob.id)).map((entry) => entry.message_id));
    for (const id of promised) assert.ok(ids.has(id), `${id} was there before the backup`);
    for (const each of await copy.leads()) await copy.score(each.id);
    await copy.track("bob", "Demo Requested");
  } finally {
    await second.close();
  }

  // In quiet the copy is the same.
  const quiet = path.join(server.dir, "..", "quiet.db");
  await ok(["backup", quiet]);
  const there = path.join(makeDirectory(), "data");
  assert.equal((await galena(["restore", quiet, "--data", there])).code, 0);
  for (const args of [["leads", "--visitors"], ["score", lead.id], ["playbook", "export"]]) {
    const copied = await galena([...args, "--data", there, "--format", "json"]);
    assert.equal(copied.stdout, await ok([...args, "--format", "json"]));
  }
  const full = await galena(["restore", quiet, "--data", there]);
  assert.equal(full.code, 1);
  assert.match(full.stderr, /has data already/);
});

async function number_in(file, sql) {
  const done = await run("sqlite3", [file, sql]);
  assert.equal(done.code, 0, done.stderr);
  return Number(done.stdout.trim());
}

test("a backup under heavy intake is the log as it was at one moment", async () => {
  const own = await Galena.start();
  try {
    const acknowledged = [];
    let stop = false;
    const senders = [0, 1, 2, 3].map(async (sender) => {
      for (let i = 0; !stop; ++i) {
        const ids = Array.from({ length: 50 }, (_, k) => `${sender}-${i}-${k}`);
        const batch = ids.map((messageId, k) => ({
          type: "track", event: "Demo Requested", userId: `user-${(i * 50 + k) % 2000}`, messageId,
        }));
        await own.workspace.batch(batch);
        acknowledged.push(...ids);
      }
    });
    await waitFor("much to copy", () => acknowledged.length > 10_000);
    const promised = acknowledged.length;
    const file = path.join(own.dir, "..", "backup.db");
    assert.equal((await own.cli(["backup", file])).code, 0);
    const during = acknowledged.length - promised;
    await waitFor("more after it", () => acknowledged.length > promised + during + 1000);
    stop = true;
    await Promise.all(senders);

    const restored = path.join(makeDirectory(), "data");
    const done = await galena(["restore", file, "--data", restored]);
    assert.equal(done.code, 0, done.stderr);
    await own.stop();
    const database = path.join(restored, "galena.db");
    const rows = await number_in(database, "SELECT count(*) FROM log");
    const original = path.join(own.dir, "galena.db");
    const differing = await number_in(database, `ATTACH '${original}' AS original;
      WITH begin AS (SELECT * FROM original.log WHERE id <= (SELECT max(id) FROM log))
      SELECT (SELECT count(*) FROM (SELECT * FROM log EXCEPT SELECT * FROM begin)) +
        (SELECT count(*) FROM (SELECT * FROM begin EXCEPT SELECT * FROM log))`);
    assert.equal(differing, 0);
    assert.ok(rows > promised, `${rows} rows, ${promised} were acknowledged before`);
    assert.ok(rows < acknowledged.length, "and not what came after it");
    const doctor = await galena(["doctor", "--format", "json", "--data", restored]);
    assert.equal(JSON.parse(doctor.stdout).workspaces[0].log_rows, rows);
  } finally {
    await own.close();
  }
});

test("what is no backup is not restored, and leaves nothing behind", async () => {
  const directory = makeDirectory();
  const file = path.join(directory, "no-backup.db");
  const data = path.join(directory, "data");
  const quiet = fs.readFileSync(path.join(server.dir, "..", "quiet.db"));
  const damaged = Buffer.from(quiet);
  damaged.fill(0x55, 4096, 4096 * 3);
  const contents = [Buffer.from("no database"), Buffer.alloc(0), Buffer.alloc(8192, 1), damaged,
    quiet.subarray(0, 5000)];
  for (const content of contents) {
    fs.writeFileSync(file, content);
    const done = await galena(["restore", file, "--data", data]);
    assert.equal(done.code, 1, `${content.length} bytes: ${done.stdout}`);
    assert.ok(done.stderr.length > 10);
    assert.ok(!fs.existsSync(path.join(data, "galena.db")), "nothing is left");
  }
  assert.equal((await galena(["restore", path.join(directory, "x"), "--data", data])).code, 1);
});

test("data of a newer version is refused and left as it is", async () => {
  const directory = path.join(makeDirectory(), "data");
  await init(directory);
  const file = path.join(directory, "galena.db");
  const raise = "UPDATE meta SET value = value + 1 WHERE name = 'schema_version'";
  assert.equal((await run("sqlite3", [file, raise])).code, 0);
  for (const args of [["serve", "--listen", "127.0.0.1:0"], ["leads"], ["migrate"]]) {
    const done = await galena([...args, "--data", directory]);
    assert.equal(done.code, 1, done.stdout);
    assert.match(done.stderr, /newer/);
  }
});

test("data that is no database is refused", async () => {
  const directory = path.join(makeDirectory(), "data");
  fs.mkdirSync(directory);
  fs.writeFileSync(path.join(directory, "galena.db"), "this is no database".repeat(1000));
  for (const args of [["serve", "--listen", "127.0.0.1:0"], ["leads"]]) {
    const done = await galena([...args, "--data", directory]);
    assert.equal(done.code, 1, done.stdout);
    assert.match(done.stderr, /database/);
  }
});

test("a demo of another size", async () => {
  const data = path.join(makeDirectory(), "data");
  const demo = ["demo", "--people", "400", "--days", "30", "--format", "json", "--data", data];
  const made = await galena(demo);
  assert.equal(made.code, 0, made.stderr);
  const { messages } = JSON.parse(made.stdout);
  const doctor = await galena(["doctor", "--format", "json", "--data", data]);
  const [workspace] = JSON.parse(doctor.stdout).workspaces;
  assert.ok(workspace.leads >= 350 && workspace.leads <= 450, `${workspace.leads} leads`);
  assert.equal(workspace.log_rows, messages + 2, "each message once, and two playbooks");
});

test("Ctrl-C ends the server well, and waits for what is under way", async () => {
  const directory = path.join(makeDirectory(), "data");
  const other = await Galena.start({ data: directory });
  const { hostname, port } = new URL(other.url);
  const idle = net.connect(Number(port), hostname);
  idle.on("error", () => {}); // the server may close it as it likes
  await new Promise((resolve) => idle.on("connect", resolve));
  process.kill(other.pid, "SIGINT");
  assert.deepEqual(await other.waitForEnd(20_000), { code: 0, signal: null });
  idle.destroy();
  assert.ok(!fs.existsSync(path.join(directory, "galena.sock")), "no socket is left behind");
  const leads = await galena(["leads", "--data", directory]);
  assert.equal(leads.code, 0, leads.stderr);
});
