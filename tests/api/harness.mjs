// The real server in a directory of its own, and what the tests do with it. Everything is bounded in
// time and cleaned up, also when a test fails.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Workspace } from "./workspace.mjs";
import { send } from "./http.mjs";

export const galena_bin = path.resolve(
  process.env.GALENA_BIN ?? fileURLToPath(new URL("../../build/galena", import.meta.url)),
);
export const password = "correct horse battery staple";

const started = new Set(); // processes
const made = new Set(); // directories
process.on("exit", () => {
  for (const child of started) child.kill("SIGKILL");
  for (const directory of made) fs.rmSync(directory, { recursive: true, force: true });
});
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(1));

export function makeDirectory() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "galena-"));
  made.add(directory);
  return directory;
}

// Runs a command to its end: { code, stdout, stderr }.
export function run(command, args, { input = "", timeout_ms = 60_000, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const options = {
      timeout: timeout_ms,
      killSignal: "SIGKILL",
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, GALENA_DATA: "", GALENA_LISTEN: "", ...env },
    };
    for (const name of Object.keys(options.env)) {
      if (options.env[name] === "") delete options.env[name];
    }
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      started.delete(child);
      const killed = error !== null && typeof error.code !== "number";
      if (killed) return reject(new Error(`${command} ${args.join(" ")}: ${error.message}`));
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
    started.add(child);
    child.stdin.on("error", () => {}); // it ended without reading
    child.stdin.end(input);
  });
}

export const galena = (args, options) => run(galena_bin, args, options);

// Waits until `condition` gives something true, and gives that.
export async function waitFor(what, condition, timeout_ms = 30_000) {
  const deadline = Date.now() + timeout_ms;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeout_ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const unique = (() => {
  let count = 0;
  return (word) => `${word}-${process.pid}-${++count}`;
})();

// Makes a workspace in a data directory, whether or not a server has it open.
export async function init(data, { email = `${unique("owner")}@acme.example`, name } = {}) {
  const args = ["init", "--data", data, "--email", email, "--password-stdin", "--format", "json"];
  if (name !== undefined) args.push("--name", name);
  const done = await galena(args, { input: `${password}\n` });
  assert.equal(done.code, 0, done.stderr);
  const keys = JSON.parse(done.stdout);
  return { ...keys, email };
}

export class Galena {
  // A server with one workspace. `data`: a directory to use instead of a new one; `wrapper`: words
  // that stand before the command (strace …); `args`: more for `serve`.
  static async start({ data, wrapper = [], args = [], with_workspace = true } = {}) {
    const server = new Galena();
    server.dir = data ?? path.join(makeDirectory(), "data");
    server.wrapper = wrapper;
    server.args = args;
    if (with_workspace) server.keys = await init(server.dir);
    await server.serve();
    return server;
  }

  async serve() {
    const words = [
      ...this.wrapper,
      ...[galena_bin, "serve", "--data", this.dir, "--listen", "127.0.0.1:0", ...this.args],
    ];
    this.output = "";
    this.child = spawn(words[0], words.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
    const child = this.child;
    started.add(child);
    this.ended = new Promise((resolve) => {
      child.on("exit", (code, signal) => {
        started.delete(child);
        resolve({ code, signal });
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes) => {
        this.output += bytes;
      });
    }
    const listening = /on (http:\/\/\S+)/;
    await waitFor(`the server to listen`, () => {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${this.output}`);
      return listening.test(this.output);
    });
    this.url = this.output.match(listening)[1];
    if (this.keys) this.workspace = new Workspace(this, this.keys);
  }

  // The process of the server itself, below a wrapper.
  get pid() {
    if (this.wrapper.length === 0) return this.child.pid;
    const children = `/proc/${this.child.pid}/task/${this.child.pid}/children`;
    return Number(fs.readFileSync(children, "utf8").trim().split(" ")[0]);
  }

  async waitForEnd(timeout_ms) {
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve(undefined), timeout_ms);
    });
    const end = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    return end;
  }

  // Ends the server as an administrator does, and insists that it ends well.
  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    process.kill(this.pid, "SIGTERM");
    const end = await this.waitForEnd(30_000);
    if (end === undefined) this.child.kill("SIGKILL");
    assert.deepEqual(end, { code: 0, signal: null }, `a bad end:\n${this.output}`);
  }

  async kill9() {
    process.kill(this.pid, "SIGKILL");
    assert.ok(await this.waitForEnd(30_000), "the server outlived SIGKILL");
  }

  async restart() {
    await this.stop();
    await this.serve();
  }

  // Stops the server if it runs and removes its directory: for `after`.
  async close() {
    try {
      await this.stop();
    } finally {
      const parent = path.dirname(this.dir);
      const own = made.has(parent) ? parent : this.dir;
      fs.rmSync(own, { recursive: true, force: true });
      made.delete(own);
    }
  }

  send(options) {
    return send(this.url, options);
  }

  // The figures of /metrics by name.
  async metrics() {
    const answer = await this.send({ path: "/metrics" });
    assert.equal(answer.status, 200, answer.text);
    const lines = answer.text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").pop())]),
    );
  }

  // A REST request with the first workspace's API key.
  api(method, target, body, options) {
    return this.workspace.api(method, target, body, options);
  }

  get writeKey() {
    return this.keys.write_key;
  }
  get browserKey() {
    return this.keys.browser_key;
  }
  get apiKey() {
    return this.keys.api_key;
  }

  async newWorkspace(options) {
    return new Workspace(this, await init(this.dir, options));
  }

  // A command on this server's data.
  cli(args, options) {
    return galena([...args, "--data", this.dir], options);
  }
}
