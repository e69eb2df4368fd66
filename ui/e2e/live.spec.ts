import { createFlag, flagSwitch, rest, signIn } from "./app";
import { expect, test } from "./flagd";

test("a hidden tab gives its connection back, and shows what it missed when it is seen again", async ({
  page,
  flagd,
  request,
}) => {
  await createFlag(request, flagd, "live-hidden");
  await page.clock.install();
  await signIn(page, flagd);
  await expect(page.getByRole("img", { name: /^Live/ })).toBeVisible();
  await show(page, false);
  const closed = page.waitForEvent("requestfailed", (sent) => sent.url().endsWith("/events"));
  await page.clock.fastForward(11_000);
  await closed;

  await rest(request, flagd, "PATCH", "projects/default/flags/live-hidden/environments/staging", { enabled: true });
  await expect(flagSwitch(page, "live-hidden", "Staging")).not.toBeChecked();
  await show(page, true);
  await page.clock.resume();
  await expect(flagSwitch(page, "live-hidden", "Staging")).toBeChecked();
});

/** show tells the page that its tab is seen or not: a headless browser has no other tabs to switch to. */
async function show(page: Parameters<typeof signIn>[0], visible: boolean): Promise<void> {
  await page.evaluate((seen) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => !seen });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visible);
}
