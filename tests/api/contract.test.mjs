// openapi.yaml, the route table and the running server say the same. (Every answer in the other
// suites is held against openapi.yaml, too; see http.mjs.)
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { complaints, openapi, operations, routeTable } from "./contract.mjs";
import { Galena } from "./harness.mjs";

let server;
before(async () => {
  server = await Galena.start();
});
after(() => server?.close());

const routes = routeTable();
const named = ({ method, path }) => `${method} ${path}`;
// The document itself is a file beside the web UI.
const document_route = "GET /openapi.json";

test("the route table and openapi.yaml have the same operations", () => {
  const served = [...routes.map(named), document_route];
  assert.equal(new Set(served).size, served.length, "no route stands there twice");
  assert.deepEqual(served.sort(), [...operations].sort());
});

test("who may use an operation is what openapi.yaml says", () => {
  const kinds = {
    open: (security) => security.length === 1 && Object.keys(security[0]).length === 0,
    write_key: (security) => security.some((each) => "writeKey" in each),
    member: (security) => security.every((each) => "apiKey" in each || "session" in each),
  };
  for (const route of routes) {
    const operation = openapi.paths[route.path][route.method.toLowerCase()];
    const security = operation.security ?? openapi.security;
    // Signing out without a session is no mistake.
    const fits = route.path === "/api/v1/sign-out" || kinds[route.access](security);
    assert.ok(fits, `${named(route)} is for ${route.access}, not ${JSON.stringify(security)}`);
  }
});

test("each path parameter stands in its path", () => {
  for (const [path, item] of Object.entries(openapi.paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const [operation] = ["get", "put", "post", "delete"].map((m) => item[m]).filter(Boolean);
    const declared = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
      .map((each) => (each.$ref ? openapi.components.parameters[each.$ref.split("/").pop()] : each))
      .filter((each) => each.in === "path")
      .map((each) => each.name);
    assert.deepEqual(declared.sort(), inPath.sort(), path);
  }
});

test("every documented operation is served", async () => {
  for (const operation of operations) {
    const [method, template] = operation.split(" ");
    const path = template.replace("{writeKey}", server.browserKey).replace("{id}", "lead_1")
      .replace("{name}", "MQL%20by%20rule");
    const answer = await server.send({ method, path });
    assert.notEqual(answer.status, 405, operation);
    const missing = answer.status === 404 && /nothing is served/.test(answer.text);
    assert.ok(!missing, `${operation} is not served`);
  }
});

test("the server gives away the document that it keeps to", async () => {
  const answer = await server.send({ path: "/openapi.json" });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json(), openapi);
});

test("GET answers HEAD, without a body", async () => {
  for (const { method, path, access } of routes) {
    if (method !== "GET" || access === "write_key") continue;
    const target = path.replace("{writeKey}", server.browserKey).replace("{id}", "lead_1")
      .replace("{name}", "MQL%20by%20rule");
    const headers = access === "member" ? { Authorization: `Bearer ${server.apiKey}` } : {};
    const full = await server.send({ path: target, headers, contract: false });
    const head = await server.send({ method: "HEAD", path: target, headers, contract: false });
    assert.deepEqual([head.status, head.text], [full.status, ""], path);
  }
});

test("the judge can say no", () => {
  const json = { "content-type": "application/json" };
  const said = (method, path, status, body, headers = json) =>
    complaints(method, path, { status, headers, text: JSON.stringify(body) });
  assert.deepEqual(said("GET", "/livez", 200, { status: "ok" }), []);
  assert.equal(said("GET", "/livez", 200, { status: "bad" }).length, 1);
  assert.equal(said("GET", "/livez", 200, {}).length, 1);
  assert.equal(said("GET", "/livez", 200, { status: "ok", more: 1 }).length, 1);
  assert.equal(said("GET", "/livez", 418, {}).length, 1);
  assert.equal(said("GET", "/livez", 200, { status: "ok" }, { "content-type": "text/html" }).length, 1);
  assert.equal(said("GET", "/api/v1/leads/lead_1", 200, { id: "lead_1" }).length > 10, true);
  assert.equal(said("GET", "/api/v1/leads", 401, {}, { "content-type": "application/problem+json" }).length, 1);
  assert.deepEqual(said("GET", "/nobody/knows", 200, {}), []);
});

test("pages of a list link to the next as their cursor says", async () => {
  const ws = server.workspace;
  const people = Array.from({ length: 7 }, (_, i) => i);
  await ws.batch(people.map((i) => ({ type: "identify", userId: `u${i}`, traits: { email: `u${i}@a.example` } })));
  const seen = [];
  let target = "/api/v1/leads?limit=3&include=visitors";
  for (let pages = 0; target !== undefined; ++pages) {
    assert.ok(pages < 4, "the list comes to its end");
    const page = await ws.api("GET", target);
    const { data, next_cursor, total } = page.json();
    assert.equal(total, 7);
    seen.push(...data.map((lead) => lead.email));
    target = /^<([^>]+)>; rel="next"$/.exec(page.headers.link ?? "")?.[1];
    assert.equal(target !== undefined, next_cursor !== null);
    if (target) assert.ok(target.includes(`cursor=${next_cursor}`) && target.includes("limit=3"));
  }
  assert.deepEqual(new Set(seen).size, 7);
  assert.equal(seen.length, 7);
});
