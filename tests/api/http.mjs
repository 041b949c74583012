// One HTTP request and its answer, sent as it is told: nothing added, nothing hidden, never for long.
import http from "node:http";
import { checkAnswer } from "./contract.mjs";

// `headers` is an object, or a list of [name, value] to be sent in that order and spelling.
// Gives { status, headers, text, json() }. Answers of documented operations are held against
// openapi.yaml unless `contract` is false.
export async function send(base, options) {
  const { method = "GET", path, headers = {}, body, agent, contract = true } = options;
  const answer = await exchange(base, { method, path, headers, body, agent, ...options });
  if (contract) checkAnswer(method, path, answer);
  return answer;
}

function exchange(base, { method, path, headers, body, agent, timeout_ms = 60_000 }) {
  const url = new URL(base);
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const listed = Array.isArray(headers);
  const sent = listed ? headers.flat() : { ...headers };
  if (!listed && bytes !== undefined) sent["Content-Length"] = bytes.length;
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: url.hostname,
      port: url.port,
      method,
      path,
      headers: sent,
      setHost: !listed,
      agent: agent ?? false,
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`${method} ${path}: no answer in ${timeout_ms} ms`)),
      timeout_ms,
    );
    const fail = (error) => {
      clearTimeout(timer);
      reject(error);
    };
    request.on("error", fail);
    request.on("response", (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("error", fail);
      response.on("aborted", () => fail(new Error(`${method} ${path}: the answer broke off`)));
      response.on("end", () => {
        clearTimeout(timer);
        const text = Buffer.concat(pieces).toString("utf8");
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text,
          json: () => JSON.parse(text),
        });
      });
    });
    request.end(bytes);
  });
}

export const basic = (key) => `Basic ${Buffer.from(`${key}:`).toString("base64")}`;
export const bearer = (key) => `Bearer ${key}`;
