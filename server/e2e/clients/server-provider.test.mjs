// An application on a server: @openfeature/server-sdk with @openfeature/ofrep-provider.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { configure, createFlag, sdkKey, url } from "./flagd.mjs";
import { codeDefaultFlags, createFlags, flags } from "./flags.mjs";

const context = { targetingKey: "user-1" };
let client;

before(async () => {
  await createFlags();
  client = await clientWith(await sdkKey("server"));
});

after(() => OpenFeature.close());

async function clientWith(key) {
  const headers = { Authorization: `Bearer ${key}` };
  await OpenFeature.setProviderAndWait(key, new OFREPProvider({ baseUrl: url, headers }));
  return OpenFeature.getClient(key);
}

for (const [key, { read }] of Object.entries(flags)) {
  test(`reads ${key}`, async () => {
    const details = await client[`get${read.kind}Details`](key, read.codeDefault, context);
    assert.equal(details.errorCode, undefined, details.errorMessage);
    assert.deepEqual(details.value, read.value);
    assert.equal(details.variant, read.variant);
    assert.equal(details.flagMetadata.detail, read.detail);
    if (read.reason) {
      assert.equal(details.reason, read.reason);
    }
  });
}

test("sees a change with the next evaluation", async () => {
  await configure("dark-mode", { enabled: false });
  assert.equal(await client.getBooleanValue("dark-mode", true, context), false);
});

// This provider takes a success without value for a malformed answer, and says GENERAL.
for (const key of Object.keys(codeDefaultFlags)) {
  test(`gets its code default from ${key}`, async () => {
    assert.equal(await client.getBooleanValue(key, true, context), true);
    assert.equal(await client.getBooleanValue(key, false, context), false);
  });
}

test("is told that a flag does not exist", async () => {
  const details = await client.getBooleanDetails("no-such-flag", true, context);
  assert.equal(details.value, true);
  assert.equal(details.reason, "ERROR");
  assert.equal(details.errorCode, "FLAG_NOT_FOUND");
});

test("is told that a flag has another type", async () => {
  const details = await client.getBooleanDetails("theme", true, context);
  assert.equal(details.value, true);
  assert.equal(details.errorCode, "TYPE_MISMATCH");
});

test("gets its code default with a key that is wrong", async () => {
  const stranger = await clientWith("not-a-key");
  const details = await stranger.getBooleanDetails("dark-mode", true, context);
  assert.equal(details.value, true);
  assert.equal(details.reason, "ERROR");
});
