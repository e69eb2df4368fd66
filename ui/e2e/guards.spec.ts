import type { APIRequestContext } from "@playwright/test";
import { createFlag, rest, signIn } from "./app";
import { expect, type Flagd, test } from "./flagd";

const production = "projects/default/environments/production";
// What is measured is stored every ten seconds at the latest.
const measured = { timeout: 60_000 };

test("a guard is set up in the web app, and its plot shows what was measured", async ({ page, flagd, request }) => {
  test.setTimeout(150_000);
  await createFlag(request, flagd, "guarded");
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/guarded?env=production");

  await page.getByRole("button", { name: "Set up a release" }).click();
  const form = page.getByRole("form", { name: "Set up a release" });
  await form.getByText("By hand").click();
  await form.getByRole("button", { name: "25 → 100%" }).click();
  await form.getByRole("button", { name: "Guard", exact: true }).click();
  const guard = form.getByRole("group", { name: "Guard 1" });
  await guard.getByRole("textbox", { name: "Event", exact: true }).fill("checkout.error");
  await form.getByRole("button", { name: "Prepare the release" }).click();
  await expect(guard.getByText(/must name the event that the rate is relative to/)).toBeVisible();
  await guard.getByRole("textbox", { name: "Per event" }).fill("checkout.attempt");
  await guard.getByRole("textbox", { name: "Tolerated" }).fill("10");
  await form.getByRole("button", { name: "Prepare the release" }).click();

  const guards = page.getByRole("list", { name: "Guards of the release" });
  await expect(guards).toContainText("checkout.error per checkout.attempt");
  await page.getByRole("button", { name: "Start now: 25%" }).click();
  await page.getByRole("button", { name: "Start now", exact: true }).click();
  await expect(guards).toContainText("0 of 100 exposed in this step");
  await report(request, flagd);
  await expect(
    guards.getByRole("img", { name: /^Difference of the exposed over time, now .*, above .*, below / }),
  ).toBeVisible(measured);
  await expect(guards).toContainText(/10[.\d]* % of \d{3} exposed against 10[.\d]* % of \d{3} others/);
  const stored = await rest(request, flagd, "GET", `${production}/flags/guarded/release`);
  expect(stored.guards).toMatchObject([
    { kind: "rate", metric: "checkout.error", per: "checkout.attempt", tolerance: 0.1 },
  ]);
  expect(stored.readings[0]).toMatchObject({ guard: "errors", verdict: "good" });
});

/** report reports one attempt by each of a thousand users. On both sides every tenth attempt fails. */
async function report(request: APIRequestContext, flagd: Flagd) {
  const { key } = await rest(request, flagd, "POST", `${production}/sdk-keys`, { name: "checkout", kind: "server" });
  const headers = { Authorization: `Bearer ${key}` };
  const events: object[] = [];
  const seen = { true: 0, false: 0 };
  for (let user = 0; user < 800; user++) {
    const context = { targetingKey: `user-${user}` };
    const evaluated = await request.post(`${flagd.url}/ofrep/v1/evaluate/flags/guarded`, {
      headers,
      data: { context },
    });
    const side = String((await evaluated.json()).value) as "true" | "false";
    events.push({ kind: "track", name: "checkout.attempt", context });
    if (seen[side]++ % 10 === 0) {
      events.push({ kind: "track", name: "checkout.error", context });
    }
  }
  const response = await request.post(`${flagd.url}/sdk/v1/events`, {
    headers,
    data: { serviceName: "checkout", serviceVersion: "2.3.0", events },
  });
  expect(await response.json()).toMatchObject({ accepted: events.length, measured: events.length, dropped: 0 });
}
