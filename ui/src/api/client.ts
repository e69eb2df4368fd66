import createClient, { type Middleware } from "openapi-fetch";
import { parseJSON, writeJSON } from "../domain/exactJSON";
import { isProblem, ProblemError } from "./problem";
import type { paths } from "./schema.gen";

/** Every PATCH of the API is a merge patch (RFC 7396). */
const mergePatch: Middleware = {
  onRequest({ request }) {
    if (request.method === "PATCH") {
      request.headers.set("Content-Type", "application/merge-patch+json");
    }
    return request;
  },
};

/** fetchExactly keeps the digits of the numbers in an answer. */
async function fetchExactly(request: Request): Promise<Response> {
  const response = await fetch(request);
  if (!response.ok || response.status === 204 || !response.headers.get("Content-Type")?.includes("json")) {
    return response;
  }
  const text = await response.text();
  const exact = new Response(text, response);
  // If an answer has no length, openapi-fetch would parse the text itself.
  exact.headers.set("Content-Length", String(text.length));
  exact.json = () => Promise.resolve(parseJSON(text));
  return exact;
}

export const api = createClient<paths>({
  baseUrl: "/api/v1",
  fetch: fetchExactly,
  bodySerializer: (body) => writeJSON(body),
});
api.use(mergePatch);

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** answer gives the body of a successful request; every other outcome throws a ProblemError. */
export async function answer<T>(request: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await request;
  } catch (cause) {
    throw new ProblemError({
      type: "about:blank",
      title: "The server cannot be reached",
      status: 0,
      detail: `The request got no answer (${String(cause)}). Check that flagd runs and try again.`,
    });
  }
  if (!outcome.response.ok) {
    throw new ProblemError(isProblem(outcome.error) ? outcome.error : withoutProblem(outcome.response));
  }
  return outcome.data as T;
}

function withoutProblem(response: Response) {
  return {
    type: "about:blank",
    title: response.statusText || "The request failed",
    status: response.status,
    detail: `The server answered ${response.status} without saying why. A proxy between here and flagd may have done so.`,
  };
}

export interface WriteOptions {
  /** The version that the change was made on; without it the current one is changed. */
  version?: number | undefined;
  /** Why the change is made. */
  reason?: string | undefined;
}

/** writeHeaders makes the request headers of a write. */
export function writeHeaders({ version, reason }: WriteOptions) {
  return {
    ...(version === undefined ? {} : { "If-Match": `"${version}"` }),
    ...(reason?.trim() ? { "Tidegate-Reason": headerText(reason) } : {}),
  };
}

/**
 * headerText writes text as the bytes of its UTF-8 form, one character each: fetch refuses header values beyond
 * Latin-1, and the server reads UTF-8.
 */
export function headerText(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return String.fromCharCode(...new TextEncoder().encode(line));
}
