// A criterion, as the JSON tree of src/domain/criteria_json.hpp, in SQL over a row of `leads` (one
// column an attribute, NULL: missing) and counts of events. Two-valued as Galena's: a comparison
// with a missing value is false.

const UNITS = { ms: 1, s: 1e3, min: 6e4, h: 36e5, day: 864e5, days: 864e5, week: 6048e5, weeks: 6048e5 };

// "30 days", "24h"
export function milliseconds(duration) {
  const [, number, unit] = /^(\d+) ?([a-z]+)$/.exec(duration);
  if (!(unit in UNITS)) throw new Error(`no unit is called ${unit}`);
  return Number(number) * UNITS[unit];
}

export const text = (value) => `'${String(value).replaceAll("'", "''")}'`;
export const column = (name) => `"${name}"`;

// Events that a criterion counts: each pair of name and window once.
export class Counts {
  #names = new Map();

  // The column that holds the count.
  column(event, window) {
    const length = window === undefined ? null : milliseconds(window.last);
    const key = JSON.stringify([event, length]);
    if (!this.#names.has(key)) {
      this.#names.set(key, { name: `n${this.#names.size}`, event, length });
    }
    return this.#names.get(key).name;
  }
  all() {
    return [...this.#names.values()];
  }
}

// `playbook` gives threshold and lists, `now` the time in ms, `count` the SQL of a counted operand.
export function criterionSql(tree, { playbook, now, count }) {
  const sql = (node) => {
    const [name] = Object.keys(node);
    const value = node[name];
    if (name === "and" || name === "or") return `(${value.map(sql).join(` ${name} `)})`;
    if (name === "not") return `(not ${sql(value)})`;
    if (name === "exists") return `(${operand(value)} is not null)`;
    if (name === "is") return `coalesce(${operand(value)}, false)`;
    if (name === "in" || name === "not_in") return membership(name, value);
    return comparison(name, value);
  };
  const operand = (node) => {
    if (typeof node === "string") return column(node);
    if (!node.count) throw new Error(`only counts have SQL here: ${JSON.stringify(node)}`);
    return count(node.count.event, node.count.window);
  };
  // Industries are compared by their form, in small letters; the other texts here are written as
  // they are kept.
  const constant = (of, value) => {
    if (value?.name === "threshold") return playbook.threshold;
    if (value?.ago) return now - milliseconds(value.ago);
    if (typeof value !== "string") return value;
    return text(of === "company.industry" ? value.toLowerCase() : value);
  };
  const membership = (name, [of, among]) => {
    const values = among.list ? playbook.lists[among.list] : among;
    const list = values.map((value) => constant(of, value)).join(", ");
    return `coalesce(${operand(of)} ${name === "in" ? "in" : "not in"} (${list}), false)`;
  };
  const comparison = (operator, [of, value]) => {
    if (!["=", "!=", "<", "<=", ">", ">="].includes(operator)) throw new Error(operator);
    return `coalesce(${operand(of)} ${operator} ${constant(of, value)}, false)`;
  };
  return sql(tree);
}
