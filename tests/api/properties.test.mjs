// Properties of events in lists, segments and points: what came before counts, what is not kept is
// refused, and a start after a kill knows the same.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena } from "./harness.mjs";
import { rule } from "./workspace.mjs";

let server, ws;
before(async () => {
  server = await Galena.start();
  ws = server.workspace;
  for (const name of ["ann", "bob", "cid"]) {
    await ws.identify(name, { email: `${name}@${name}.example` });
  }
  await ws.track("ann", "Order Completed", { amount: 700.1, plan: "Pro", cart: { items: 3 } });
  await ws.track("ann", "Order Completed", { amount: "500.2", plan: "basic" });
  await ws.track("bob", "Order Completed", { amount: 90, plan: "team", "order-id": "b-1" });
  await ws.track("cid", "Order Completed", { plan: "pro", contact: "cid@cid.example" });
});
after(() => server?.close());

const address = (text) => `/api/v1/leads?filter=${encodeURIComponent(text)}`;
const names = async (text) => (await ws.all(address(text))).map((lead) => lead.email.split("@")[0]).sort();
const refused = async (text, reason) => {
  const answer = await ws.api("GET", address(text));
  assert.equal(answer.status, 400, text);
  assert.match(answer.text, reason, text);
};
const keeping = (...kept) => (text) => {
  assert.match(text, /^\[events\]\nproperties = \[.*\]$/m);
  return text.replace(/(^\[events\]\nproperties = )\[.*\]$/m, `$1${JSON.stringify(kept)}`);
};

test("a list may ask for what is kept, and is told how to keep the rest", async () => {
  await refused('count("Order Completed" where plan = "pro") >= 1',
    /column 31: the property \\"plan\\" of events is not kept; add it to the playbook: \[events\] properties/);
  await ws.tune(keeping("plan", "amount", "cart.items", "order-id", "contact"));
  const expected = {
    'count("Order Completed" where plan = "PRO") >= 1': ["ann", "cid"],
    'count("Order Completed" where plan != "pro", this day) >= 1': ["ann", "bob"],
    'count("Order Completed" where amount >= 500) = 2': ["ann"],
    'sum("Order Completed", amount) = 1200.3': ["ann"],
    'sum("Order Completed" where plan in ("team", "basic"), amount, last 30 days) > 0': ["ann", "bob"],
    'sum("Order Completed", amount) = 0': ["cid"],
    'count("Order Completed" where cart.items = 3) = 1': ["ann"],
    'count("Order Completed" where property("order-id") starts_with "B-") = 1': ["bob"],
    'count("Order Completed" where exists(contact)) = 1': [],
    'sequence("Order Completed" where plan = "pro", "Order Completed" where plan = "basic" within 1h)': ["ann"],
  };
  for (const [text, wanted] of Object.entries(expected)) assert.deepEqual(await names(text), wanted, text);
  await refused('count("Order Completed" where contact > "a") = 1', /column 31: > is compared with a number/);
  await refused('count("Order Completed" where score > 5) = 1', /column 31: the property \\"score\\"/);
});

test("why: what was found stands beside the criterion", async () => {
  const { id } = await ws.lead("ann@ann.example");
  const text = 'sum("Order Completed", amount) >= 2000 or count("Order Completed" where plan = "pro") >= 2';
  const why = await ws.get(`/api/v1/leads/${id}/why?filter=${encodeURIComponent(text)}`);
  assert.equal(why.holds, false);
  assert.deepEqual(why.parts.map((part) => part.found), ["1200.3", "1"]);
});

test("a segment and a rule that ask for more find what came before, also after a kill", async () => {
  await ws.tune((text) => rule(text, "Demo request", { on: "Order Completed", where: "seats >= 10", points: 40 }));
  await ws.track("bob", "Order Completed", { seats: 25 });
  await ws.tune((text) => `${text}\n[[segment]]\nname = "Spent much"\n`
    + `when = 'sum("Order Completed" where seats >= 10 or amount > 1, amount) >= 1000'\n`);
  const check = async () => {
    const members = await ws.all("/api/v1/leads?segment=Spent%20much");
    assert.deepEqual(members.map((lead) => lead.email), ["ann@ann.example"]);
    const { id } = await ws.lead("bob@bob.example");
    const { ledger } = await ws.score(id);
    assert.ok(ledger.some((line) => line.points === 40), JSON.stringify(ledger));
  };
  await check();
  await server.kill9();
  await server.restart();
  await check();
  await ws.tune(keeping());
  await refused('count("Order Completed" where plan = "pro") >= 1', /is not kept/);
  await check();
});
