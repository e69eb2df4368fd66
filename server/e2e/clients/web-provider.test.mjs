// An application in a browser, on a page of another origin than flagd's.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { configure, createFlag, required, sdkKey, url } from "./flagd.mjs";
import { codeDefaultFlag, flags } from "./flags.mjs";

const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const secret = "server-side-only";
const requests = [];
let browser, page, site;

before(async () => {
  for (const [key, { flag, config }] of Object.entries(flags)) {
    await createFlag(key, { ...flag, clientSide: true }, config);
  }
  await createFlag(codeDefaultFlag.key, { ...codeDefaultFlag.flag, clientSide: true }, codeDefaultFlag.config);
  await createFlag(secret, { type: "boolean" }, { enabled: true });

  site = await serveApplication();
  browser = await chromium.launch({ executablePath: required("CHROMIUM"), args: chromiumFlags });
  page = await browser.newPage();
  page.on("request", (request) => {
    if (request.url().startsWith(url) && request.method() !== "OPTIONS") {
      requests.push(request.resourceType());
    }
  });
  await page.goto(`http://127.0.0.1:${site.address().port}/`);

  const streaming = page.waitForResponse((response) => response.request().resourceType() === "eventsource");
  const key = await sdkKey("client");
  const status = await page.evaluate(([url, key]) => app.start(url, key, { targetingKey: "user-1" }), [url, key]);
  assert.equal(status, "READY");
  assert.equal((await streaming).status(), 200, "the event stream that flagd names opens");
});

after(async () => {
  await browser?.close();
  site?.close();
});

/** Serves an empty page with the bundled application. */
async function serveApplication() {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("web-provider.page.mjs", import.meta.url))],
    bundle: true,
    format: "iife",
    platform: "browser",
    write: false,
  });
  const html = `<!doctype html><title>Application</title><script>${bundle.outputFiles[0].text}</script>`;
  const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end(html));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

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

test("gets its code default where a flag leaves the answer to it", async () => {
  assert.equal((await read("Boolean", codeDefaultFlag.key, true)).value, true);
  assert.equal((await read("Boolean", codeDefaultFlag.key, false)).value, false);
});

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
