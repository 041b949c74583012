// A stand-in for Galena while working on the screens: serves dist/ with the server's headers, and
// made-up answers. `npm run build && npm run mock`, then sign in with any address and password.
//   PORT=8090   EMPTY=1 for a workspace without leads   DELAY=300 ms before each answer
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { ago, people, scoreOf, stagesOf, timelineOf } from "./people.mjs";

const dist = join(import.meta.dirname, "..", "dist");
const port = Number(process.env.PORT ?? 8090);
const everybody = process.env.EMPTY ? [] : people;
const adjustments = new Map();
const session = {
  user: { id: "user_1", email: "ada@acme.example", role: "owner" },
  workspace: { id: "ws_1", name: "Acme" },
};
const stages = ["contact", "lead", "trial", "mql", "sal", "sql", "opportunity", "customer"];
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

const problem = (status, title, detail, errors) => ({
  status,
  body: { type: "about:blank", title, status, detail, errors },
});
const ok = (body, status = 200, headers = {}) => ({ status, body, headers });

function page(all, query, total) {
  const from = Number(query.get("cursor") ?? 0);
  const to = from + Number(query.get("limit") ?? 50);
  const more = to < all.length;
  return ok({
    data: all.slice(from, to),
    next_cursor: more ? String(to) : null,
    has_more: more,
    ...(total && { total: all.length }),
  });
}

function leads(query) {
  const fits = (lead) =>
    (query.get("include") === "visitors" || !lead.visitor) &&
    (!query.get("stage") || lead.stage === query.get("stage")) &&
    (!query.get("email") || lead.email === query.get("email").toLowerCase());
  return page(everybody.filter(fits), query, true);
}

function aboutLead([id, part], method, query, body) {
  const lead = everybody.find((one) => one.id === id);
  if (!lead) return problem(404, "Not found", `There is no lead ${id}.`);
  const own = adjustments.get(id) ?? [];
  const now = scoreOf(lead, own);
  if (!part) return ok({ ...lead, score: now.score, interest: now.interest });
  if (part === "score") return ok(now);
  if (part === "timeline") return page(timelineOf(lead), query);
  if (part === "stages") return ok({ data: stagesOf(lead) });
  if (part === "adjustments" && method === "POST") {
    if (body.points === 13)
      return problem(400, "The request is wrong", "One field is wrong.", [
        { pointer: "/points", detail: "must not be unlucky", code: "unlucky" },
      ]);
    adjustments.set(id, [...own, body]);
    return ok({}, 201);
  }
  return problem(404, "Not found", "No such path.");
}

function answer(method, path, query, body, cookie) {
  if (path === "/api/v1/sign-in")
    return body.password === "wrong"
      ? problem(401, "Not signed in", "The e-mail address or the password is wrong.")
      : ok(session, 200, { "Set-Cookie": "galena_session=dev; HttpOnly; SameSite=Lax; Path=/" });
  if (!cookie?.includes("galena_session=dev")) return problem(401, "Not signed in", "Sign in.");
  if (path === "/api/v1/sign-out")
    return ok(undefined, 204, { "Set-Cookie": "galena_session=; Max-Age=0; Path=/" });
  if (path === "/api/v1/session") return ok(session);
  if (path === "/api/v1/leads") return leads(query);
  if (path === "/api/v1/keys" && method === "POST")
    return ok(
      {
        id: "key_2",
        ...body,
        prefix: "gal_sk_7h2k9",
        created_at: ago(0),
        secret: "gal_sk_7h2k9d4m8s1v6x3z",
      },
      201,
    );
  if (path === "/api/v1/lifecycle")
    return ok({
      data: stages.map((name) => ({ name, when: null, on: null, by_person: false })),
    });
  if (path.startsWith("/api/v1/leads/"))
    return aboutLead(path.split("/").slice(4), method, query, body);
  return problem(404, "Not found", "No such path.");
}

async function file(path) {
  const known = /\.\w+$/.test(path) ? normalize(path) : "/index.html";
  const bytes = await readFile(join(dist, known)).catch(() => null);
  if (!bytes) return { status: 404, headers: {}, bytes: "" };
  const nonce = randomBytes(16).toString("base64");
  const html = extname(known) === ".html";
  return {
    status: 200,
    bytes: html ? bytes.toString().replaceAll("__CSP_NONCE__", nonce) : bytes,
    headers: {
      "Content-Type": types[extname(known)] ?? "application/octet-stream",
      "Content-Security-Policy": `default-src 'self'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'`,
    },
  };
}

async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (!pathname.startsWith("/api/")) {
    const { status, headers, bytes } = await file(pathname);
    return response.writeHead(status, headers).end(bytes);
  }
  const { status, body, headers } = answer(
    request.method,
    pathname,
    searchParams,
    await bodyOf(request),
    request.headers.cookie,
  );
  setTimeout(
    () => {
      const type = status < 400 ? "application/json" : "application/problem+json";
      response
        .writeHead(status, { "Content-Type": type, ...headers })
        .end(body && JSON.stringify(body));
    },
    Number(process.env.DELAY ?? 0),
  );
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}`));
