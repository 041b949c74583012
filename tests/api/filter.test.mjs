// Lists by criterion, and why one lead is in them or not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena } from "./harness.mjs";

let server, ws;
before(async () => {
  server = await Galena.start();
  ws = server.workspace;
  await ws.identify("ann", { email: "ann@a.example", title: "VP Sales", company: { employees: 300 } });
  await ws.page({ userId: "ann" }, "/pricing");
  await ws.track("ann", "White Paper Downloaded");
  await ws.identify("bob", { email: "bob@gmail.com", title: "Student" });
  await ws.track("bob", "White Paper Downloaded");
  await ws.page({ userId: "bob" }, "/pricing");
  await ws.identify("cid", { email: "cid@c.example" });
  await ws.track("cid", "Cat Petted");
});
after(() => server?.close());

const address = (text) => `/api/v1/leads?filter=${encodeURIComponent(text)}`;
const names = async (text) => (await ws.all(address(text))).map((lead) => lead.email.split("@")[0]).sort();

test("a list holds those for whom the criterion holds", async () => {
  const expected = {
    'title.seniority = "vp"': ["ann"],
    'count("Pricing Viewed") >= 1': ["ann", "bob"],
    'count("Page Viewed", last 1 day) = 0': ["cid"],
    'sequence("White Paper Downloaded", "Pricing Viewed" within 1h)': ["bob"],
    'count("cat_petted", this year) = 1 or email.free_mail': ["bob", "cid"],
    'not title contains "sales" and exists(last("Cat Petted"))': ["cid"],
    "score >= threshold": ["ann"],
    "created_at < 2026-01-01": [],
    "first_seen >= 2026-01-01": ["ann", "bob", "cid"],
  };
  for (const [text, wanted] of Object.entries(expected)) {
    assert.deepEqual(await names(text), wanted, text);
  }
});

test("pages of a filtered list hold all of it", async () => {
  const all = await ws.all(address('count("White Paper Downloaded") > 0'), 1);
  assert.equal(all.length, 2);
});

test("a mistake is answered with its column", async () => {
  for (const [text, column] of [["titel = 5", 1], ["title = 5", 9], ['count("A", last year) > 1', 17]]) {
    const answer = await ws.api("GET", address(text));
    assert.equal(answer.status, 400, text);
    assert.match(answer.text, new RegExp(`column ${column}: `), text);
    assert.match(answer.text, /\?filter/);
  }
  const { id } = await ws.lead("ann@a.example");
  const answer = await ws.api("GET", `/api/v1/leads/${id}/why`);
  assert.equal(answer.status, 400, "without a criterion");
});

test("why in, and why not, part by part", async () => {
  const { id } = await ws.lead("bob@gmail.com");
  const text = 'count("Pricing Viewed") >= 1 and not (email.free_mail or company.employees < 10)';
  const why = await ws.get(`/api/v1/leads/${id}/why?filter=${encodeURIComponent(text)}`);
  assert.equal(why.holds, false);
  assert.equal(why.text, text);
  const [count, not] = why.parts;
  assert.deepEqual(count, { text: 'count("Pricing Viewed") >= 1', holds: true, found: "1", parts: [] });
  assert.equal(not.holds, false);
  assert.deepEqual(not.parts[0].parts.map(({ found, holds }) => [found, holds]), [["true", true], ["nothing", false]]);
  const shown = await server.cli(["leads", id, "--filter", text]);
  assert.match(shown.stdout, /^no {3}count/);
  assert.match(shown.stdout, /yes {2}email\.free_mail {2}\(it is true\)/);
  const listed = await server.cli(["leads", "--filter", 'title.seniority = "vp"', "--format", "json"]);
  assert.equal(JSON.parse(listed.stdout).length, 1);
});
