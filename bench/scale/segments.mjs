// Recounting the segments, in SQL, and a column for each that says who is in it.
import { Counts, criterionSql, text } from "./criteria_sql.mjs";

const VISITS = ["Page Viewed", "Pricing Viewed", "Screen Viewed"];
const isOf = (event) =>
  event === "Page Viewed" ? `kind in (${VISITS.map(text).join(", ")})` : `kind = ${text(event)}`;

// What each segment asks, over leads and columns of counts (NULL: none).
function criteria(playbook, now, counts) {
  const count = (event, window) => `coalesce(${counts.column(event, window)}, 0)`;
  return playbook.segments.map(({ when }) => criterionSql(when, { playbook, now, count }));
}

// Of each lead all counts that are asked for, in one pass.
function pivot(counts, now) {
  const each = counts.all().map(({ name, event, length }) => {
    const since = length === null ? "" : ` and happened >= ${now - length + 1}`;
    return `count(*) filter (${isOf(event)}${since}) as ${name}`;
  });
  return `select lead, ${each.join(", ")} from events group by lead`;
}

// For each name of an event by itself, over the copy that is sorted by name.
function byKind(counts, now) {
  const events = [...new Set(counts.all().map(({ event }) => event))];
  const parts = events.map((event) => {
    const own = counts.all().filter((count) => count.event === event);
    const longest = own.some(({ length }) => length === null)
      ? null
      : Math.max(...own.map(({ length }) => length));
    const each = own.map(({ name, length }) =>
      length === longest
        ? `count(*) as ${name}`
        : `count(*) filter (happened >= ${now - length + 1}) as ${name}`,
    );
    const since = longest === null ? "" : ` and happened >= ${now - longest + 1}`;
    return `(select lead, ${each.join(", ")} from by_kind where ${isOf(event)}${since} group by lead)`;
  });
  return parts;
}

const totals = (asked) =>
  asked.map((sql, i) => `count(*) filter (${sql}) as s${i}`).join(",\n");

// The ways there are, by name.
export function recounts(playbook, now) {
  const counts = new Counts();
  const asked = criteria(playbook, now, counts);
  const parts = byKind(counts, now);
  const joins = parts.map((part, i) => `left join ${part} as t${i} on t${i}.lead = leads.lead`);
  const union = `select * from ${parts.join("\nunion all by name select * from ")}`;
  const names = counts.all().map(({ name }) => `max(${name}) as ${name}`);
  return {
    "one pass, a conditional count for each name and window":
      `select ${totals(asked)} from leads left join (${pivot(counts, now)}) using (lead)`,
    "counts for each name, joined": `select ${totals(asked)} from leads ${joins.join("\n")}`,
    "counts for each name, put side by side":
      `select ${totals(asked)} from leads left join
         (select lead, ${names.join(", ")} from (${union}) group by lead) using (lead)`,
  };
}

// A column for each segment: m0, m1, …
export async function putMembers(connection, playbook, now) {
  const counts = new Counts();
  const asked = criteria(playbook, now, counts);
  const members = asked.map((sql, i) => `${sql} as m${i}`).join(", ");
  await connection.run(
    `create table listed as select leads.*, ${members} from leads
       left join (${pivot(counts, now)}) using (lead) order by lead`,
  );
  await connection.run("drop table leads");
  await connection.run("alter table listed rename to leads");
}
