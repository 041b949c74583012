// One workspace as its users see it: events in, leads out.
import assert from "node:assert/strict";
import { basic, bearer } from "./http.mjs";

// Points in millionths, as the server counts them, so that sums are exact.
export const micro = (points) => Math.round(points * 1e6);
export const sum = (lines) => lines.reduce((total, line) => total + micro(line.points), 0);

// A playbook's text with some keys of one rule set: rule(text, "Demo request", { points: 30 }).
export function rule(text, name, keys) {
  const sections = text.split(/(?=^\[\[)/m);
  const index = sections.findIndex(
    (section) =>
      section.startsWith("[[scoring.rule]]") && /^name = ["'](.*)["']$/m.exec(section)?.[1] === name,
  );
  assert.ok(index >= 0, `the playbook has no rule "${name}"`);
  for (const [key, value] of Object.entries(keys)) {
    const line = `${key} = ${JSON.stringify(value)}`;
    const there = new RegExp(`^${key} = .*$`, "m");
    sections[index] = there.test(sections[index])
      ? sections[index].replace(there, line)
      : sections[index].replace(/^points = /m, `${line}\n$&`);
  }
  return sections.join("");
}

export class Workspace {
  constructor(server, keys) {
    this.server = server;
    this.keys = keys;
  }

  // One request of the event API. `key`: instead of the server's write key.
  async event(path, body, { key = this.keys.write_key, headers = {}, ...options } = {}) {
    return this.server.send({
      method: "POST",
      path,
      headers: { Authorization: basic(key), "Content-Type": "application/json", ...headers },
      body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      ...options,
    });
  }

  // The same, which must be taken in whole.
  async taken(path, body, options) {
    const answer = await this.event(path, body, options);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json(), { success: true });
  }

  track(userId, event, properties = {}, more = {}, options) {
    return this.taken("/v1/track", { userId, event, properties, ...more }, options);
  }
  page(ids, path, options) {
    return this.taken("/v1/page", { ...ids, properties: { path } }, options);
  }
  identify(userId, traits, more = {}, options) {
    return this.taken("/v1/identify", { userId, traits, ...more }, options);
  }
  batch(batch, more = {}, options) {
    return this.taken("/v1/batch", { batch, ...more }, options);
  }

  // One request of the REST API. `body`: an object is sent as JSON, a text as a playbook.
  api(method, path, body, { key = this.keys.api_key, headers = {}, ...options } = {}) {
    const is_text = typeof body === "string";
    const type = is_text ? "application/toml" : "application/json";
    return this.server.send({
      method,
      path,
      headers: {
        Authorization: bearer(key),
        ...(body === undefined ? {} : { "Content-Type": type }),
        ...headers,
      },
      body: body === undefined || is_text ? body : JSON.stringify(body),
      ...options,
    });
  }

  async get(path) {
    const answer = await this.api("GET", path);
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  // All entries of a list, page by page; each page says truly whether there is another.
  async all(path, limit = 200) {
    const entries = [];
    for (let cursor = ""; cursor !== null; ) {
      const separator = path.includes("?") ? "&" : "?";
      const more = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.get(`${path}${separator}limit=${limit}${more}`);
      assert.ok(page.data.length <= limit);
      assert.equal(page.has_more, page.next_cursor !== null);
      entries.push(...page.data);
      cursor = page.next_cursor;
    }
    return entries;
  }

  leads() {
    return this.all("/api/v1/leads");
  }
  everybody() {
    return this.all("/api/v1/leads?include=visitors");
  }

  // The one lead with this address.
  async lead(email) {
    const found = await this.all(`/api/v1/leads?email=${encodeURIComponent(email)}`);
    assert.equal(found.length, 1, `${found.length} leads have the address ${email}`);
    return found[0];
  }

  // The score of a lead, whose ledger must explain it to the last millionth.
  async score(id) {
    const score = await this.get(`/api/v1/leads/${id}/score`);
    const manual = sum(score.ledger.filter((line) => line.group === "manual"));
    const fit = sum(score.ledger.filter((line) => line.group === "fit"));
    const interest = sum(score.ledger.filter((line) => line.group === "interest"));
    assert.equal(sum(score.ledger), micro(score.score), `the ledger of ${id}`);
    assert.equal(fit, micro(score.fit), `the fit of ${id}`);
    assert.equal(interest + manual, micro(score.interest), `the interest of ${id}`);
    const missing = micro(score.threshold) - micro(score.score);
    assert.equal(micro(score.missing), Math.max(0, missing));
    return score;
  }

  // Newest first.
  timeline(id) {
    return this.all(`/api/v1/leads/${id}/timeline`);
  }

  async stages(id) {
    return (await this.get(`/api/v1/leads/${id}/stages`)).data;
  }

  async playbook() {
    const answer = await this.api("GET", "/api/v1/playbook");
    assert.equal(answer.status, 200, answer.text);
    return { text: answer.text, etag: answer.headers.etag };
  }

  // Applies a change of the live playbook's text and gives the answer.
  async tune(change) {
    const before = (await this.playbook()).text;
    const after = change(before);
    assert.notEqual(after, before, "the change changes nothing");
    const answer = await this.api("PUT", "/api/v1/playbook", after);
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }
}
