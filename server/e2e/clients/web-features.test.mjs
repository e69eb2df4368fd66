// Every feature of @openfeature/ofrep-web-provider that needs a server to be right: caches, polling, outages, inactivity,
// origins. Each test has a page, a flag and a network of its own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, serve } from "./application.mjs";
import { allowOrigins, configure, createFlag, sdkKey, url } from "./flagd.mjs";
import { openGateway } from "./gateway.mjs";

const user = { targetingKey: "user-1" };
let browser, site, key;

before(async () => {
  [browser, site, key] = await Promise.all([launch(), serve("web-provider.page.mjs"), sdkKey("client")]);
});

after(async () => {
  await browser?.close();
  site?.close();
});

/** Makes a flag that is on, and gives a page, whose storage is its own, behind a network of its own. */
async function setUp(t, flag) {
  await createFlag(flag, { type: "boolean", clientSide: true }, { enabled: true });
  const network = await openGateway(url);
  const context = await browser.newContext();
  const page = await context.newPage();
  t.after(async () => {
    await context.close();
    network.close();
  });
  await page.goto(site.origin);
  const start = (options, withKey = key, withContext = user) =>
    page.evaluate((all) => app.start(...all), [network.url, withKey, withContext, options]);
  const read = () => page.evaluate((flag) => app.read("Boolean", flag, false), flag);
  /** Waits until the page reads the value. */
  const reads = (value) => page.waitForFunction(([flag, value]) => app.read("Boolean", flag, !value).value === value, [flag, value]);
  return { page, network, start, read, reads };
}

for (const cacheMode of ["local-cache-first", "network-first"]) {
  test(`starts from its cache while flagd is away, ${cacheMode}`, async (t) => {
    const flag = `cached-${cacheMode}`;
    const { page, network, start, read, reads } = await setUp(t, flag);
    assert.equal(await start({ cacheMode }), "READY");
    assert.equal((await read()).reason, "STATIC");

    network.cut();
    await page.reload();
    assert.equal(await start({ cacheMode }), "READY");
    const cached = await read();
    assert.equal(cached.value, true);
    assert.equal(cached.reason, "CACHED");

    await configure(flag, { enabled: false });
    network.restore();
    if (cacheMode === "network-first") {
      await page.reload();
      assert.equal(await start({ cacheMode }), "READY");
    }
    await reads(false);
  });
}

test("forgets the cache of another user", async (t) => {
  const { network, page, start, read } = await setUp(t, "cached-per-user");
  await start({ cacheMode: "local-cache-first" });
  network.cut();
  await page.reload();
  assert.equal(await start({ cacheMode: "local-cache-first" }, key, { targetingKey: "user-2" }), "ERROR");
  assert.equal((await read()).value, false, "the code default");
});

test("polls, is answered 304 while nothing changes, and sees a change", async (t) => {
  const { page, start, reads } = await setUp(t, "polled");
  const unchanged = page.waitForResponse((response) => response.status() === 304);
  await start({ cacheMode: "disabled", changeDetection: "polling", pollInterval: 50 });
  await unchanged;
  await configure("polled", { enabled: false });
  await reads(false);
});

test("is stale in an outage, and sees afterwards what it missed", async (t) => {
  const { page, network, start, read, reads } = await setUp(t, "missed");
  const streaming = page.waitForResponse((response) => response.request().resourceType() === "eventsource");
  await start();
  await streaming;
  network.cut();
  await page.waitForFunction(() => app.events().includes("PROVIDER_STALE"));
  assert.equal((await read()).value, true, "what was known last");
  await configure("missed", { enabled: false });
  network.restore();
  await reads(false);
});

test("closes its stream when nobody looks, and catches up when somebody does", async (t) => {
  const { page, start, reads } = await setUp(t, "hidden");
  await page.evaluate(() => {
    globalThis.closedStreams = 0;
    const close = EventSource.prototype.close;
    EventSource.prototype.close = function () {
      globalThis.closedStreams++;
      return close.call(this);
    };
  });
  const show = (state) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await start({ cacheMode: "disabled", inactivityDelaySec: 0.05, disableVisibilityRefresh: true });
  await show("hidden");
  await page.waitForFunction(() => globalThis.closedStreams > 0);
  await configure("hidden", { enabled: false });
  const streaming = page.waitForResponse((response) => response.request().resourceType() === "eventsource");
  await show("visible");
  await streaming;
  await reads(false);
});

test("looks again when the page is shown, without a stream", async (t) => {
  const { page, start, reads } = await setUp(t, "shown");
  await start({ cacheMode: "disabled", changeDetection: "none" });
  await configure("shown", { enabled: false });
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await reads(false);
});

test("gives up with a key that is wrong, whatever it has cached", async (t) => {
  const { start, page, read } = await setUp(t, "wrong-key");
  await start({ cacheMode: "network-first" });
  await page.reload();
  assert.equal(await start({ cacheMode: "network-first" }, "not-a-key"), "FATAL");
  assert.equal((await read()).value, false);
});

test("is evaluated for the newest of many contexts", async (t) => {
  const { page, start } = await setUp(t, "contexts");
  await configure("contexts", { targets: [{ variation: "off", values: ["user-9"] }] });
  await start();
  await page.evaluate(() => Promise.all([1, 2, 3, 4, 9].map((n) => app.setContext({ targetingKey: `user-${n}` }))));
  const details = await page.evaluate(() => app.read("Boolean", "contexts", true));
  assert.equal(details.value, false);
  assert.equal(details.reason, "TARGETING_MATCH");
});

/** Waits until flagd answers pages of the application so: it hears of origins as it hears of keys, a moment later. */
async function answers(status) {
  const request = { method: "POST", headers: { Authorization: `Bearer ${key}`, Origin: site.origin }, body: "{}" };
  while ((await fetch(`${url}/ofrep/v1/evaluate/flags`, request)).status !== status) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("is kept out where the environment names other origins, and let in where it names this one", async (t) => {
  t.after(() => allowOrigins([]));
  const { page, start, read } = await setUp(t, "origins");
  await allowOrigins(["https://shop.example"]);
  await answers(403);
  assert.equal(await start(), "ERROR");
  await allowOrigins(["https://shop.example", site.origin]);
  await answers(200);
  await page.reload();
  const streaming = page.waitForResponse((response) => response.request().resourceType() === "eventsource");
  assert.equal(await start(), "READY");
  assert.equal((await read()).value, true);
  assert.equal((await streaming).status(), 200);
});
