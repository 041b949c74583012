// What can go wrong with a call, as one kind of error that the screens know how to show.
import type { components } from "./schema";

type ProblemBody = components["schemas"]["Problem"];

export class Problem extends Error {
  readonly status: number; // 0: no answer came
  readonly title: string;
  readonly detail: string;
  readonly fields: ReadonlyMap<string, string>; // pointer → what is wrong there

  constructor(status: number, body: Partial<ProblemBody>) {
    super(body.detail ?? body.title ?? `status ${status}`);
    this.name = "Problem";
    this.status = status;
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.fields = new Map((body.errors ?? []).map((error) => [error.pointer, error.detail]));
  }
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, {});
}

// Worth asking again: nobody answered, or the server said "not now".
export function isPassing(error: unknown): boolean {
  const { status } = asProblem(error);
  return status === 0 || status === 502 || status === 503 || status === 504;
}
