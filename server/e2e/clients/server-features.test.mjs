// Every feature of @openfeature/ofrep-provider that needs a server to be right: headers, errors, outages, limits. flagd
// allows each key five evaluations in a second here.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { createFlag, sdkKey, url } from "./flagd.mjs";
import { openGateway } from "./gateway.mjs";

after(() => OpenFeature.close());

/** A client with a key, and so a limit, of its own. Options may be a function of the key. */
async function connect(name, options = {}) {
  const key = await sdkKey("server");
  const more = typeof options === "function" ? options(key) : options;
  await OpenFeature.setProviderAndWait(name, new OFREPProvider({ baseUrl: url, headers: { Authorization: `Bearer ${key}` }, ...more }));
  return OpenFeature.getClient(name);
}

const read = (client, flag, context = { targetingKey: "user-1" }) => client.getBooleanDetails(flag, false, context);

test("sends its key in either header, from a factory too", async () => {
  await createFlag("keyed", { type: "boolean" }, { enabled: true });
  const inHeader = await connect("api-key", (key) => ({ headers: { "X-API-Key": key } }));
  assert.equal((await read(inHeader, "keyed")).value, true);
  const made = await connect("factory", (key) => ({ headers: undefined, headersFactory: async () => ({ Authorization: `Bearer ${key}` }) }));
  assert.equal((await read(made, "keyed")).value, true);
});

test("says in headers what it is, where a flag waits for a version", async () => {
  await createFlag("waits", { type: "boolean" }, { enabled: true, availability: { service: "checkout", version: ">=2.0.0" } });
  const as = (version) => (key) => ({
    headers: { Authorization: `Bearer ${key}`, "X-Tidegate-Service": "checkout", "X-Tidegate-Version": version },
  });
  assert.equal((await read(await connect("older", as("1.9.0")), "waits")).value, false);
  assert.equal((await read(await connect("newer", as("2.0.0")), "waits")).value, true);
});

test("is told of metadata, and of a context that makes no sense", async () => {
  await createFlag("told", { type: "boolean" }, { enabled: true });
  const client = await connect("told");
  const details = await read(client, "told");
  assert.equal(typeof details.flagMetadata.version, "number");
  assert.equal(details.flagMetadata.flagSetId, "default/production");
  const refused = await read(client, "told", { targetingKey: 7 });
  assert.equal(refused.value, false);
  assert.equal(refused.errorCode, "INVALID_CONTEXT");
  assert.match(refused.errorMessage, /targetingKey must be a string/);
});

test("serves code defaults in an outage, and values after it", async (t) => {
  await createFlag("outage", { type: "boolean" }, { enabled: true });
  const network = await openGateway(url);
  t.after(() => network.close());
  const client = await connect("outage", { baseUrl: network.url });
  assert.equal((await read(client, "outage")).value, true);
  network.cut();
  const details = await read(client, "outage");
  assert.equal(details.value, false);
  assert.equal(details.reason, "ERROR");
  network.restore();
  assert.equal((await read(client, "outage")).value, true);
});

test("keeps away for as long as flagd asks, when it has asked too often", async () => {
  await createFlag("limited", { type: "boolean" }, { enabled: true });
  let requests = 0;
  const asked = [];
  const fetchImplementation = async (request) => {
    requests++;
    const response = await fetch(request);
    if (response.status !== 429) {
      return response;
    }
    asked.push(response.headers.get("Retry-After"));
    // An hour: what is seen below must not depend on how fast this machine is.
    return new Response(await response.text(), { status: 429, headers: { "Retry-After": "3600" } });
  };
  const headers = { Authorization: `Bearer ${await sdkKey("server")}` };
  const client = await connect("limited", { headers, fetchImplementation });
  const answers = await Promise.all(Array.from({ length: 100 }, () => read(client, "limited")));
  assert.ok(answers.some((details) => details.value));
  assert.ok(answers.some((details) => details.errorCode === "GENERAL"));
  assert.ok(asked.length > 0 && asked.every((seconds) => seconds === "1"), asked.join());

  const sent = requests;
  const paused = await read(client, "limited");
  assert.match(paused.errorMessage, /paused due to TooManyRequests/);
  assert.equal(requests, sent, "it asks no more");

  const patient = await connect("patient", { headers });
  while (!(await read(patient, "limited")).value) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});
