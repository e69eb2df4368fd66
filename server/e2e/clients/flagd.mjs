// What the tests of the npm clients share: REST calls to the flagd that the Go test has started, as an admin.

/** The address of flagd. */
export const url = required("FLAGD_URL");

const project = "/api/v1/projects/default";

/** Sends body as JSON and gives the decoded answer; an answer that is no success is an error. */
async function call(method, path, body) {
  const response = await fetch(url + project + path, {
    method,
    headers: {
      Authorization: `Bearer ${required("FLAGD_TOKEN")}`,
      "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
    },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path} answered ${response.status}: ${answer}`);
  }
  return JSON.parse(answer);
}

/** Makes an SDK key for production. */
export async function sdkKey(kind) {
  const made = await call("POST", "/environments/production/sdk-keys", { name: `npm ${kind} client`, kind });
  return made.key;
}

/** Creates a flag and changes its configuration in production. */
export async function createFlag(key, flag, config) {
  await call("PUT", `/flags/${key}`, flag);
  await configure(key, config);
}

/** Changes the configuration of a flag in production. */
export async function configure(key, config) {
  await call("PATCH", `/flags/${key}/environments/production`, config);
}

/** Kills a flag in production. */
export async function killFlag(key) {
  await call("POST", `/flags/${key}/environments/production/kill`, { reason: "a test" });
}

/** Names the origins whose pages may evaluate in production; none is every origin. */
export async function allowOrigins(origins) {
  await call("PATCH", "/environments/production", { allowedOrigins: origins });
}

/** The value of an environment variable that the Go test sets. */
export function required(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set; run this through 'go test ./server/e2e'`);
  }
  return value;
}
