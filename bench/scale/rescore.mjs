// Rescoring everybody, in SQL. The score is Galena's: points × 2^-(age in whole hours / half-life)
// for each event within the rule's window; a rule's cap on its sum, a group's cap on the sums of its
// rules; and attribute rules. The answer is the sum of all scores, so that DuckDB need not even put
// them anywhere.
import { criterionSql, text } from "./criteria_sql.mjs";

const HOUR = 3_600_000;
// A rule on page views means those of the pricing page, too, and of screens.
const VISITS = ["Page Viewed", "Pricing Viewed", "Screen Viewed"];

const kindsOf = (rule) => (rule.on === "Page Viewed" ? VISITS : [rule.on]);
const eventRules = (model) => model.rules.filter((rule) => rule.on);
const capped = (sum, cap) =>
  cap === undefined ? sum : `least(greatest(${sum}, ${-Math.abs(cap)}), ${Math.abs(cap)})`;

const isOf = (rule) => {
  const kinds = kindsOf(rule);
  return kinds.length === 1 ? `kind = ${text(kinds[0])}` : `kind in (${kinds.map(text).join(", ")})`;
};

// Whether an event of the rule's name counts.
function counts(rule, now) {
  const from = rule.window_ms === undefined ? null : now - rule.window_ms + 1;
  const parts = from === null ? [] : [`happened >= ${from}`];
  if (rule.once_per_message) {
    parts.push(from === null ? "before is null" : `(before is null or before < ${from})`);
  }
  return parts;
}

function points(rule, now) {
  if (rule.half_life_h === undefined) return `${rule.points}::double`;
  const factor = -Math.LN2 / rule.half_life_h;
  return `${rule.points} * exp(((${now} - happened) // ${HOUR}) * ${factor})`;
}

// Attribute rules and the rules' sums (columns r0, r1, …) to a score.
function scoreSql(model, now) {
  const rules = eventRules(model);
  const parts = [];
  const groups = {};
  const add = (rule, sql) => {
    if (rule.group) (groups[rule.group] ??= []).push(sql);
    else parts.push(sql);
  };
  for (const rule of model.rules.filter((one) => one.when)) {
    const holds = criterionSql(rule.when, { playbook: model, now, count: null });
    add(rule, `case when ${holds} then ${capped(rule.points, rule.cap)} else 0 end`);
  }
  rules.forEach((rule, i) => add(rule, capped(`coalesce(r${i}, 0)`, rule.cap)));
  for (const [group, sums] of Object.entries(groups)) {
    parts.push(capped(sums.join(" + "), model.groups[group]));
  }
  return parts.join(" + ");
}

const answer = (model, now, sums) =>
  `select sum(score) as sum, count(*) as leads, count(*) filter (score >= 50) as above from (
     select ${scoreSql(model, now)} as score from leads left join (${sums}) as sums using (lead))`;

// One pass over all events, a conditional sum for each rule.
function pivot(model, now, where) {
  const rules = eventRules(model);
  const sums = rules.map(
    (rule, i) =>
      `sum(case when ${[isOf(rule), ...counts(rule, now)].join(" and ")}
           then ${points(rule, now)} end) as r${i}`,
  );
  const filter = rules
    .map((rule) => `(${[isOf(rule), ...counts(rule, now).slice(0, 1)].join(" and ")})`)
    .join(" or ");
  return `select lead, ${sums.join(", ")} from events ${where ? `where ${filter}` : ""} group by lead`;
}

// The same over what a rule is for: a sum by lead and name of event first, which has one half-life,
// then by lead. Page views of both kinds count for one rule, so these are summed apart.
function byKind(model, now) {
  const rules = eventRules(model);
  const single = rules.filter((rule) => kindsOf(rule).length === 1);
  const choose = (of) => single.map((rule) => `when ${text(rule.on)} then ${of(rule)}`).join(" ");
  const rate = (rule) => (rule.half_life_h === undefined ? 0 : -Math.LN2 / rule.half_life_h);
  const from = (rule) => (rule.window_ms === undefined ? 0 : now - rule.window_ms + 1);
  const before = (rule) => (rule.once_per_message ? Math.max(from(rule), 1) : Number.MAX_SAFE_INTEGER);
  const inner = `select lead, kind,
      sum(case kind ${choose((rule) => rule.points)} end *
          exp(((${now} - happened) // ${HOUR}) * case kind ${choose(rate)} end)) as points
    from events
    where kind in (${single.map((rule) => text(rule.on)).join(", ")})
      and happened >= case kind ${choose(from)} end
      and (before is null or before < case kind ${choose(before)} end)
    group by lead, kind`;
  const columns = rules.map((rule, i) =>
    single.includes(rule)
      ? `max(points) filter (kind = ${text(rule.on)}) as r${i}`
      : `max(points) filter (kind is null) as r${i}`,
  );
  const visits = rules
    .filter((rule) => !single.includes(rule))
    .map((rule) => `union all select lead, null, ${ruleSum(rule, now)} group by lead`);
  return `select lead, ${columns.join(", ")} from (${inner} ${visits.join(" ")}) group by lead`;
}

const ruleSum = (rule, now, table = "events") =>
  `sum(${points(rule, now)}) from ${table} where ${[isOf(rule), ...counts(rule, now)].join(" and ")}`;

// A sum for each rule by itself, over the copy that is sorted by name; put side by side.
function byRule(model, now) {
  const rules = eventRules(model);
  const each = rules.map(
    (rule, i) => `select lead, ${i}::utinyint as rule, ${ruleSum(rule, now, "by_kind")} group by lead`,
  );
  const columns = rules.map((_, i) => `max(points) filter (rule = ${i}) as r${i}`);
  return `select lead, ${columns.join(", ")} from
    (select lead, rule, points from (${each.join("\nunion all\n")}) as s(lead, rule, points))
    group by lead`;
}

// The same, each joined to the leads: no second sum.
function joined(model, now) {
  const rules = eventRules(model);
  const joins = rules.map(
    (rule, i) => `left join (select lead, ${ruleSum(rule, now, "by_kind")} group by lead)
                    as t${i}(lead, r${i}) on t${i}.lead = leads.lead`,
  );
  return `select sum(score) as sum, count(*) as leads, count(*) filter (score >= 50) as above from (
    select ${scoreSql(model, now)} as score from leads ${joins.join("\n")})`;
}

// The ways there are, by name.
export function rescorings(model, now) {
  return {
    "one pass, a conditional sum for each rule": answer(model, now, pivot(model, now, false)),
    "the same behind a filter": answer(model, now, pivot(model, now, true)),
    "by lead and name of event, then by lead": answer(model, now, byKind(model, now)),
    "a sum for each rule, put side by side": answer(model, now, byRule(model, now)),
    "a sum for each rule, joined": joined(model, now),
  };
}
