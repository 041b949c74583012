// Who may do what: sessions, keys, other sites' pages, other workspaces.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { routeTable } from "./contract.mjs";
import { Galena, init, password, unique } from "./harness.mjs";
import { basic, bearer } from "./http.mjs";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

const json = { "Content-Type": "application/json" };
const signIn = (email, word, headers = {}) =>
  server.send({
    method: "POST",
    path: "/api/v1/sign-in",
    headers: { ...json, ...headers },
    body: JSON.stringify({ email, password: word }),
  });

// A cookie header of somebody who has just signed in.
async function cookieOf(email) {
  const answer = await signIn(email, password);
  assert.equal(answer.status, 200, answer.text);
  return answer.headers["set-cookie"][0].split(";")[0];
}

const session = (Cookie) => server.send({ path: "/api/v1/session", headers: { Cookie } });

test("signing in and out", async () => {
  const { email } = server.keys;
  const answer = await signIn(email.toUpperCase(), password);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.json().user.email, email);
  const [cookie, ...flags] = answer.headers["set-cookie"][0].split("; ");
  assert.deepEqual(flags.sort(), ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Lax"]);
  const [name, token] = cookie.split("=");
  assert.equal(name, "galena_session");
  assert.ok(token.length >= 43, "256 random bits");
  const secure = await signIn(email, password, { "X-Forwarded-Proto": "https" });
  assert.match(secure.headers["set-cookie"][0], /; Secure/);
  assert.notEqual(secure.headers["set-cookie"][0].split(";")[0], cookie);

  assert.deepEqual((await session(cookie)).json(), answer.json());
  const leads = await server.send({ path: "/api/v1/leads", headers: { Cookie: cookie } });
  assert.equal(leads.status, 200);
  const out = await server.send({
    method: "POST",
    path: "/api/v1/sign-out",
    headers: { Cookie: cookie },
  });
  assert.equal(out.status, 204, out.text);
  assert.match(out.headers["set-cookie"][0], /^galena_session=; .*Max-Age=0/);
  assert.equal((await session(cookie)).status, 401, "the session has ended, not just the cookie");
  assert.equal((await session(`${cookie}x`)).status, 401);
});

test("a new password ends all sessions", async () => {
  const { email } = await init(server.dir);
  const cookie = await cookieOf(email);
  const set = await server.cli(["user", "reset-password", "--email", email, "--password-stdin"], {
    input: "another fine password\n",
  });
  assert.equal(set.code, 0, set.stderr);
  assert.equal((await session(cookie)).status, 401);
  assert.equal((await signIn(email, password)).status, 401);
  assert.equal((await signIn(email, "another fine password")).status, 200);
});

test("a wrong password and an unknown address are answered alike", async () => {
  const { email } = await init(server.dir);
  const wrong = await signIn(email, "not the password");
  const unknown = await signIn(`${unique("nobody")}@acme.example`, "not the password");
  assert.deepEqual([wrong.status, unknown.status], [401, 401]);
  assert.equal(wrong.text, unknown.text);
});

test("five failures, then a pause; also for tries at once and forged addresses", async () => {
  const { email } = await init(server.dir);
  for (let i = 0; i < 5; ++i) assert.equal((await signIn(email, `guess ${i}`)).status, 401);
  const forged = { "X-Forwarded-For": "198.51.100.7", Forwarded: "for=198.51.100.7" };
  for (const headers of [{}, forged]) {
    const refused = await signIn(email, password, headers);
    assert.equal(refused.status, 429, refused.text);
    assert.ok(Number(refused.headers["retry-after"]) > 0);
  }
  assert.equal((await signIn(email.toUpperCase(), password)).status, 429, "in any spelling");
  assert.equal((await signIn(server.keys.email, password)).status, 200, "nobody else is held up");

  const other = await init(server.dir);
  const guesses = Array.from({ length: 20 }, (_, i) => signIn(other.email, `guess ${i}`));
  const statuses = (await Promise.all(guesses)).map((answer) => answer.status).sort();
  assert.deepEqual(statuses, [...Array(5).fill(401), ...Array(15).fill(429)]);
});

test("a page of another site can do nothing with the cookie", async () => {
  const { email } = server.keys;
  const Cookie = await cookieOf(email);
  const host = new URL(server.url).host;
  const foreign = [
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { Origin: "http://127.0.0.1:1" },
    { Origin: `http://${host}.evil.example` },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site", Origin: `http://${host}` },
  ];
  const own = [{}, { Origin: `http://${host}` }, { "Sec-Fetch-Site": "same-origin" },
    { "Sec-Fetch-Site": "none" }];
  const { text } = await server.workspace.playbook();
  const writes = [
    ["POST", "/api/v1/keys", JSON.stringify({ kind: "browser", name: "stolen" }), json],
    ["PUT", "/api/v1/playbook", text, { "Content-Type": "application/toml" }],
    ["POST", "/api/v1/playbook/diff", text, { "Content-Type": "application/toml" }],
    ["DELETE", "/api/v1/keys/key_999", undefined, {}],
  ];
  const before = await server.workspace.get("/api/v1/keys");
  for (const [method, target, body, type] of writes) {
    for (const headers of foreign) {
      const sent = { method, path: target, headers: { Cookie, ...type, ...headers }, body };
      const refused = await server.send(sent);
      assert.equal(refused.status, 403, `${method} ${target} ${JSON.stringify(headers)}`);
    }
  }
  assert.deepEqual(await server.workspace.get("/api/v1/keys"), before);
  for (const headers of own) {
    const [method, target, body, type] = writes[2];
    const sent = { method, path: target, headers: { Cookie, ...type, ...headers }, body };
    assert.equal((await server.send(sent)).status, 200, JSON.stringify(headers));
  }
  for (const headers of foreign) {
    assert.equal((await signIn(email, password, headers)).status, 403, "nor sign anybody in");
    const out = { method: "POST", path: "/api/v1/sign-out", headers: { Cookie, ...headers } };
    assert.equal((await server.send(out)).status, 403, "nor sign them out");
  }
  assert.equal((await session(Cookie)).status, 200);
  // Without a cookie there is nothing to forge: a program with a key may say what it likes.
  const keyed = { Authorization: bearer(server.apiKey), Origin: "https://evil.example" };
  const read = await server.send({ path: "/api/v1/leads", headers: keyed });
  assert.equal(read.status, 200);
  assert.equal(read.headers["access-control-allow-origin"], undefined, "but no page may read it");
});

test("a form of another site cannot post what looks like JSON", async () => {
  const Cookie = await cookieOf(server.keys.email);
  for (const type of ["text/plain", "application/x-www-form-urlencoded", undefined]) {
    const refused = await server.send({
      method: "POST",
      path: "/api/v1/keys",
      headers: { Cookie, ...(type ? { "Content-Type": type } : {}) },
      body: JSON.stringify({ kind: "api", name: "x" }),
    });
    assert.equal(refused.status, 415, refused.text);
  }
});

const members = routeTable().filter(({ access }) => access === "member");
const filled = (target) => target.replace("{id}", target.includes("keys") ? "key_1" : "lead_1");

test("the REST API is for API keys and sessions alone", async () => {
  const keys = [server.writeKey, server.browserKey, "gal_live_no_such_key", ""];
  const credentials = [{}, { Cookie: "galena_session=x" }, { Authorization: "Bearer" }];
  for (const key of keys) {
    credentials.push({ Authorization: bearer(key) }, { Authorization: basic(key) });
  }
  for (const { method, path: target } of members) {
    for (const headers of credentials) {
      const sent = { method, path: filled(target), headers: { ...json, ...headers } };
      const answer = await server.send({ ...sent, body: method === "GET" ? undefined : "{}" });
      const what = `${method} ${target} ${JSON.stringify(headers)}`;
      assert.equal(answer.status, 401, what);
      assert.equal(answer.headers["content-type"], "application/problem+json", what);
    }
  }
});

test("the event API is for write keys alone", async () => {
  const ws = server.workspace;
  const event = { userId: "u1", event: "Demo Requested" };
  for (const key of [server.apiKey, "gal_server_no_such_key", ""]) {
    const refused = await ws.event("/v1/track", event, { key });
    assert.equal(refused.status, 401, refused.text);
  }
  const unnamed = await server.send({
    method: "POST",
    path: "/v1/track",
    headers: json,
    body: JSON.stringify(event),
  });
  assert.equal(unnamed.status, 401, unnamed.text);
  const places = [
    { headers: json, body: JSON.stringify({ ...event, writeKey: server.writeKey }) },
    { headers: { ...json, Authorization: bearer(server.writeKey) }, body: JSON.stringify(event) },
    {
      // A colon is missing, as some clients have it.
      headers: { ...json, Authorization: `Basic ${Buffer.from(server.writeKey).toString("base64")}` },
      body: JSON.stringify(event),
    },
  ];
  for (const place of places) {
    const taken = await server.send({ method: "POST", path: "/v1/track", ...place });
    assert.equal(taken.status, 200, taken.text);
  }
});

test("what the command line may do, the network may not", async () => {
  for (const target of ["init", "users", "passwords", "backup", "doctor"]) {
    for (const method of ["GET", "POST"]) {
      const headers = { ...json, Authorization: bearer(server.apiKey) };
      const answer = await server.send({ method, path: `/local/${target}`, headers });
      assert.ok([404, 405].includes(answer.status), `${target}: ${answer.status}`);
    }
  }
});

test("a revoked key stops at once and for good", async () => {
  const ws = server.workspace;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const uses = {
    server: (key) => ws.event("/v1/track", { userId: "u1", event: "x" }, { key, agent }),
    browser: (key) => ws.event("/v1/t", { userId: "u1", event: "x" }, { key, agent }),
    api: (key) => ws.api("GET", "/api/v1/leads", undefined, { key, agent }),
  };
  const revoked = [];
  for (const [kind, use] of Object.entries(uses)) {
    const made = await ws.api("POST", "/api/v1/keys", { kind, name: `A ${kind}` });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.headers["cache-control"], "no-store");
    const { id, secret, prefix } = made.json();
    assert.ok(secret.startsWith(prefix) && secret.length > prefix.length + 20);
    assert.equal((await use(secret)).status, 200);
    assert.equal((await ws.api("DELETE", `/api/v1/keys/${id}`)).status, 204);
    assert.equal((await use(secret)).status, 401, kind);
    assert.equal((await ws.api("DELETE", `/api/v1/keys/${id}`)).status, 404);
    revoked.push([use, secret, id]);
  }
  const { data } = await ws.get("/api/v1/keys");
  assert.ok(data.every((key) => !revoked.some(([, , id]) => id === key.id)));
  agent.destroy();
  await server.restart();
  for (const [, secret] of revoked) {
    const answer = await server.workspace.event("/v1/track", { userId: "u", event: "x" }, { key: secret });
    assert.equal(answer.status, 401);
  }
});

test("no secret stands in the data directory", async () => {
  const Cookie = await cookieOf(server.keys.email);
  const secrets = [server.writeKey, server.browserKey, server.apiKey, Cookie.split("=")[1], password];
  const files = fs.readdirSync(server.dir, { recursive: true });
  let looked_at = 0;
  for (const file of files) {
    const whole = path.join(server.dir, file);
    if (!fs.statSync(whole).isFile()) continue;
    const bytes = fs.readFileSync(whole);
    for (const secret of secrets) assert.ok(!bytes.includes(secret), `${file} tells a secret`);
    assert.equal(fs.statSync(whole).mode & 0o077, 0, `${file} is for its owner alone`);
    looked_at += bytes.length;
  }
  assert.ok(looked_at > 10_000);
});

test("a browser key cannot tell what only a server knows", async () => {
  const ws = await server.newWorkspace();
  const key = ws.keys.browser_key;
  await ws.identify("grace", { email: "grace@northwind.example" }, {}, { key });
  const trusted = ["Email Opened", "Email Link Clicked", "Email Bounced", "Email Delivered",
    "Email Sent", "Email Replied", "Email Marked as Spam", "Unsubscribed", "Sales Accepted",
    "Opportunity Created", "Opportunity Won", "Opportunity Lost", "Order Completed",
    "opportunity_won", "Score Adjusted"];
  for (const event of trusted) await ws.track("grace", event, { points: 500 }, {}, { key });
  const lead = await ws.lead("grace@northwind.example");
  assert.deepEqual([lead.score, lead.stage, lead.temperature], [0, "contact", "cold"]);
  const timeline = await ws.timeline(lead.id);
  const told = timeline.filter((entry) => entry.event !== "Identified");
  assert.equal(told.length, trusted.length, "they are kept");
  for (const entry of told) assert.deepEqual([entry.counted, entry.source], [false, "browser"]);
  for (const entry of told) assert.notEqual(entry.note, null);
  await ws.track("grace", "Opportunity Won");
  assert.equal((await ws.lead("grace@northwind.example")).stage, "customer");
});

test("a browser key cannot overrule a server, nor use up its message ids", async () => {
  const ws = await server.newWorkspace();
  const key = ws.keys.browser_key;
  const email = "grace@northwind.example";
  await ws.identify("grace", { email, title: "VP Sales" });
  await ws.identify("grace", { email, title: "CEO", phone: "+44 20 7946 0018" }, {}, { key });
  const lead = await ws.lead(email);
  assert.deepEqual([lead.title, lead.phone], ["VP Sales", "+44 20 7946 0018"]);
  await ws.track("grace", "Video Played", {}, { messageId: "m1" }, { key });
  await ws.track("grace", "Demo Requested", {}, { messageId: "m1" });
  assert.equal((await ws.lead(email)).interest, 25);
});

test("a workspace never sees another's data", async () => {
  const marked = unique("OTHERS");
  const theirs = await server.newWorkspace({ name: `${marked} Ltd`, email: `${marked}@a.example` });
  const ours = await server.newWorkspace();
  const fill = async (ws, mark) => {
    await ws.identify("u1", { email: "u1@a.example", firstName: mark, title: "VP Sales" });
    await ws.track("u1", `${mark} Thing`, { mark }, { messageId: "same-id" });
    await ws.page({ anonymousId: `${mark}-device` }, `/${mark}`);
  };
  await fill(theirs, marked);
  for (let i = 2; i < 6; ++i) await theirs.identify(`u${i}`, { email: `${marked}${i}@a.example` });
  await theirs.tune((text) => text.replace(/["']Demo request["']/, `"${marked} request"`));
  await theirs.api("POST", "/api/v1/keys", { kind: "api", name: marked });
  await fill(ours, "ours");

  const their_leads = await theirs.everybody();
  const their_keys = (await theirs.get("/api/v1/keys")).data;
  const cookie = await cookieOf(ours.keys.email);
  const ids = (target) =>
    target.includes("keys") ? their_keys.map((key) => key.id) : their_leads.map((lead) => lead.id);
  let asked = 0;
  for (const { method, path: target } of members) {
    if (method !== "GET") continue;
    for (const id of target.includes("{id}") ? ids(target) : [""]) {
      const tricks = [
        { Authorization: bearer(ours.keys.api_key) },
        { Authorization: bearer(ours.keys.api_key), "Galena-Workspace": theirs.keys.workspace.slice(3) },
        { Cookie: cookie },
      ];
      for (const headers of tricks) {
        const questions = target === "/api/v1/leads" ? "?include=visitors&email="
          : target.endsWith("/why") ? "?filter=exists(first_name)" : "";
        const answer = await server.send({ path: target.replace("{id}", id).replace("{name}", "MQL%20by%20score") + questions, headers });
        const what = `GET ${target} ${id} ${JSON.stringify(headers)}`;
        assert.ok([200, 401, 404].includes(answer.status), what);
        assert.ok(!answer.text.includes(marked), `${what} tells: ${answer.text}`);
        ++asked;
      }
    }
  }
  assert.ok(asked > 30);

  const lead = await ours.lead("u1@a.example");
  assert.deepEqual([lead.first_name, (await ours.timeline(lead.id)).length], ["ours", 2]);
  const beyond = their_leads.length;
  for (const part of ["", "/score", "/timeline", "/stages", "/segments"]) {
    assert.equal((await ours.api("GET", `/api/v1/leads/lead_${beyond}${part}`)).status, 404);
  }
  const adjusted = { points: 5, reason: "x" };
  const other = await ours.api("POST", `/api/v1/leads/lead_${beyond}/adjustments`, adjusted);
  assert.equal(other.status, 404);
  for (const { id } of their_keys) {
    assert.equal((await ours.api("DELETE", `/api/v1/keys/${id}`)).status, 404);
  }
  assert.deepEqual((await theirs.get("/api/v1/keys")).data, their_keys);
  assert.deepEqual(await theirs.everybody(), their_leads);
});
