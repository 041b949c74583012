// What DuckDB takes for what Galena does with all leads at once: rescoring them under a changed
// model, recounting the segments, and lists. Reads what scale_data exported.
//     node bench/scale/duckdb.mjs DIR [--threads 2] [--rounds 5]
// Prints one JSON object; times are in milliseconds.
//
// Its best form, so that the comparison is fair:
// - in memory, nothing is read from a disk and nothing is written to it; two threads, as many as
//   Galena may use;
// - columns of the narrowest type: names of events and all attributes with few values are ENUMs,
//   stored as one or two bytes; moments are milliseconds in a BIGINT; a lead is an INTEGER;
// - what Galena derives by itself when it is asked (how senior a title is, which form an industry
//   compares by, whether an address is private) stands in columns here, as does the score, the
//   stage, when somebody was last seen, and a column for each segment that says who is in it;
// - events lie sorted by lead and time, so that all of a lead's are found together and its sums stay
//   in the cache; a second copy lies sorted by name, then lead and time, so that a query that asks
//   for few names reads few row groups (zone maps). Each query is timed over whichever serves it;
// - a repeat limit by message is a column, too: when the event before about the same message was, so
//   that "counts once within the window" is one comparison;
// - every question is put in several ways, and the fastest counts.
import { DuckDBInstance } from "@duckdb/node-api";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { listTimes } from "./lists.mjs";
import { rescorings } from "./rescore.mjs";
import { recounts, putMembers } from "./segments.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "5" },
    lists: { type: "string", default: "60" },
  },
});
const directory = positionals[0];
if (!directory) {
  console.error("node duckdb.mjs DIR [--threads 2] [--rounds 5] [--lists 60]");
  process.exit(2);
}
const model = JSON.parse(readFileSync(`${directory}/model.json`, "utf8"));

const instance = await DuckDBInstance.create(":memory:", { threads: options.threads });
const connection = await instance.connect();

async function rows(sql) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJS();
}

async function timed(sql) {
  const start = process.hrtime.bigint();
  const found = await rows(sql);
  return { ms: Number(process.hrtime.bigint() - start) / 1e6, found };
}

const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];

// Once to warm up, then the median; what it found must be the same each time.
async function measured(sql) {
  const { found } = await timed(sql);
  const times = [];
  for (let round = 0; round < Number(options.rounds); ++round) times.push((await timed(sql)).ms);
  return { ms: median(times), min: Math.min(...times), max: Math.max(...times), found };
}

const ENUMS = [
  "country", "region", "city", "company.industry", "title.seniority", "title.department", "stage",
];

// Leads, and events in the two orders.
async function load() {
  const start = process.hrtime.bigint();
  const csv = (name) => `read_csv('${directory}/${name}.csv', header = true, all_varchar = true)`;
  await connection.run(`create temp table raw as select * from ${csv("leads")}`);
  for (const name of ENUMS) {
    await connection.run(
      `create type "${name}" as enum (select distinct "${name}" from raw
       where "${name}" is not null order by all)`,
    );
  }
  const whole = ["company.employees", "created_at", "first_seen", "last_seen"];
  const real = ["score", "fit", "interest"];
  const truth = ["email.free_mail", "email.role", "own_action", "shown_interest", "unsubscribed"];
  const typed = (await rows("select column_name from (describe raw)")).map(({ column_name: name }) => {
    if (name === "lead" || name === "company.employees") return `"${name}"::integer as "${name}"`;
    if (ENUMS.includes(name)) return `"${name}"::"${name}" as "${name}"`;
    if (whole.includes(name)) return `"${name}"::bigint as "${name}"`;
    if (real.includes(name)) return `"${name}"::double as "${name}"`;
    if (truth.includes(name)) return `"${name}"::boolean as "${name}"`;
    return `"${name}"`;
  });
  // What a substring is searched in: name, addresses, company, in small letters.
  await connection.run(
    `create table leads as select ${typed.join(", ")},
       lower(concat_ws(' ', first_name, last_name) || chr(10) || coalesce(email, '') || chr(10) ||
             coalesce("company.name", '')) as search
     from raw order by lead::integer`,
  );
  await connection.run("drop table raw");
  await connection.run(
    `create temp table raw as select lead, kind, happened, object from read_csv('${directory}/events.csv',
       header = true, columns = {lead: 'integer', kind: 'varchar', happened: 'bigint', object: 'ubigint'})`,
  );
  await connection.run("create type kind as enum (select distinct kind from raw order by kind)");
  // Of the mail events of each name: when the one before about the same message was.
  await connection.run(
    `create temp table typed as select lead, kind::kind as kind, happened,
       case when object is null then null
            else lag(happened) over (partition by lead, kind, object order by happened) end as before
     from raw`,
  );
  await connection.run("drop table raw");
  await connection.run("create table events as select * from typed order by lead, happened");
  await connection.run("create table by_kind as select * from typed order by kind, lead, happened");
  await connection.run("drop table typed");
  return Number(process.hrtime.bigint() - start) / 1e9;
}

async function best(ways) {
  const tried = {};
  for (const [name, sql] of Object.entries(ways)) tried[name] = await measured(sql);
  const [name] = Object.entries(tried).sort(([, a], [, b]) => a.ms - b.ms)[0];
  const times = Object.fromEntries(
    Object.entries(tried).map(([way, { ms, min, max }]) => [way, { ms, min, max }]),
  );
  return { best: name, ms: tried[name].ms, ways: times, found: tried[name].found, tried };
}

const result = { threads: Number(options.threads), leads: 0, events: 0 };
result.load_s = await load();
const [counts] = await rows(
  "select (select count(*) from leads) as leads, (select count(*) from events) as events",
);
result.leads = Number(counts.leads);
result.events = Number(counts.events);

for (const which of ["changed", "live"]) {
  const { tried, found, ...times } = await best(rescorings(model[which], model.now_ms));
  const sums = Object.values(tried).map(({ found: [row] }) => row.sum);
  const galena = model.galena[`${which}_sum_micro`] / 1e6;
  result[which === "changed" ? "rescore" : "rescore_live"] = {
    ...times,
    sum: found[0].sum,
    sum_of_galena: galena,
    // Galena rounds each event's points down to a millionth. Under the live model it also limits how
    // often within a day an event counts, which is left out here.
    apart: Math.max(...sums.map((sum) => Math.abs(sum - galena))),
  };
}

{
  const { tried, ...times } = await best(recounts(model.live, model.now_ms));
  const wrong = [];
  for (const [way, { found }] of Object.entries(tried)) {
    model.live.segments.forEach(({ name }, i) => {
      const count = Number(found[0][`s${i}`]);
      if (count !== model.galena.members[name]) {
        wrong.push({ way, name, duckdb: count, galena: model.galena.members[name] });
      }
    });
  }
  delete times.found;
  result.segments = { ...times, wrong };
}

await putMembers(connection, model.live, model.now_ms);
result.lists = await listTimes({ model, rows, timed, count: Number(options.lists) });

console.log(JSON.stringify(result, null, 2));
connection.closeSync();
