// Accounts: companies by domain and group, what is told of them, and what it does to their people;
// on the real server, across a restart.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena } from "./harness.mjs";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

const account_of = async (ws, id) => {
  const answer = await ws.api("GET", `/api/v1/accounts/${encodeURIComponent(id)}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
};
const tell = async (ws, body, options) => {
  const answer = await ws.api("POST", "/api/v1/accounts", body, options);
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
};
const group = (ws, ids, groupId, traits, options) =>
  ws.taken("/v1/group", { ...ids, groupId, traits }, options);
const scores = async (ws, emails) =>
  Promise.all(emails.map(async (email) => (await ws.lead(email)).score));

test("what is told of a company counts for everybody in it, at once", async () => {
  const ws = await server.newWorkspace();
  await ws.identify("ann", { email: "ann@acme.com", title: "VP Sales" });
  await ws.identify("bob", { email: "bob@mail.acme.com" });
  await ws.identify("carl", { email: "carl@gmail.com" });
  const people = ["ann@acme.com", "bob@mail.acme.com", "carl@gmail.com"];
  const before_it = await scores(ws, people);
  assert.deepEqual((await ws.lead(people[1])).account, { id: "acme.com", name: "acme.com" });
  assert.equal((await ws.lead(people[2])).account, null, "free mail is nobody's company");

  // By whoever of them: a product tells how large its customer is.
  await group(ws, { userId: "ann" }, "g-acme", { name: "Acme", employees: 300, website: "https://www.acme.com/" });
  assert.deepEqual(await scores(ws, people), [before_it[0] + 15, before_it[1] + 15, before_it[2]]);
  const bob = await ws.lead(people[1]);
  assert.deepEqual([bob.company.name, bob.company.employees], ["Acme", 300]);
  const line = (await ws.score(bob.id)).ledger.find((each) => each.points === 15);
  const acme = await account_of(ws, "g-acme");
  assert.equal(acme.id, "acme.com");
  const employees = acme.facts.find((fact) => fact.field === "company.employees");
  assert.deepEqual([employees.value, employees.event_id], ["300", line.event_id]);
  assert.deepEqual([acme.name, acme.groups, acme.people], ["Acme", ["g-acme"], 2]);
  assert.equal(acme.best_lead.email, "ann@acme.com");

  // Taken back, it counts for nobody.
  const undone = await ws.api("POST", `/api/v1/events/${employees.event_id}/void`, {});
  assert.equal(undone.status, 200, undone.text);
  assert.deepEqual(await scores(ws, people), before_it);
  assert.deepEqual((await account_of(ws, "acme.com")).facts, []);
});

test("a company without a person; what somebody says of theirs is their word alone", async () => {
  const ws = await server.newWorkspace();
  const made = await tell(ws, { domain: "globex.de", name: "Globex", employees: 80, country: "Germany" });
  assert.deepEqual([made.id, made.name, made.people, made.score], ["globex.de", "Globex", 0, null]);
  assert.deepEqual([made.employees, made.country], [80, "DE"]);
  assert.equal((await ws.get("/api/v1/leads?include=visitors")).total, 0, "it is nobody");
  await ws.identify("dora", { email: "dora@globex.de" });
  const dora = await ws.lead("dora@globex.de");
  assert.deepEqual([dora.company.employees, dora.country], [80, "DE"]);
  assert.equal((await account_of(ws, "globex.de")).people, 1);

  await ws.identify("eve", { email: "eve@initech.com", company: { name: "Initech", employees: 900 } });
  await ws.identify("fred", { email: "fred@initech.com" });
  assert.equal((await ws.lead("fred@initech.com")).company.employees, null);
  const initech = await account_of(ws, "initech.com");
  assert.equal(initech.name, "Initech");
  assert.deepEqual(initech.people_say[0], { field: "company.name", value: "Initech", people: 1 });
  const { data, total } = await ws.get("/api/v1/accounts");
  assert.deepEqual([total, data.map((account) => account.id).sort()], [2, ["globex.de", "initech.com"]]);
  const listed = await ws.get("/api/v1/leads?account=initech.com");
  assert.deepEqual(listed.data.map((lead) => lead.email).sort(), ["eve@initech.com", "fred@initech.com"]);
  // Page by page, everybody once.
  const pages = [];
  for (let cursor = ""; cursor !== null; ) {
    const page = await ws.get(`/api/v1/accounts?limit=1${cursor && `&cursor=${cursor}`}`);
    pages.push(...page.data.map((account) => account.id));
    cursor = page.next_cursor;
  }
  assert.deepEqual(pages.sort(), ["globex.de", "initech.com"]);
});

test("a public key moves nobody into another company", async () => {
  const ws = await server.newWorkspace();
  await ws.identify("ann", { email: "ann@acme.com" });
  const stranger = { key: ws.keys.browser_key };
  await group(ws, { anonymousId: "x" }, "g1", { domain: "acme.com", employees: 5000 }, stranger);
  assert.equal((await ws.lead("ann@acme.com")).company.employees, null);
  // Nor by its group; a device alone is no company.
  assert.equal((await ws.api("GET", "/api/v1/accounts/g1")).status, 404);
  await group(ws, { userId: "ann" }, "g1", { employees: 5000 }, stranger);
  assert.equal((await ws.lead("ann@acme.com")).account.id, "acme.com");
});

test("a retry is the same; another request under its key is refused; bad fields are named", async () => {
  const ws = await server.newWorkspace();
  const options = { headers: { "Idempotency-Key": "once" } };
  const told = await tell(ws, { id: "42", employees: 10 }, options);
  assert.equal((await tell(ws, { id: "42", employees: 10 }, options)).event_id, told.event_id);
  const other = await ws.api("POST", "/api/v1/accounts", { id: "42", employees: 11 }, options);
  assert.equal(other.status, 422, other.text);
  for (const [body, pointer] of [
    [{}, "/id"],
    [{ domain: "gmail.com" }, "/domain"],
    [{ id: "x", employees: -1 }, "/employees"],
    [{ id: "x", employees: "many" }, "/employees"],
    [{ id: "x".repeat(501) }, "/id"],
    [{ id: "x", colour: "red" }, "/colour"],
  ]) {
    const answer = await ws.api("POST", "/api/v1/accounts", body);
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json().errors[0].pointer, pointer);
  }
  assert.equal((await ws.api("GET", "/api/v1/accounts/nobody.org")).status, 404);
  assert.equal((await ws.api("GET", "/api/v1/leads?account=nobody.org")).status, 400);
  const nobody = await ws.event("/v1/group", { groupId: "g", traits: { employees: 3 } });
  assert.equal(nobody.status, 400, "the event API wants somebody");
});

test("nobody reaches the companies of another workspace", async () => {
  const ours = await server.newWorkspace();
  const theirs = await server.newWorkspace();
  await tell(ours, { domain: "acme.com", employees: 7 });
  assert.equal((await theirs.api("GET", "/api/v1/accounts/acme.com")).status, 404);
  assert.equal((await theirs.get("/api/v1/accounts")).total, 0);
});

test("a start finds them again, and the command line shows them", async () => {
  const own = await Galena.start();
  try {
    const ws = own.workspace;
    await ws.identify("ann", { email: "ann@acme.com", title: "VP Sales" });
    await tell(ws, { domain: "acme.com", name: "Acme", employees: 300 });
    await group(ws, { userId: "bob" }, "acme-eu", { domain: "acme.com" });
    const was = [await ws.get("/api/v1/accounts"), await ws.get("/api/v1/leads")];
    await own.restart();
    assert.deepEqual([await ws.get("/api/v1/accounts"), await ws.get("/api/v1/leads")], was);
    const shown = await own.cli(["accounts"]);
    assert.match(shown.stdout, /Acme\s+2\s+300/);
    const one = await own.cli(["accounts", "acme-eu", "--format", "json"]);
    assert.equal(JSON.parse(one.stdout).id, "acme.com");
  } finally {
    await own.close();
  }
});
