// A write that is sent again under the same Idempotency-Key happens once, and is answered the same.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { Galena, password, unique } from "./harness.mjs";
import { basic } from "./http.mjs";
import { rule } from "./workspace.mjs";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

const named = (name) => ({ headers: { "Idempotency-Key": name } });
const makeKey = (ws, body, name) => ws.api("POST", "/api/v1/keys", body, named(name));
const keys = async (ws) => (await ws.get("/api/v1/keys")).data;
const body = { kind: "server", name: "Shop" };

test("a retried key is made once; its secret is shown once", async () => {
  const ws = server.workspace;
  const name = unique("make");
  const count = (await keys(ws)).length;
  const first = await makeKey(ws, body, name);
  assert.equal(first.status, 201, first.text);
  const { secret, ...key } = first.json();
  for (const restart of [false, true]) {
    if (restart) await server.restart();
    const again = await makeKey(server.workspace, body, name);
    assert.equal(again.status, 200, again.text);
    const { note, secret: hidden, ...same } = again.json();
    assert.deepEqual(same, key);
    assert.equal(hidden, null);
    assert.match(note, /revoke this key and make another/);
    assert.equal((await keys(server.workspace)).length, count + 1);
  }
  await server.workspace.track("u", "Shopped", {}, {}, { key: secret });
  const files = fs.readdirSync(server.dir, { recursive: true }).map((file) => path.join(server.dir, file));
  for (const file of files.filter((each) => fs.statSync(each).isFile())) {
    assert.ok(!fs.readFileSync(file).includes(secret), `${file} holds the secret`);
  }
});

test("the same name for anything else is refused, and nothing is done", async () => {
  const ws = server.workspace;
  const name = unique("once");
  assert.equal((await makeKey(ws, body, name)).status, 201);
  const before = await keys(ws);
  const refused = [
    await makeKey(ws, { ...body, name: "Website" }, name),
    await makeKey(ws, { ...body, kind: "browser" }, name),
    await ws.api("DELETE", `/api/v1/keys/${before[0].id}`, undefined, named(name)),
    await ws.api("PUT", "/api/v1/playbook", (await ws.playbook()).text, named(name)),
  ];
  await ws.identify("ann", { email: "ann@a.example" });
  const { id } = await ws.lead("ann@a.example");
  const adjustment = { points: 5, reason: "x" };
  const adjust = (key) => ws.api("POST", `/api/v1/leads/${id}/adjustments`, adjustment, named(key));
  refused.push(await adjust(name));
  const logged = unique("logged");
  assert.equal((await adjust(logged)).status, 201);
  refused.push(await makeKey(ws, body, logged));
  for (const answer of refused) {
    assert.equal(answer.status, 422, answer.text);
    assert.match(answer.json().type, /key_reused$/);
  }
  assert.deepEqual(await keys(ws), before);
  const long = await makeKey(ws, body, "x".repeat(256));
  assert.equal(long.status, 400, long.text);
  assert.equal((await makeKey(ws, body, "x".repeat(255))).status, 201);
});

test("names of others never clash", async () => {
  const ws = server.workspace;
  const other = await server.newWorkspace();
  const name = unique("shared");
  const made = await makeKey(ws, { kind: "api", name: "Second" }, name);
  assert.equal(made.status, 201, made.text);
  assert.equal((await makeKey(other, body, name)).status, 201, "another workspace");
  const second = await ws.api("POST", "/api/v1/keys", body, { key: made.json().secret, ...named(name) });
  assert.equal(second.status, 201, "another key of the same workspace");
  const signed_in = await server.send({
    method: "POST",
    path: "/api/v1/sign-in",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: server.keys.email, password }),
  });
  const Cookie = signed_in.headers["set-cookie"][0].split(";")[0];
  const by_user = await server.send({
    method: "POST",
    path: "/api/v1/keys",
    headers: { Cookie, "Content-Type": "application/json", "Idempotency-Key": name },
    body: JSON.stringify(body),
  });
  assert.equal(by_user.status, 201, "a user");
  const ids = [made, second, by_user].map((answer) => answer.json().id);
  assert.equal(new Set(ids).size, 3);
});

test("many at once make one", async () => {
  const ws = server.workspace;
  const name = unique("race");
  const answers = await Promise.all(Array.from({ length: 12 }, () => makeKey(ws, body, name)));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(11).fill(200), 201]);
  assert.equal(new Set(answers.map((answer) => answer.json().id)).size, 1);
});

test("a retried revocation is answered the same", async () => {
  const ws = server.workspace;
  const { id, secret } = (await makeKey(ws, body, unique("short"))).json();
  const revoke = (key, name) => ws.api("DELETE", `/api/v1/keys/${key}`, undefined, named(name));
  const name = unique("revoke");
  for (let i = 0; i < 2; ++i) assert.equal((await revoke(id, name)).status, 204);
  await server.restart();
  assert.equal((await revoke(id, name)).status, 204);
  assert.equal((await revoke(id, unique("late"))).status, 404, "another request finds none");
  const gone = await server.send({
    method: "POST",
    path: "/v1/track",
    headers: { Authorization: basic(secret) },
    body: JSON.stringify({ userId: "u", event: "x" }),
  });
  assert.equal(gone.status, 401);
  const unknown = unique("unknown");
  assert.equal((await revoke("key_99999", unknown)).status, 404);
  assert.equal((await makeKey(ws, body, unknown)).status, 201, "what did nothing used no name up");
});

const demos = (text) => rule(text, "Demo request", { points: 55, cap: 55 });

test("a retried playbook reports what the first one changed", async () => {
  const ws = await server.newWorkspace();
  for (const user of ["ann", "bob"]) {
    await ws.identify(user, { email: `${user}@a.example` });
    await ws.track(user, "Demo Requested");
  }
  const { text, etag } = await ws.playbook();
  const put = (change, name, headers = {}) =>
    ws.api("PUT", "/api/v1/playbook", change, {
      headers: { "Idempotency-Key": name, ...headers },
    });
  const first = await put(demos(text), "spring", { "If-Match": etag });
  assert.deepEqual(first.json(), {
    version: 2,
    leads_changed: 2,
    stage_changes: [{ from: "lead", to: "mql", count: 2 }],
  });
  const same = async (answer) => {
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json(), first.json());
    assert.equal(answer.headers.etag, first.headers.etag);
  };
  await same(await put(demos(text), "spring", { "If-Match": etag }));
  assert.equal((await put(text, "back")).json().version, 3);
  await same(await put(demos(text), "spring"));
  assert.equal((await ws.playbook()).text, text, "it does not happen again");
  await server.restart();
  await same(await put(demos(text), "spring"));
  assert.equal((await put(text, "spring")).status, 422);

  // A part of a playbook is the same request, whatever the live one has become since.
  const part = '[icp]\ntarget_industries = ["Software"]\n';
  const told = await put(part, "part");
  await ws.tune((live) => live.replace("threshold = 50", "threshold = 60"));
  const again = await put(part, "part");
  assert.deepEqual([again.status, again.json()], [200, told.json()]);
});

test("a retried playbook that changed nothing does not undo what came since", async () => {
  const ws = await server.newWorkspace();
  const { text } = await ws.playbook();
  const put = () => ws.api("PUT", "/api/v1/playbook", text, named("nothing"));
  const first = await put();
  assert.deepEqual(first.json(), { version: 1, leads_changed: 0, stage_changes: [] });
  await ws.tune(demos);
  const again = await put();
  assert.deepEqual([again.status, again.json()], [200, first.json()]);
  assert.equal((await ws.playbook()).text, demos(text));
});

test("of two changes at once of the same version one is told", async () => {
  const ws = await server.newWorkspace();
  const { text, etag } = await ws.playbook();
  const points = [2, 3, 4, 5, 6, 7];
  const answers = await Promise.all(
    points.map((each) =>
      ws.api("PUT", "/api/v1/playbook", rule(text, "Email open", { points: each }), {
        headers: { "If-Match": etag },
      }),
    ),
  );
  const statuses = answers.map((answer) => answer.status).sort();
  assert.deepEqual(statuses, [200, ...Array(points.length - 1).fill(412)]);
});
