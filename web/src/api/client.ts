// The typed client of the REST API; types come from openapi.yaml.
import createClient from "openapi-fetch";
import { Problem } from "./problem";
import type { components, paths } from "./schema";

export type Lead = components["schemas"]["Lead"];
export type LeadList = components["schemas"]["LeadList"];
export type Score = components["schemas"]["Score"];
export type LedgerEntry = components["schemas"]["LedgerEntry"];
export type NextAction = components["schemas"]["NextAction"];
export type TimelineEntry = components["schemas"]["TimelineEntry"];
export type LifecycleStage = components["schemas"]["LifecycleStage"];
export type StageChange = components["schemas"]["StageChange"];
export type Session = components["schemas"]["Session"];

export const api = createClient<paths>({ baseUrl: window.location.origin });

// The server takes unsafe requests with a cookie only as JSON: a foreign page cannot send that.
api.use({
  onRequest({ request }) {
    if (request.method !== "GET" && !request.headers.has("Content-Type"))
      request.headers.set("Content-Type", "application/json");
    return request;
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

// Waits for an answer and gives its body, or throws a Problem.
export async function call<T>(request: Promise<Answer<T>>): Promise<T> {
  const answer = await settle(request);
  if (answer.data === undefined) throw new Problem(answer.response.status, {});
  return answer.data;
}

// The same for operations that answer without a body.
export async function perform(request: Promise<Answer<unknown>>): Promise<void> {
  await settle(request);
}

async function settle<T>(request: Promise<Answer<T>>): Promise<Answer<T>> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, {});
  }
  if (!answer.response.ok) {
    const body = answer.error;
    throw new Problem(answer.response.status, typeof body === "object" && body ? body : {});
  }
  return answer;
}

// A fresh Idempotency-Key. (crypto.randomUUID is missing on plain http.)
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
