// Lists of leads as somebody works with them: searched, sorted, paged, while things go on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena } from "./harness.mjs";

let server, ws;
before(async () => {
  server = await Galena.start();
  ws = server.workspace;
  await ws.identify("1", { email: "anna@acme.example", firstName: "Anna", lastName: "Müller", title: "VP Sales",
    company: { name: "Ärzte GmbH", employees: 300 } });
  await ws.identify("2", { email: "zoe@beta.example", firstName: "Zoë", lastName: "Ahlers", company: { name: "Zebra", employees: 20 } });
  await ws.identify("3", { email: "bo@acme.example", firstName: "Bo", title: "CEO" });
  await ws.identify("4", { email: "nobody@gamma.example" });
  await ws.page({ anonymousId: "v1" }, "/pricing");
});
after(() => server?.close());

const list = (query) => `/api/v1/leads?${new URLSearchParams(query)}`;
const names = async (query, limit) => (await ws.all(list(query), limit)).map((lead) => (lead.email ?? "?").split("@")[0]);

test("search finds parts of names, addresses and companies, without accents and case", async () => {
  const expected = { muller: ["anna"], "MÜLL": ["anna"], zoe: ["zoe"], "acme": ["bo", "anna"], "arzte": ["anna"],
    "acme anna": ["anna"], "acme zoe": [], "nobody@": ["nobody"], "%": [], "  ": ["bo", "anna", "zoe", "nobody"] };
  for (const [search, wanted] of Object.entries(expected)) {
    assert.deepEqual((await names({ search })).sort(), [...wanted].sort(), search);
  }
  assert.deepEqual(await names({ search: "acme", filter: 'title.seniority = "vp"' }), ["anna"], "and a filter");
});

test("sorted by any column, both ways, who has none comes last", async () => {
  const expected = {
    name: ["anna", "bo", "zoe", "nobody"],
    "-name": ["zoe", "bo", "anna", "nobody"],
    "company.name": ["anna", "zoe"],
    "-company.name": ["zoe", "anna"],
    "company.employees": ["zoe", "anna"],
    "-company.employees": ["anna", "zoe"],
    "-title.seniority": ["bo", "anna"],
    email: ["anna", "bo", "nobody", "zoe"],
    created_at: ["anna", "zoe", "bo", "nobody"],
    "-created_at": ["nobody", "bo", "zoe", "anna"],
  };
  for (const [sort, wanted] of Object.entries(expected)) {
    const all = await names({ sort }, 1);
    assert.deepEqual(all.slice(0, wanted.length), wanted, sort);
    assert.equal(all.length, 4, sort);
  }
});

test("a page goes on where the last one ended, although its last lead has moved", async () => {
  const first = await ws.get(list({ sort: "-score", limit: 2 }));
  const [, second] = first.data;
  const moved = await ws.api("POST", `/api/v1/leads/${second.id}/adjustments`, { points: 200, reason: "moves to the top" });
  assert.equal(moved.status, 201);
  const rest = await ws.get(list({ sort: "-score", limit: 2, cursor: first.next_cursor }));
  assert.equal(rest.total, 4);
  const pages = [...first.data, ...rest.data].map((lead) => lead.email.split("@")[0]);
  assert.deepEqual(pages.sort(), ["anna", "bo", "nobody", "zoe"], "nobody is missing, nobody comes twice");
  const again = await ws.get(list({ limit: 1 }));
  assert.equal(again.data[0].id, second.id, "what was written is in the next list");
});

test("visitors are in a list only when asked for", async () => {
  assert.equal((await ws.get(list({}))).total, 4);
  assert.equal((await ws.get(list({ include: "visitors" }))).total, 5);
});

test("the command line searches and sorts as the API does", async () => {
  const done = await server.cli(["leads", "--search", "acme", "--sort", "name", "--format", "json"]);
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(JSON.parse(done.stdout).map((lead) => lead.email), ["anna@acme.example", "bo@acme.example"]);
});
