// The figures that everybody is promised, through the API of the real server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Galena, password, unique } from "./harness.mjs";
import { micro, rule, sum } from "./workspace.mjs";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

const targets = (text) => text.replace("target_industries = []", 'target_industries = ["Software"]');

// A lead with these traits; gives its address.
async function person(ws, traits) {
  const id = unique("p");
  const email = `${id}@company.example`;
  await ws.identify(id, { email, ...traits });
  return { id, email };
}

async function scored(ws, email) {
  const lead = await ws.lead(email);
  const score = await ws.score(lead.id);
  for (const name of ["score", "fit", "interest", "grade"]) assert.equal(score[name], lead[name]);
  return { ...lead, ledger: score.ledger, to_threshold: score.to_threshold };
}

test("a VP at a 300-person target company, pricing and demo: 80", async () => {
  const ws = await server.newWorkspace();
  await ws.tune(targets);
  const traits = { title: "VP Engineering", company: { employees: 300, industry: "Software" } };
  const { id, email } = await person(ws, traits);
  await ws.page({ userId: id }, "/pricing");
  await ws.track(id, "Demo Requested");
  const lead = await scored(ws, email);
  assert.equal(lead.score, 80);
  assert.deepEqual([lead.fit, lead.interest, lead.grade], [40, 40, "A1"]);
  assert.deepEqual([lead.stage, lead.temperature, lead.seniority], ["mql", "hot", "vp"]);
  assert.deepEqual(lead.to_threshold, []);
  const lines = lead.ledger.map((line) => `${line.rule} ${line.points} ${line.event}`).sort();
  assert.deepEqual(lines, [
    "Company of 200 or more 15 Identified",
    "Demo request 25 Demo Requested",
    "Pricing page visit 15 Pricing Viewed",
    "Target industry 10 Identified",
    "VP 15 Identified",
  ]);
  const stages = await ws.stages(lead.id);
  const moves = stages.map((entry) => [entry.from, entry.to]);
  assert.deepEqual(moves, [["contact", "mql"], [null, "contact"]], "newest first");
  assert.equal(stages[0].score, 55, "the score that the hand-off was decided upon");
});

test("a manager at a 20-person company with one open: 11", async () => {
  const ws = await server.newWorkspace();
  const traits = { title: "Marketing Manager", company: { employees: 20 } };
  const { id, email } = await person(ws, traits);
  await ws.track(id, "Email Opened", { email_id: "m1" });
  const lead = await scored(ws, email);
  assert.equal(lead.score, 11);
  assert.deepEqual([lead.fit, lead.interest, lead.grade, lead.stage], [10, 1, "C4", "contact"]);
});

test("company size: [10,50) [50,200) [200,∞)", async () => {
  const ws = await server.newWorkspace();
  const sizes = { 0: 0, 9: 0, 10: 5, 49: 5, 50: 10, 199: 10, 200: 15, 1000000: 15 };
  for (const [employees, points] of Object.entries(sizes)) {
    const { email } = await person(ws, { company: { employees: Number(employees) } });
    assert.equal((await scored(ws, email)).fit, points, `${employees} people`);
  }
});

test("fit grades: A from 40, B from 25, C from 10", async () => {
  const ws = await server.newWorkspace();
  await ws.tune(targets);
  const at = (title, employees, industry) => ({ title, company: { employees, industry } });
  const cases = [
    [at("Manager", 5), 5, "D"],
    [at("Director of Sales", 5), 10, "C"],
    [at("VP Sales", 20), 20, "C"],
    [at("VP Sales", 50), 25, "B"],
    [at("CEO", 200), 35, "B"],
    [at("VP Sales", 200, "Software"), 40, "A"],
    [at("Student", 5), -20, "D"],
  ];
  for (const [traits, fit, grade] of cases) {
    const lead = await scored(ws, (await person(ws, traits)).email);
    assert.deepEqual([lead.fit, lead.fit_grade], [fit, grade], JSON.stringify(traits));
  }
});

test("interest levels: 1 from 40, 2 from 20, 3 from 5; handed over from 50", async () => {
  const ws = await server.newWorkspace();
  const { id, email } = await person(ws, {});
  await ws.track(id, "Email Opened", { email_id: "m1" }); // 1 point and an action of their own
  const lead = await ws.lead(email);
  let score = 1;
  const edges = [[4, 4], [5, 3], [19, 3], [20, 2], [39, 2], [40, 1], [49, 1], [50, 1]];
  for (const [interest, level] of edges) {
    const points = interest - score;
    const made = await ws.api("POST", `/api/v1/leads/${lead.id}/adjustments`, {
      points,
      reason: "an edge",
    });
    assert.equal(made.status, 201, made.text);
    score = interest;
    const now = await scored(ws, email);
    assert.deepEqual([now.interest, now.interest_level], [interest, level]);
    assert.equal(now.stage === "mql", interest >= 50, `the stage at ${interest} points`);
  }
  await ws.api("POST", `/api/v1/leads/${lead.id}/adjustments`, { points: -1, reason: "back" });
  const fallen = await scored(ws, email);
  assert.deepEqual([fallen.score, fallen.stage, fallen.below_threshold], [49, "mql", true]);
});

test("points for who they are never hand a lead over", async () => {
  const ws = await server.newWorkspace();
  await ws.tune((text) => targets(text).replace("target_regions = []", 'target_regions = ["DE"]'));
  const traits = { title: "CEO", country: "Germany", company: { employees: 500, industry: "software" } };
  const { id, email } = await person(ws, traits);
  const bought = await scored(ws, email);
  assert.deepEqual([bought.score, bought.stage], [55, "contact"]);
  await ws.page({ userId: id }, "/blog");
  assert.equal((await scored(ws, email)).stage, "mql");
});

test("caps and repeat limits take back what is too much, in lines of their own", async () => {
  const ws = await server.newWorkspace();
  const { id, email } = await person(ws, {});
  for (let i = 0; i < 12; ++i) {
    await ws.track(id, "Email Opened", { email_id: `m${i}` });
    await ws.track(id, "Email Opened", { email_id: `m${i}` });
  }
  for (let i = 0; i < 4; ++i) await ws.page({ userId: id }, "/pricing");
  const lead = await scored(ws, email);
  assert.equal(lead.interest, 10 + 45);
  const caps = lead.ledger.filter((line) => line.kind === "cap");
  assert.deepEqual(
    caps.map((line) => `${line.rule} ${line.points}`).sort(),
    ["Email open -2", "Pricing page visit -15"],
  );
});

// The same leads on every run.
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("every ledger sums to its score, also with decay, windows and groups", async () => {
  const ws = await server.newWorkspace();
  const pick = random(20260115);
  const titles = ["CEO", "VP Sales", "Director", "Manager", "Student", "Engineer", ""];
  const events = ["Demo Requested", "Webinar Attended", "White Paper Downloaded", "Email Opened",
    "Email Link Clicked", "Unsubscribed", "Form Submitted", "Own Thing"];
  const batch = [];
  for (let i = 0; i < 60; ++i) {
    const userId = `u${i}`;
    const email = pick(4) ? `u${i}@company.example` : `u${i}@gmail.com`;
    const traits = { email, title: titles[pick(7)], company: { employees: pick(400) } };
    batch.push({ type: "identify", userId, traits });
    for (let left = pick(12); left > 0; --left) {
      const timestamp = new Date(Date.now() - pick(200 * 86_400_000)).toISOString();
      const path = pick(2) ? "/pricing" : "/about";
      const properties = { email_id: `m${pick(5)}`, path };
      batch.push(pick(3)
        ? { type: "track", userId, event: events[pick(8)], properties, timestamp }
        : { type: "page", userId, properties, timestamp });
    }
  }
  await ws.batch(batch);
  await ws.tune((text) => {
    let tuned = rule(text, "Demo request", { points: 25.5, cap: 30 });
    tuned = rule(tuned, "Webinar attendance", { half_life: "30 days" });
    tuned = rule(tuned, "Email open", { window: "60 days", group: "mail" });
    return tuned.replace("[[scoring.rule]]", '[[scoring.group]]\nname = "mail"\ncap = 2\n\n$&');
  });
  const leads = await ws.leads();
  assert.equal(leads.length, 60);
  const seen = new Set();
  for (const lead of leads) {
    const { ledger, score } = await ws.score(lead.id);
    for (const line of ledger) seen.add(line.kind + (Number.isInteger(line.points) ? "" : "~"));
    // The list was made a moment before: an hour step may lie between, never a different sum.
    assert.ok(Math.abs(score - lead.score) < 1, `${lead.id}: ${score} and ${lead.score}`);
  }
  for (const kind of ["rule", "cap", "rule~"]) assert.ok(seen.has(kind), `no line is a ${kind}`);
  const ranked = leads.map((lead) => lead.score);
  assert.deepEqual(ranked, ranked.toSorted((a, b) => b - a), "ranked by score");
});

test("what is said to bring a lead to 50 does what is said", async () => {
  const ws = await server.newWorkspace();
  const traits = { title: "VP Sales", company: { employees: 300 } };
  const first = await scored(ws, (await person(ws, traits)).email);
  assert.deepEqual([first.score, first.stage], [30, "contact"]);
  const actions = first.to_threshold.filter((step) => !step.action.startsWith("learn "));
  const demo = actions.find((step) => step.action === "Demo Requested");
  assert.deepEqual([demo.points, demo.score_after, demo.reaches_threshold], [25, 55, true]);
  assert.ok(actions.length >= 5);
  const points = first.to_threshold.map((step) => step.points);
  assert.deepEqual(points, points.toSorted((a, b) => b - a), "the strongest first");
  for (const step of actions) {
    const { id, email } = await person(ws, traits);
    if (step.action === "Pricing Viewed") await ws.page({ userId: id }, "/pricing");
    else await ws.track(id, step.action);
    const then = await scored(ws, email);
    assert.equal(then.score, step.score_after, step.action);
    assert.equal(then.stage === "mql", step.reaches_threshold, step.action);
  }
  const learn = first.to_threshold.filter((step) => step.action.startsWith("learn "));
  assert.ok(learn.every((step) => step.also_needed !== null), "facts alone hand nobody over");
});

test("a manual adjustment has an author, and a retried one counts once", async () => {
  const ws = await server.newWorkspace();
  const { email } = await person(ws, {});
  const { id } = await ws.lead(email);
  const adjust = (body, headers) =>
    ws.api("POST", `/api/v1/leads/${id}/adjustments`, body, { headers });
  const body = { points: 7, reason: "Met at the fair" };
  const [one, two] = [await adjust(body, { "Idempotency-Key": "k1" }),
    await adjust(body, { "Idempotency-Key": "k1" })];
  assert.deepEqual([one.status, two.status], [201, 201]);
  assert.deepEqual(two.json(), one.json(), "the first answer is given again");
  assert.equal((await ws.score(id)).score, 7);

  const other = await adjust({ points: 9, reason: "Met at the fair" }, { "Idempotency-Key": "k1" });
  assert.equal(other.status, 422, other.text);
  assert.equal((await ws.score(id)).score, 7);

  assert.equal((await adjust(body, { "Idempotency-Key": "k2" })).status, 201);
  assert.equal((await adjust({ points: -3, reason: "a doubt" })).status, 201);
  const { ledger } = await ws.score(id);
  assert.equal(sum(ledger), micro(11));
  const lines = ledger.map((line) => [line.kind, line.points, line.note, line.event]);
  assert.deepEqual(lines.slice(-1)[0], ["manual", -3, "a doubt", "Score Adjusted"]);
  assert.ok(ledger.every((line) => /^key \d+$/.test(line.author)), JSON.stringify(ledger));
  const told = (await ws.timeline(id)).filter((entry) => entry.type === "adjustment");
  assert.deepEqual(told.map((entry) => entry.properties.points), [-3, 7, 7]);
});

test("an adjustment by somebody signed in carries that person", async () => {
  const ws = await server.newWorkspace();
  const { email } = await person(ws, {});
  const { id } = await ws.lead(email);
  const signed_in = await server.send({
    method: "POST",
    path: "/api/v1/sign-in",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: ws.keys.email, password }),
  });
  assert.equal(signed_in.status, 200, signed_in.text);
  const made = await server.send({
    method: "POST",
    path: `/api/v1/leads/${id}/adjustments`,
    headers: {
      Cookie: signed_in.headers["set-cookie"][0].split(";")[0],
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ points: 4, reason: "by hand" }),
  });
  assert.equal(made.status, 201, made.text);
  const user = signed_in.json().user.id.replace("_", " ");
  assert.equal((await ws.score(id)).ledger[0].author, user);
});
