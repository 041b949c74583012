// Whatever is sent: a clear error that names the place, never a failure of the server, and nothing of
// the good messages beside it is lost.
import assert from "node:assert/strict";
import net from "node:net";
import { after, afterEach, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { Galena, unique } from "./harness.mjs";
import { basic } from "./http.mjs";

let server, ws;
before(async () => {
  server = await Galena.start();
  ws = server.workspace;
  await ws.identify("grace", { email: "grace@good.example" });
});
after(() => server?.close());

const good = (messageId = unique("good")) => ({
  type: "track",
  userId: "grace",
  event: "Good Thing",
  messageId,
});

// After every test the server still takes what is right.
afterEach(async () => {
  assert.equal((await server.send({ path: "/livez" })).status, 200);
  const { type, ...message } = good();
  await ws.taken("/v1/track", message);
  const ids = await messageIds("grace@good.example");
  assert.ok(ids.has(message.messageId), "a good message is taken and shown");
});

// The answer is a refusal that says what is wrong; gives it.
function assertRefused(answer, statuses = [400]) {
  assert.ok(statuses.includes(answer.status), `${answer.status}: ${answer.text.slice(0, 500)}`);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  const problem = answer.json();
  assert.equal(problem.status, answer.status);
  assert.ok(problem.detail.length > 10, answer.text);
  assert.ok(answer.text.length < 3000, "an error does not give back what was sent");
  return problem;
}

const messageIds = async (email) => {
  const { id } = await ws.lead(email);
  return new Set((await ws.timeline(id)).map((entry) => entry.message_id));
};

// One bad item among good ones: only it is refused, by its place, plainly and with `strict`.
async function assertOnlyItRefused(item, pointer) {
  const text = typeof item === "string" ? item : JSON.stringify(item);
  const [one, two] = [good(), good()];
  const body = Buffer.concat([
    Buffer.from(`{"batch":[${JSON.stringify(one)},`),
    Buffer.isBuffer(item) ? item : Buffer.from(text),
    Buffer.from(`,${JSON.stringify(two)}]}`),
  ]);
  const answer = await ws.event("/v1/batch", body);
  assert.equal(answer.status, 200, answer.text);
  const { refused } = answer.json();
  assert.equal(refused?.length, 1, answer.text);
  assert.equal(refused[0].index, 1);
  assert.equal(refused[0].pointer, `/batch/1${pointer}`);
  assert.ok(refused[0].detail.length > 3);
  const ids = await messageIds("grace@good.example");
  for (const { messageId } of [one, two]) assert.ok(ids.has(messageId), "a good one is lost");

  const strict = await ws.event("/v1/batch?strict=1", body);
  assert.equal(strict.status, 207, strict.text);
  const { results } = strict.json();
  assert.deepEqual(results.map((result) => result.status), [200, 400, 200]);
  assert.deepEqual(results.map((result) => result.message_id), [one.messageId, null, two.messageId]);
  assert.equal(results[1].pointer, `/batch/1${pointer}`);
}

test("malformed JSON", async () => {
  const texts = ["", " ", "{", "[", "}", "nul", '"', "{'userId':'u'}", '{"userId":}', '{"userId":"u",}',
    '{"userId":"u"} x', '{"userId":"u"}{"userId":"v"}', '{"userId" "u"}', '{userId:"u"}',
    '{"userId":"u\n"}', '{"userId":"\\x"}', '{"userId":"\\u12"}', '{"a":NaN}', '{"a":01}', '{"a":+1}',
    '{"a":1e}', '{"a":1e999}', '{"a":tru}', "\u0000", '{"userId":"u\u0000"}', "<xml/>", "a=b&c=d",
    '{"batch":[{"type":"track","userId":"u","event":"x"}', '{"batch":[{},}', "[]", "null", "1", '"x"'];
  for (const path of ["/v1/track", "/v1/batch", "/v1/identify"]) {
    for (const text of texts) {
      const answer = await ws.event(path, text);
      assertRefused(answer);
      const lead = await ws.event(path, `\ufeff${text}`);
      assertRefused(lead);
    }
  }
});

// What is wrong with a message, and where that is.
const wrong = [
  [{ userId: {} }, "/userId"],
  [{ userId: [] }, "/userId"],
  [{ userId: true }, "/userId"],
  [{ userId: "x".repeat(501) }, "/userId"],
  [{ userId: "ü".repeat(300) }, "/userId"],
  [{ userId: "", anonymousId: "" }, "/userId"],
  [{ userId: null }, "/userId"],
  [{ userId: "  " }, "/userId"],
  [{ anonymousId: {} }, "/anonymousId"],
  [{ anonymousId: "x".repeat(20_000) }, "/anonymousId"],
  [{ messageId: {} }, "/messageId"],
  [{ messageId: "m".repeat(501) }, "/messageId"],
  [{ event: undefined }, "/event"],
  [{ event: "" }, "/event"],
  [{ event: "   " }, "/event"],
  [{ event: 5 }, "/event"],
  [{ event: { name: "x" } }, "/event"],
  [{ event: "e".repeat(501) }, "/event"],
  [{ properties: [] }, "/properties"],
  [{ properties: "x" }, "/properties"],
  [{ traits: 7 }, "/traits"],
  [{ context: "x" }, "/context"],
  [{ timestamp: 1768471200000 }, "/timestamp"],
  [{ timestamp: "yesterday" }, "/timestamp"],
  [{ timestamp: "" }, "/timestamp"],
  [{ timestamp: "2026-13-45T99:99:99Z" }, "/timestamp"],
  [{ timestamp: "2026-02-29T00:00:00Z" }, "/timestamp"],
  [{ timestamp: "+275760-09-13T00:00:00.000Z" }, "/timestamp"],
  [{ timestamp: "-000001-01-01T00:00:00Z" }, "/timestamp"],
  [{ timestamp: "1969-12-31T23:59:59Z" }, "/timestamp"],
  [{ timestamp: "0000-00-00" }, "/timestamp"],
  [{ timestamp: "9".repeat(10_000) }, "/timestamp"],
  [{ originalTimestamp: "never" }, "/originalTimestamp"],
  [{ sentAt: {} }, "/sentAt"],
];

for (const [change, pointer] of wrong) {
  test(`${JSON.stringify(change).slice(0, 60)} is refused at ${pointer}`, async () => {
    const { type, ...message } = { ...good(), ...change };
    const answer = await ws.event("/v1/track", message);
    const [error] = assertRefused(answer).errors;
    assert.equal(error.pointer, pointer);
    await assertOnlyItRefused({ ...good(), ...change }, pointer);
  });
}

test("items of a batch that are no messages", async () => {
  await assertOnlyItRefused(7, "");
  await assertOnlyItRefused("null", "");
  await assertOnlyItRefused([good()], "");
  await assertOnlyItRefused('"text, with ] and }"', "");
  await assertOnlyItRefused({ userId: "u", event: "x" }, "/type");
  await assertOnlyItRefused({ ...good(), type: "trac" }, "/type");
  await assertOnlyItRefused({ ...good(), type: ["track"] }, "/type");
  await assertOnlyItRefused({ type: "alias", userId: "u" }, "/previousId");
  for (const batch of [undefined, null, {}, "x", 1]) {
    const [error] = assertRefused(await ws.event("/v1/batch", { batch })).errors;
    assert.equal(error.pointer, "/batch");
  }
  assert.deepEqual((await ws.event("/v1/batch", { batch: [] })).json(), { success: true });
});

test("without any id the code is Segment's", async () => {
  const answer = await ws.event("/v1/batch", { batch: [{ type: "track", event: "x" }] });
  assert.equal(answer.json().refused[0].code, "no_user_anon_id");
});

test("a key twice is refused by its name, in its message alone", async () => {
  const twice = '{"type":"track","userId":"u","event":"x","userId":"v"}';
  assert.match(assertRefused(await ws.event("/v1/track", twice)).detail, /userId/);
  const deep = '{"type":"track","userId":"u","event":"x","properties":{"a":[{"b":1,"b":2}]}}';
  assert.match(assertRefused(await ws.event("/v1/track", deep)).detail, /"b"/);
  await assertOnlyItRefused(twice, "/userId");
  await assertOnlyItRefused(deep, "/properties/a/0/b");
  const escaped = '{"type":"track","userId":"u","event":"x","user\\u0049d":"v"}';
  await assertOnlyItRefused(escaped, "/userId");
  const around = `{"batch":[${JSON.stringify(good())}],"sentAt":"x","sentAt":"y"}`;
  assert.match(assertRefused(await ws.event("/v1/batch", around)).detail, /sentAt/);
  const many = Array.from({ length: 200 }, (_, i) => `"k${i}":1`).join(",");
  const late = `{"type":"track","userId":"u","event":"x","properties":{${many},"k77":2}}`;
  await assertOnlyItRefused(late, "/properties/k77");
});

test("unknown keys are kept", async () => {
  const { type, ...message } = good();
  const properties = { "": 1, "a/b": { "~": null }, __proto__x: [], ünïcode: "☃", "0": false };
  await ws.taken("/v1/track", { ...message, properties, nobody: { knows: ["this"] } });
  const lead = await ws.lead("grace@good.example");
  const entry = (await ws.timeline(lead.id)).find((e) => e.message_id === message.messageId);
  assert.deepEqual(entry.properties, properties);
});

test("broken UTF-8, lone surrogates, numbers beyond measure: refused alone", async () => {
  const text = (value) => `{"type":"track","userId":"u","event":"x","properties":{"p":${value}}}`;
  const values = [Buffer.from([0x22, 0xff, 0x22]), Buffer.from([0x22, 0xc0, 0x80, 0x22]),
    Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), Buffer.from([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]),
    '"\\ud800"', '"\\udc00\\ud800"', "1e400", "-1e400"];
  for (const value of values) {
    const [head, tail] = text("?").split("?");
    const item = Buffer.concat([Buffer.from(head), Buffer.from(value), Buffer.from(tail)]);
    assertRefused(await ws.event("/v1/track", item));
    await assertOnlyItRefused(item, "");
  }
});

test("odd but right: NUL, controls, emoji, long numbers, far dates", async () => {
  const odd = ["a\u0000b", "\u0001\u001f\u007f", "\u202e\ufeff", "👩‍👩‍👧‍👦", "' OR 1=1; --",
    "<script>alert(1)</script>", "../../etc", "${7*7}", "=cmd|' /C calc'!A0", "x".repeat(500)];
  const numbers = [0, 1e308, 5e-324, 2 ** 53, -(2 ** 63), 1e20, -1e20, 18446744073709551615n, 0.1];
  const sent = [];
  for (const value of odd) {
    const messageId = unique("odd");
    const body = { userId: value, messageId, event: value, properties: { value } };
    await ws.taken("/v1/track", body);
    sent.push([messageId, value]);
  }
  for (const value of numbers) {
    const messageId = unique("odd");
    const properties = `{"value":${String(value)}}`;
    const head = JSON.stringify({ userId: "n", messageId, event: "x" }).slice(0, -1);
    await ws.taken("/v1/track", `${head},"properties":${properties}}`);
    sent.push([messageId, Number(value)]);
  }
  const dates = ["9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2026-01-15", "2026-01-15T10:00"];
  for (const timestamp of dates) {
    const messageId = unique("odd");
    await ws.taken("/v1/track", { userId: "d", messageId, event: "x", timestamp });
    const [skewed, sentAt] = [unique("odd"), "9999-12-31T23:59:59.999Z"];
    await ws.taken("/v1/track", { userId: "d", messageId: skewed, event: "x", timestamp, sentAt });
    sent.push([messageId], [skewed]);
  }
  for (const employees of [-5, 1e300, "lots", "1,000+", "51-200", 10 ** 20, null, {}, []]) {
    await ws.identify(`e${employees}`, { company: { employees }, email: ["x"] });
  }
  const check = async () => {
    const entries = new Map();
    for (const lead of await ws.everybody()) {
      await ws.score(lead.id);
      for (const entry of await ws.timeline(lead.id)) entries.set(entry.message_id, entry);
    }
    for (const [id, value] of sent) {
      assert.ok(entries.has(id), `${id} (${value}) is not shown`);
      const { at, received_at, properties } = entries.get(id);
      assert.ok(at <= received_at && at >= "1970-01-01", at);
      if (value !== undefined) assert.equal(properties.value, value);
    }
    return entries.size;
  };
  const size = await check();
  await server.restart();
  ws = server.workspace;
  assert.equal(await check(), size, "the same after a restart");
  for (const format of ["table", "csv", "json"]) {
    const listed = await server.cli(["leads", "--visitors", "--limit", "200", "--format", format]);
    assert.equal(listed.code, 0, listed.stderr);
    const lines = format === "csv" ? listed.stdout.split("\r\n") : listed.stdout.split("\n");
    const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
    if (format === "table") assert.ok(lines.every((line) => !control.test(line)));
  }
});

test("deep nesting", async () => {
  const nested = (depth) => `${'{"a":['.repeat(depth / 2)}1${"]}".repeat(depth / 2)}`;
  const message = (depth, id) =>
    `{"type":"track","userId":"deep","event":"x","messageId":"${id}","properties":${nested(depth)}}`;
  for (const depth of [20, 30, 40, 100]) {
    const id = unique("deep");
    await ws.taken("/v1/track", message(depth, id));
    const leads = await ws.everybody();
    const lists = await Promise.all(leads.map((lead) => ws.timeline(lead.id)));
    const entry = lists.flat().find((each) => each.message_id === id);
    assert.ok(entry, `a message ${depth} deep is shown`);
    assert.equal(JSON.stringify(entry.properties), nested(depth));
  }
  for (const depth of [200, 2000, 5000]) {
    assertRefused(await ws.event("/v1/track", message(depth, unique("deep"))));
    await assertOnlyItRefused(message(depth, unique("deep")), "");
  }
  assertRefused(await ws.event("/v1/track", "[".repeat(30_000)));
  assertRefused(await ws.event("/v1/batch", '{"batch":'.repeat(50_000)));
  const api = await ws.server.send({
    method: "POST",
    path: "/api/v1/keys",
    headers: { Authorization: `Bearer ${server.apiKey}`, "Content-Type": "application/json" },
    body: "[".repeat(200_000),
  });
  assertRefused(api);
});

test("too many, too large: the limits of the Segment API", async () => {
  const many = (count) => Array.from({ length: count }, () => good());
  const small = ({ type, event }, i) => ({ type, event, userId: `s${i}`, messageId: unique("s") });
  const fits = many(2500).map(small);
  await ws.batch(fits);
  const over = many(2503).map(small);
  const answer = await ws.event("/v1/batch", { batch: over });
  assert.equal(answer.status, 200);
  assert.equal(answer.json().refused[0].index, 2500, answer.text);
  assert.equal(answer.json().refused[0].code, "too_large");
  const figures = await server.metrics();
  await ws.batch(over.slice(0, 2500));
  const later = await server.metrics();
  assert.equal(later.galena_duplicates_total - figures.galena_duplicates_total, 2500, "taken before");

  const sized = (bytes) => {
    const { type, ...message } = good();
    const padding = bytes - JSON.stringify({ ...message, properties: { p: "" } }).length;
    return JSON.stringify({ ...message, properties: { p: "x".repeat(padding) } });
  };
  assert.equal((await ws.event("/v1/track", sized(32 * 1024))).status, 200);
  assertRefused(await ws.event("/v1/track", sized(32 * 1024 + 1)));
  const item = (bytes) => `{"type":"track",${sized(bytes - '"type":"track",'.length).slice(1)}`;
  const [error] = (await ws.event("/v1/batch", `{"batch":[${item(40_000)}]}`)).json().refused;
  assert.deepEqual([error.pointer, error.code], ["/batch/0", "too_large"]);
  await assertOnlyItRefused(item(40_000), "");
  const hidden = `{"\\u0062atch":[${item(40_000)}]}`;
  assert.equal((await ws.event("/v1/batch", hidden)).json().refused[0].code, "too_large");
  const whole = await ws.event("/v1/batch", `{"batch":[${item(32 * 1024)}]}`);
  assert.deepEqual([whole.status, whole.json()], [200, { success: true }]);
  await assertOnlyItRefused(item(32 * 1024 + 1), "");

  // A request of exactly so many bytes, of messages that are each small enough.
  const batchOf = (bytes) => {
    const items = Array.from({ length: 16 }, () => item(30_000)).join(",");
    const rest = bytes - `{"batch":[${items},]}`.length;
    return `{"batch":[${items},${item(rest)}]}`;
  };
  assert.equal(Buffer.byteLength(batchOf(500 * 1024)), 500 * 1024);
  for (const path of ["/v1/batch", "/v1/import", "/v1/b"]) {
    const fits = await ws.event(path, batchOf(500 * 1024));
    assert.deepEqual([fits.status, fits.json()], [200, { success: true }]);
    assertRefused(await ws.event(path, batchOf(500 * 1024 + 1)));
  }
});

test("an id of a message may have 100 characters and more", async () => {
  await ws.taken("/v1/track", { userId: "grace", event: "x", messageId: unique("m".repeat(90)) });
  await ws.taken("/v1/track", { userId: "grace", event: "x", messageId: unique("m".repeat(400)) });
});

test("five megabytes are refused everywhere, packed or not", async () => {
  const plain = `{"userId":"u","event":"x","properties":{"p":"${"x".repeat(5_000_000)}"}}`;
  const paths = ["/v1/track", "/v1/batch", "/v1/t", "/v1/import"];
  for (const path of paths) {
    const packed = { headers: { "Content-Encoding": "gzip" } };
    assertRefused(await ws.event(path, plain));
    assertRefused(await ws.event(path, gzipSync(plain), packed));
  }
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
  const before = (await server.metrics()).process_resident_memory_bytes;
  const packed = { headers: { "Content-Encoding": "gzip" } };
  assertRefused(await ws.event("/v1/batch", bomb, packed));
  const grown = (await server.metrics()).process_resident_memory_bytes - before;
  assert.ok(grown < 100 * 1024 * 1024, `memory has grown by ${grown} bytes`);
  for (const path of ["/api/v1/keys", "/api/v1/sign-in", "/api/v1/leads/lead_1/adjustments"]) {
    const headers = { Authorization: `Bearer ${server.apiKey}`, "Content-Type": "application/json" };
    const answer = await server.send({ method: "POST", path, headers, body: plain, contract: false });
    assertRefused(answer, [413]);
  }
});

test("broken packing", async () => {
  const headers = { "Content-Encoding": "gzip" };
  const packed = gzipSync(JSON.stringify(good()));
  assertRefused(await ws.event("/v1/track", packed.subarray(0, 20), { headers }));
  assertRefused(await ws.event("/v1/track", JSON.stringify(good()), { headers }));
  const spoilt = Buffer.from(packed);
  spoilt[spoilt.length - 6] ^= 0xff;
  assertRefused(await ws.event("/v1/track", spoilt, { headers }));
  const unknown = await ws.event("/v1/track", packed, {
    headers: { "Content-Encoding": "br" },
    contract: false,
  });
  assertRefused(unknown, [415]);
  await ws.taken("/v1/track", packed, { headers });
  await ws.taken("/v1/track", packed, { headers: { "Content-Type": "application/octet-stream" } });
});

test("the REST API names what is wrong", async () => {
  const [lead] = await ws.leads();
  const adjust = `/api/v1/leads/${lead.id}/adjustments`;
  const cases = [
    [adjust, { points: 5 }, ["/reason"]],
    [adjust, { reason: "x" }, ["/points"]],
    [adjust, {}, ["/points", "/reason"]],
    [adjust, { points: "5", reason: "x" }, ["/points"]],
    [adjust, { points: 5.5, reason: "x" }, ["/points"]],
    [adjust, { points: 1e30, reason: "x" }, ["/points"]],
    [adjust, { points: 1001, reason: "x" }, ["/points"]],
    [adjust, { points: 0, reason: "x" }, ["/points"]],
    [adjust, { points: 5, reason: "" }, ["/reason"]],
    [adjust, { points: 5, reason: "x".repeat(501) }, ["/reason"]],
    [adjust, { points: 5, reason: 7 }, ["/reason"]],
    [adjust, { points: 5, reason: "x", reasons: "y" }, ["/reasons"]],
    ["/api/v1/keys", { kind: "root", name: "x" }, ["/kind"]],
    ["/api/v1/keys", { kind: "server" }, ["/name"]],
    ["/api/v1/keys", { kind: ["server"], name: {} }, ["/kind", "/name"]],
    ["/api/v1/keys", { kind: "server", name: "x", workspace: 1 }, ["/workspace"]],
    ["/api/v1/sign-in", { email: 5, password: "x" }, ["/email"]],
  ];
  for (const [path, body, pointers] of cases) {
    const { errors } = assertRefused(await ws.api("POST", path, body));
    assert.deepEqual(errors.map((error) => error.pointer).sort(), pointers, JSON.stringify(body));
  }
  const headers = { Authorization: `Bearer ${server.apiKey}`, "Content-Type": "application/json" };
  for (const body of ["{", "[]", '{"points":5,"points":6,"reason":"x"}', Buffer.from([0xff]), ""]) {
    assertRefused(await server.send({ method: "POST", path: adjust, headers, body }));
  }
  const queries = { limit: ["0", "201", "x", "-1", "1e3", "99999999999999999999"],
    cursor: ["x", ".", "1.", "1.2.3", "%00", "1.2.0g.", "1.2.00"],
    include: ["everybody"], segment: ["Nowhere"], account: ["Nowhere"], filter: ["titel=1"], search: ["x".repeat(201)],
    sort: ["scores", "-", "--score", "market", "own_action", "name,score"] };
  for (const [name, values] of Object.entries(queries)) {
    for (const value of values) {
      const answer = await ws.api("GET", `/api/v1/leads?${name}=${value}`);
      assert.equal(assertRefused(answer).errors[0].pointer, `?${name}`, value);
    }
  }
  const ids = ["lead_0", "lead_x", "lead_99999999999999999999", "lead_-1", "lead_1x", "1", "lead_"];
  for (const id of ids) {
    for (const part of ["", "/score", "/timeline", "/stages", "/segments"]) {
      assertRefused(await ws.api("GET", `/api/v1/leads/${id}${part}`), [404]);
    }
  }
  const control = { path: "/api/v1/leads/%00", headers, contract: false };
  assertRefused(await server.send(control), [400]);
  for (const path of ["/api/v1/nothing", "/api/v2/leads", "/v1/nothing", "/api/v1/leads/lead_1/x"]) {
    assertRefused(await server.send({ path, headers }), [404]);
  }
  const other = await server.send({ method: "PATCH", path: "/api/v1/leads", headers });
  assertRefused(other, [405]);
  assert.equal(other.headers.allow, "GET, HEAD");
});

// Bytes on a socket of their own; gives what came back until the other side closes or is quiet.
function raw(bytes, quiet_ms = 3000) {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(quiet_ms, () => socket.destroy());
    socket.on("data", (piece) => {
      text += piece.toString("latin1");
    });
    socket.on("error", (error) => (error.code === "ECONNRESET" ? resolve(text) : reject(error)));
    socket.on("close", () => resolve(text));
  });
}

test("requests that two readers could understand differently are refused", async () => {
  const auth = `Authorization: ${basic(server.writeKey)}\r\n`;
  const post = (headers, body) => `POST /v1/track HTTP/1.1\r\nHost: x\r\n${auth}${headers}\r\n${body}`;
  const requests = [
    post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"),
    post("Content-Length: -1\r\n", ""),
    post("Content-Length: 99999999999999999999\r\n", ""),
    post("Transfer-Encoding: gzip\r\n", ""),
    post("Transfer-Encoding: chunked\r\n", "zz\r\nhello\r\n0\r\n\r\n"),
    post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nhello"),
    post("X : y\r\n", ""),
    post("X: a\x00b\r\n", ""),
    post(`X: ${"y".repeat(100_000)}\r\n`, ""),
    "GET /livez HTTP/1.1\r\n\r\n",
    "GET  /livez HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /livez HTTP/9.9\r\nHost: x\r\n\r\n",
    "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS\r\n\r\n",
  ];
  for (const request of requests) {
    const answer = await raw(request);
    assert.match(answer, /^HTTP\/1\.1 (4\d\d|501|505) /, `${request.slice(0, 200)} -> ${answer}`);
    assert.match(answer, /problem\+json/);
  }
});
