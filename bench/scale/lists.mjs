// Lists as somebody would ask for them: a filter, an order, the first fifty. Each kind with many
// different parameters, one after the other, without a pause.
import { text } from "./criteria_sql.mjs";

// The same draws each time (mulberry32).
function random(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const SHOWN = `lead, email, first_name, last_name, title, "company.name", stage, score, last_seen`;
const ORDERS = ["score desc, lead", "last_seen desc nulls last, lead"];

const list = (where, order, from = "leads") =>
  `select ${SHOWN} from ${from} where ${where} order by ${order} limit 50`;

// For each kind of list: the SQL of one, by a draw.
function kinds(model, values) {
  const pick = (draw, of) => of[draw(of.length)];
  const order = (draw) => pick(draw, ORDERS);
  return {
    attributes: (draw) => {
      const asked = [
        `"title.seniority" = ${text(pick(draw, values["title.seniority"]))}`,
        `"company.industry" = ${text(pick(draw, values["company.industry"]))}`,
        `"company.employees" >= ${[10, 50, 200, 1000][draw(4)]}`,
        `country in (${text(pick(draw, values.country))}, ${text(pick(draw, values.country))})`,
        `"title.department" = ${text(pick(draw, values["title.department"]))}`,
      ];
      const first = draw(asked.length);
      const second = (first + 1 + draw(asked.length - 1)) % asked.length;
      return list(`${asked[first]} and ${asked[second]}`, order(draw));
    },
    score: (draw) => {
      const from = draw(70) - 10;
      return list(`score >= ${from} and score < ${from + 1 + draw(30)}`, order(draw));
    },
    stage: (draw) => list(`stage = ${text(pick(draw, values.stage))}`, order(draw)),
    segment: (draw) => list(`m${draw(model.live.segments.length)}`, order(draw)),
    counts: (draw) => {
      const event = pick(draw, ["Pricing Viewed", "Email Opened", "Webinar Attended", "Feature Used",
        "White Paper Downloaded", "Email Link Clicked", "Form Submitted"]);
      const since = model.now_ms - [7, 30, 90, 180, 365, 730][draw(6)] * 864e5 + 1;
      const counted = `(select lead from by_kind where kind = ${text(event)} and happened >= ${since}
                        group by lead having count(*) >= ${1 + draw(4)})`;
      return list(`true`, order(draw), `leads semi join ${counted} as counted using (lead)`);
    },
    search: (draw) => {
      // Three to seven letters out of the middle of somebody's name, address or company.
      const sample = pick(draw, values.samples);
      const length = 3 + draw(5);
      const at = draw(Math.max(1, sample.length - length));
      const part = sample.slice(at, at + length).toLowerCase();
      return list(`contains(search, ${text(part)})`, order(draw));
    },
  };
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];

export async function listTimes({ model, rows, timed, count }) {
  const values = { samples: [] };
  for (const name of ["title.seniority", "company.industry", "country", "title.department", "stage"]) {
    const found = await rows(`select distinct "${name}" as v from leads where "${name}" is not null order by v`);
    values[name] = found.map(({ v }) => v);
  }
  for (const name of ["last_name", "email", "company.name"]) {
    const found = await rows(
      `select "${name}" as v from leads where "${name}" is not null and lead % 997 = 0 order by lead limit 500`,
    );
    values.samples.push(...found.map(({ v }) => v));
  }
  const result = {};
  for (const [name, one] of Object.entries(kinds(model, values))) {
    const draw = random(1);
    const asked = Array.from({ length: count + 5 }, () => one(draw));
    const times = [];
    let found = 0;
    for (const [i, sql] of asked.entries()) {
      const { ms, found: page } = await timed(sql);
      if (i < 5) continue;  // to warm up
      times.push(ms);
      found += page.length;
    }
    times.sort((a, b) => a - b);
    result[name] = {
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      max: times.at(-1),
      asked: times.length,
      rows_on_average: found / times.length,
    };
  }
  return result;
}
