// An application in a browser that was written for OpenFeature's flagd, on a page of another origin than flagd's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./application.mjs";
import { hostPort, kill, start, stop } from "./flagd-process.mjs";
import { configure, createFlag, sdkKey } from "./flagd.mjs";
import { codeDefaultFlags, createFlags, flags } from "./flags.mjs";

const secret = "server-side-only";
let application, page;

before(async () => {
  await start();
  await createFlags({ clientSide: true });
  await createFlag(secret, { type: "boolean" }, { enabled: true });
  application = await open("flagd-web-provider.page.mjs");
  page = application.page;
  await page.goto(application.address);
  const key = await sdkKey("client");
  const status = await page.evaluate(
    ([address, key]) => app.start(address, key, { targetingKey: "user-1" }),
    [hostPort("FLAGD_FLAGD_ADDR"), key],
  );
  assert.equal(status, "READY");
});

after(async () => {
  await application?.close();
  await kill();
});

const read = (kind, key, codeDefault) =>
  page.evaluate(([kind, key, codeDefault]) => app.read(kind, key, codeDefault), [kind, key, codeDefault]);

for (const [key, { read: expected }] of Object.entries(flags)) {
  test(`reads ${key}`, async () => {
    const details = await read(expected.kind, key, expected.codeDefault);
    assert.equal(details.errorCode, undefined, details.errorMessage);
    assert.deepEqual(details.value, expected.value);
    assert.equal(details.variant, expected.variant);
    if (expected.reason) {
      assert.equal(details.reason, expected.reason);
    }
  });
}

// This provider takes the type of a flag from its value, and so calls the lack of one a TYPE_MISMATCH.
for (const key of Object.keys(codeDefaultFlags)) {
  test(`gets its code default from ${key}`, async () => {
    for (const codeDefault of [true, false]) {
      const details = await read("Boolean", key, codeDefault);
      assert.equal(details.value, codeDefault);
      assert.equal(details.errorCode, "TYPE_MISMATCH");
    }
  });
}

test("is told that a flag has another type", async () => {
  assert.equal((await read("Boolean", "theme", true)).errorCode, "TYPE_MISMATCH");
});

test("never hears of a flag that is not for clients", async () => {
  const details = await read("Boolean", secret, false);
  assert.equal(details.value, false);
  assert.equal(details.errorCode, "FLAG_NOT_FOUND");
});

test("sees a flip through the event stream", async () => {
  await configure("dark-mode", { enabled: false });
  await page.waitForFunction(() => app.changes() > 0 && app.read("Boolean", "dark-mode", true).value === false);
});

test("is evaluated anew for another context", async () => {
  await page.evaluate(() => app.setContext({ targetingKey: "user-2" }));
  assert.equal((await read("String", "theme", "none")).value, "daylight");
});

test("sees a flip after a restart", async () => {
  for (const end of [stop, kill]) {
    await end();
    await start();
    await configure("dark-mode", { enabled: true });
    await page.waitForFunction(() => app.read("Boolean", "dark-mode", false).value === true);
    await configure("dark-mode", { enabled: false });
    await page.waitForFunction(() => app.read("Boolean", "dark-mode", true).value === false);
  }
});
