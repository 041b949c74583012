// Whose address counts: the other side's, unless that is a proxy that is trusted.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Galena, galena, init, makeDirectory, unique } from "./harness.mjs";

const through = (hops) => ({ "X-Forwarded-For": hops });

// Runs `body` with a server that trusts these, closed in the end.
async function withServer(args, body) {
  const server = await Galena.start({ args });
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

// The address that the timeline shows for an event that a browser sent with these headers.
async function shownAddress(server, headers) {
  const ws = server.workspace;
  const messageId = unique("m");
  const message = { userId: "ann", messageId, event: "Clicked" };
  await ws.taken("/v1/track", message, { key: ws.keys.browser_key, headers });
  const [lead] = await ws.everybody();
  const entry = (await ws.timeline(lead.id)).find((each) => each.message_id === messageId);
  return entry.context.ip;
}

async function failSignIn(server, email, headers) {
  const answer = await server.send({
    method: "POST",
    path: "/api/v1/sign-in",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ email, password: "not the password" }),
  });
  return answer.status;
}

test("without the option the header says nothing", () =>
  withServer([], async (server) => {
    assert.equal(await shownAddress(server, through("203.0.113.7")), "127.0.0.1");
  }));

test("behind trusted proxies the client is the right-most that is none", () =>
  withServer(["--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8"], async (server) => {
    const cases = [
      ["203.0.113.7", "203.0.113.7"],
      ["198.51.100.1, 203.0.113.7", "203.0.113.7"],
      ["203.0.113.7, 10.1.2.3", "203.0.113.7"],
      ["10.1.2.3", "10.1.2.3"],
      ["2001:DB8::0:7", "2001:db8::7"],
      ["[2001:db8::7]:4711, 10.1.2.3", "2001:db8::7"],
      ["203.0.113.7, nonsense", "127.0.0.1"],
      ["", "127.0.0.1"],
    ];
    for (const [hops, expected] of cases) {
      assert.equal(await shownAddress(server, through(hops)), expected, hops);
    }
  }));

test("who fails to sign in is held up by the client's address, however it is dressed up", () =>
  withServer(["--trusted-proxy", "127.0.0.0/8,::1"], async (server) => {
    const { email } = server.keys;
    for (let i = 0; i < 5; ++i) {
      const spoofed = through(`198.51.100.${i}, 2001:db8::${i ? "" : "0:"}7`);
      assert.equal(await failSignIn(server, email, spoofed), 401);
    }
    assert.equal(await failSignIn(server, email, through("1.1.1.1, 2001:db8::7")), 429);
    assert.equal(await failSignIn(server, email, through("2001:db8::8")), 401, "another client");
  }));

test("a header from somebody who is no trusted proxy frees nobody", () =>
  withServer(["--trusted-proxy", "10.0.0.0/8"], async (server) => {
    const { email } = server.keys;
    for (let i = 0; i < 5; ++i) {
      assert.equal(await failSignIn(server, email, through(`198.51.100.${i}`)), 401);
    }
    assert.equal(await failSignIn(server, email, through("198.51.100.9")), 429);
  }));

test("the environment and the configuration file say it, too", async () => {
  const file = path.join(makeDirectory(), "galena.toml");
  fs.writeFileSync(file, '[serve]\ntrusted-proxy = ["127.0.0.1", "fd00::/8"]\n');
  const wrappers = [
    ["env", "GALENA_TRUSTED_PROXY=127.0.0.1,fd00::/8"],
    ["env", `GALENA_CONFIG=${file}`],
  ];
  for (const words of wrappers) {
    const server = await Galena.start({ wrapper: ["sh", "-c", '"$@" & wait', "sh", ...words] });
    try {
      assert.equal(await shownAddress(server, through("203.0.113.7, fd00::1")), "203.0.113.7");
    } finally {
      await server.close();
    }
  }
});

test("what is no address is refused at the start", async () => {
  const data = path.join(makeDirectory(), "data");
  await init(data);
  for (const wrong of ["proxy.example", "10.0.0.0/33", "::1/129", "10.0.0.0/8,x"]) {
    const done = await galena(["serve", "--data", data, "--trusted-proxy", wrong]);
    assert.equal(done.code, 2, wrong);
    assert.match(done.stderr, /--trusted-proxy/);
  }
});
