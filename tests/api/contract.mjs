// openapi.yaml as a judge: every answer of a documented operation must be one that it describes.
import assert from "node:assert/strict";
import fs from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import YAML from "yaml";

const root = new URL("../../", import.meta.url);
export const openapi = YAML.parse(fs.readFileSync(new URL("openapi.yaml", root), "utf8"), {
  maxAliasCount: -1,
});
const methods = ["get", "put", "post", "delete", "patch"];

// "GET /api/v1/leads" for everything that openapi.yaml describes.
export const operations = Object.entries(openapi.paths).flatMap(([path, item]) =>
  methods.filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${path}`),
);

// The same for everything that the server's route table serves, but for the command line's door.
export function routeTable() {
  const source = fs.readFileSync(new URL("src/server/routes.cpp", root), "utf8");
  const rows = [...source.matchAll(/^\s*Route\{(\w+), "([^"]+)", (\w+), (\w+), /gm)];
  assert.ok(rows.length > 20, "the route table of src/server/routes.cpp was not found");
  assert.equal(rows.length, source.match(/\bRoute\{/g).length, "a route was not understood");
  return rows
    .filter(([, , , access]) => access !== "local")
    .map(([, method, path, access, where]) => ({
      method: method.replace("_", "").toUpperCase(),
      path,
      access,
      where,
    }));
}

// A schema that describes the members of an object describes all of them: answers may not have
// others. Parts of an allOf are closed around the whole.
function close(schema, isPart = false) {
  if (Array.isArray(schema)) return schema.map((part) => close(part));
  if (schema === null || typeof schema !== "object") return schema;
  const closed = {};
  for (const [key, value] of Object.entries(schema)) {
    closed[key] = key === "allOf" ? value.map((part) => close(part, true)) : close(value);
  }
  const isObject = typeof schema.properties === "object" || Array.isArray(schema.allOf);
  if (isObject && !isPart && !("additionalProperties" in schema)) {
    closed.unevaluatedProperties = false;
  }
  return closed;
}

// A component that is part of an allOf elsewhere cannot be closed itself.
function closedDocument() {
  const text = JSON.stringify(openapi);
  const document = close(openapi);
  for (const name of Object.keys(openapi.components.schemas)) {
    const inAllOf = new RegExp(`"allOf":\\[[^\\]]*"#/components/schemas/${name}"`).test(text);
    if (inAllOf) delete document.components.schemas[name].unevaluatedProperties;
  }
  return document;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
ajv.addFormat("uri-reference", /^[^\s]*$/);
ajv.addSchema(closedDocument(), "galena");
const validators = new Map();

const escaped = (part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

// The value at a pointer, references followed, and the pointer where they ended.
function follow(parts) {
  let value = openapi;
  let pointer = "#";
  for (const part of parts) {
    value = value?.[part];
    pointer += `/${escaped(part)}`;
    while (typeof value?.$ref === "string") {
      pointer = value.$ref;
      value = pointer
        .slice(2)
        .split("/")
        .reduce((at, key) => at[key.replaceAll("~1", "/").replaceAll("~0", "~")], openapi);
    }
  }
  return { value, pointer };
}

export function findOperation(method, target) {
  const path = target.split("?")[0];
  const wanted = method === "HEAD" ? "get" : method.toLowerCase();
  if (openapi.paths[path]?.[wanted]) return { path, method: wanted };
  for (const [template, item] of Object.entries(openapi.paths)) {
    const pattern = template.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+");
    if (item[wanted] && new RegExp(`^${pattern}$`).test(path)) {
      return { path: template, method: wanted };
    }
  }
  return undefined;
}

// What openapi.yaml has against this answer; empty if nothing, or if it does not know the operation.
export function complaints(method, target, answer) {
  const operation = findOperation(method, target);
  if (!operation) return [];
  const said = `${method} ${operation.path} answered ${answer.status}`;
  const place = ["paths", operation.path, operation.method, "responses", String(answer.status)];
  const response = follow(place).value;
  if (!response) return [`${said}, which openapi.yaml does not name: ${answer.text}`];
  if (!response.content) return answer.text === "" ? [] : [`${said} with a body: ${answer.text}`];
  if (method === "HEAD") return [];
  const type = (answer.headers["content-type"] ?? "").split(";")[0];
  const known = Object.keys(response.content);
  if (!known.includes(type)) return [`${said} as ${type}; openapi.yaml says ${known}`];
  for (const name of ["Retry-After", "WWW-Authenticate"]) {
    const promised = response.headers?.[name] !== undefined;
    if (promised && !answer.headers[name.toLowerCase()]) return [`${said} without ${name}`];
  }
  if (!type.endsWith("json")) return [];
  const { pointer } = follow([...place, "content", type, "schema"]);
  if (!validators.has(pointer)) {
    validators.set(pointer, ajv.compile({ $ref: `galena${pointer}` }));
  }
  const validate = validators.get(pointer);
  if (validate(JSON.parse(answer.text))) return [];
  return validate.errors.map(
    (error) =>
      `${said}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)} in ` +
      answer.text.slice(0, 1000),
  );
}

export function checkAnswer(method, target, answer) {
  const found = complaints(method, target, answer);
  assert.deepEqual(found, [], found[0]);
}
