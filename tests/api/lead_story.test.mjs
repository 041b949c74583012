// What a lead page tells: where the lead stands and why, since when it is known, and by which name.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena, password, waitFor } from "./harness.mjs";
import { rule } from "./workspace.mjs";

let server, ws;
before(async () => {
  server = await Galena.start();
  ws = server.workspace;
});
after(() => server?.close());

const vp = { title: "VP Sales", company: { employees: 300 } }; // 30 points

// A lead's stages with their reasons, oldest first.
async function story(id, workspace = ws) {
  return (await workspace.stages(id)).map(({ to, reason }) => [to, reason]).reverse();
}

test("every stage has a true reason, and the first one its score", async () => {
  await ws.identify("ann", { email: "ann@a.example", ...vp });
  await ws.track("ann", "White Paper Downloaded");
  await ws.page({ userId: "ann" }, "/pricing");
  await ws.track("ann", "Sales Accepted");
  const { id } = await ws.lead("ann@a.example");
  assert.deepEqual(await story(id), [
    ["contact", "First seen"],
    ["lead", "White Paper Downloaded"],
    ["mql", "Score reached 50: Pricing Viewed"],
    ["sal", "Sales Accepted"],
  ]);
  const stages = (await ws.stages(id)).reverse();
  assert.deepEqual(stages.map((stage) => stage.score), [30, 35, 50, 50]);
  assert.deepEqual(stages.map((stage) => stage.model_version), [1, 1, 1, 1]);
  assert.deepEqual(stages.map((stage) => stage.from), [null, "contact", "lead", "mql"]);
  await server.restart();
  ws = server.workspace;
  assert.deepEqual((await ws.stages(id)).reverse(), stages, "the same after a restart");
  const shown = await server.cli(["score", id]);
  assert.match(shown.stdout, /mql .*Score reached 50: Pricing Viewed/);
  assert.match(shown.stdout, /contact .*First seen/);
});

test("facts that lift the score are named as such", async () => {
  await ws.track("bea", "Demo Requested", {}, { context: { traits: { email: "bea@a.example" } } });
  await ws.identify("bea", vp);
  const { id } = await ws.lead("bea@a.example");
  assert.deepEqual((await story(id)).at(-1), ["mql", "Score reached 55: Said who they are"]);
});

test("where fit alone had the points, the first action is the reason", async () => {
  const other = await server.newWorkspace();
  await other.tune((text) => text.replace("threshold = 50", "threshold = 30"));
  await other.identify("cid", { email: "cid@a.example", ...vp });
  await other.track("cid", "Email Opened", { email_id: "m1" });
  const { id } = await other.lead("cid@a.example");
  assert.deepEqual(await story(id, other), [
    ["contact", "First seen"],
    ["mql", "First action of their own, score 31: Email Opened"],
  ]);
});

test("what a colleague or a playbook did says so", async () => {
  const other = await server.newWorkspace();
  await other.identify("dan", { email: "dan@a.example", ...vp });
  await other.track("dan", "Form Submitted");
  const { id } = await other.lead("dan@a.example");
  const signed_in = await server.send({
    method: "POST",
    path: "/api/v1/sign-in",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: other.keys.email, password }),
  });
  await server.send({
    method: "POST",
    path: `/api/v1/leads/${id}/adjustments`,
    headers: {
      Cookie: signed_in.headers["set-cookie"][0].split(";")[0],
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ points: 25, reason: "Met at the fair" }),
  });
  const adjusted = `Adjusted by ${other.keys.email} (+25): Met at the fair`;
  assert.deepEqual((await story(id, other)).at(-1), ["mql", adjusted]);

  await other.identify("eve", { email: "eve@a.example", ...vp });
  await other.track("eve", "White Paper Downloaded");
  await other.tune((text) => text.replace("threshold = 50", "threshold = 35"));
  const eve = await other.lead("eve@a.example");
  assert.deepEqual((await story(eve.id, other)).at(-1), ["mql", "Playbook version 2"]);
});

test("what time alone did says so", async () => {
  const other = await server.newWorkspace();
  await other.tune((text) => rule(text, "Unsubscribed", { window: "1 hour" }));
  await other.identify("jim", { email: "jim@a.example", ...vp });
  const timestamp = new Date(Date.now() - 3_600_000 + 4_000).toISOString();
  await other.track("jim", "Unsubscribed", {}, { timestamp });
  await other.track("jim", "Demo Requested");
  const { id, score } = await other.lead("jim@a.example");
  assert.equal(score, 25, "thirty points are taken away for four seconds more");
  const stage = async () => (await other.get(`/api/v1/leads/${id}`)).stage === "mql";
  await waitFor("the points to be forgotten", stage);
  const faded = ["mql", "Time passed: negative points faded"];
  assert.deepEqual((await story(id, other)).at(-1), faded);
});

test("a stage that came with another lead says from whom", async () => {
  await ws.track("fay", "Form Submitted");
  await ws.identify("gus@a.example", { ...vp, email: "gus@a.example" });
  await ws.track("gus@a.example", "Opportunity Won");
  const from = await ws.lead("gus@a.example");
  await ws.taken("/v1/alias", { userId: "fay", previousId: "gus@a.example" });
  const { id } = await ws.lead("gus@a.example");
  assert.notEqual(id, from.id);
  const told = (await story(id)).find(([to]) => to === "customer");
  assert.deepEqual(told, ["customer", `Merged from ${from.id}`]);
});

test("first and last seen are when things happened, not when they were heard of", async () => {
  const userId = "hal";
  const at = ["2026-01-10T09:00:00Z", "2026-03-01T12:00:00Z"];
  await ws.track(userId, "Form Submitted", {}, { timestamp: at[1] });
  await ws.track(userId, "White Paper Downloaded", {}, { timestamp: at[0] });
  await ws.identify(userId, { email: "hal@a.example" }, { timestamp: at[0] });
  const lead = await ws.lead("hal@a.example");
  const moment = (text) => new Date(text).getTime();
  assert.equal(moment(lead.first_seen_at), moment(at[0]));
  assert.equal(moment(lead.last_seen_at), moment(at[1]));
  assert.ok(moment(lead.created_at) > moment(at[1]), "the log has heard of them now");
  for (const each of await ws.everybody()) assert.ok(each.first_seen_at <= each.last_seen_at);
});

test("a user id that is an address is their address, until they tell one", async () => {
  await ws.track("Ida@A.example", "Form Submitted");
  const { id, email } = await ws.lead("ida@a.example");
  assert.equal(email, "ida@a.example");
  await ws.identify("Ida@A.example", { email: "ida.new@a.example" });
  await ws.track("Ida@A.example", "Form Submitted");
  assert.equal((await ws.get(`/api/v1/leads/${id}`)).email, "ida.new@a.example");
});

test("the lifecycle's stages are the live playbook's", async () => {
  const other = await server.newWorkspace();
  const names = async () => (await other.get("/api/v1/lifecycle")).data.map((stage) => stage.name);
  const classic = ["contact", "lead", "mql", "sal", "sql", "opportunity", "customer", "recycled",
    "disqualified"];
  assert.deepEqual(await names(), classic);
  await other.tune((text) =>
    text.replace(/(?=\[\[lifecycle\.stage\]\]\nname = .sal.)/,
      '[[lifecycle.stage]]\nname = "trial"\non = "Trial Started"\n\n'));
  assert.deepEqual(await names(), classic.toSpliced(3, 0, "trial"));
  const { data } = await other.get("/api/v1/lifecycle");
  assert.deepEqual(data[3], { name: "trial", when: null, on: "Trial Started", by_person: false });
  assert.equal(data[2].when, "own_action and score >= threshold");
  assert.ok(data.at(-1).by_person);
});
