// An application in a browser, on a page of another origin than flagd's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./application.mjs";
import { configure, createFlag, sdkKey, url } from "./flagd.mjs";
import { codeDefaultFlags, createFlags, flags } from "./flags.mjs";

const secret = "server-side-only";
const requests = [];
let application, page;

before(async () => {
  await createFlags({ clientSide: true });
  await createFlag(secret, { type: "boolean" }, { enabled: true });

  application = await open("web-provider.page.mjs");
  page = application.page;
  page.on("request", (request) => {
    if (request.url().startsWith(url) && request.method() !== "OPTIONS") {
      requests.push(request.resourceType());
    }
  });
  await page.goto(application.address);

  const streaming = page.waitForResponse((response) => response.request().resourceType() === "eventsource");
  const key = await sdkKey("client");
  const status = await page.evaluate(([url, key]) => app.start(url, key, { targetingKey: "user-1" }), [url, key]);
  assert.equal(status, "READY");
  assert.equal((await streaming).status(), 200, "the event stream that flagd names opens");
});

after(() => application?.close());

const read = (kind, key, codeDefault) =>
  page.evaluate(([kind, key, codeDefault]) => app.read(kind, key, codeDefault), [kind, key, codeDefault]);

for (const [key, { read: expected }] of Object.entries(flags)) {
  test(`reads ${key}`, async () => {
    const details = await read(expected.kind, key, expected.codeDefault);
    assert.equal(details.errorCode, undefined, details.errorMessage);
    assert.deepEqual(details.value, expected.value);
    assert.equal(details.variant, expected.variant);
    assert.equal(details.flagMetadata.detail, expected.detail);
    if (expected.reason) {
      assert.equal(details.reason, expected.reason);
    }
  });
}

for (const [key, { reason }] of Object.entries(codeDefaultFlags)) {
  test(`gets its code default from ${key}`, async () => {
    for (const codeDefault of [true, false]) {
      const details = await read("Boolean", key, codeDefault);
      assert.equal(details.value, codeDefault);
      assert.equal(details.errorCode, undefined, details.errorMessage);
      assert.equal(details.reason, reason);
    }
  });
}

test("never hears of a flag that is not for clients", async () => {
  const details = await read("Boolean", secret, false);
  assert.equal(details.value, false);
  assert.equal(details.errorCode, "FLAG_NOT_FOUND");
});

test("sees a flip through the event stream, without polling", async () => {
  requests.length = 0;
  await configure("dark-mode", { enabled: false });
  await page.waitForFunction(() => app.changed().includes("dark-mode"));
  assert.equal((await read("Boolean", "dark-mode", true)).value, false);
  assert.ok(requests.length > 0 && requests.length <= 2, `one re-fetch, and at most one new stream; there were ${requests}`);
});

test("is evaluated anew for another context", async () => {
  await page.evaluate(() => app.setContext({ targetingKey: "user-2" }));
  assert.equal((await read("String", "theme", "none")).value, "daylight");
});
