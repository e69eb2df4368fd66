// The React page in examples: it shows a flip without being loaded again.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { launch } from "./application.mjs";
import { configure, required } from "./flagd.mjs";

const browser = await launch();
after(() => browser.close());

test("shows a flip live", async () => {
  const page = await browser.newPage();
  let loads = 0;
  page.on("load", () => loads++);
  const streaming = page.waitForResponse((response) => response.request().resourceType() === "eventsource");
  await page.goto(`${required("EXAMPLE_URL")}/?user=ada`);
  await page.getByRole("heading", { name: "The old checkout" }).waitFor();
  await streaming;
  // Vite may load the page anew when it has first seen what it is made of.
  const before = loads;
  await configure("new-checkout", { enabled: true });
  await page.getByRole("heading", { name: "The new checkout" }).waitFor();
  assert.equal(loads, before);
});
