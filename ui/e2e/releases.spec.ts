import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { createFlag, rest, signIn } from "./app";
import { expect, type Flagd, test } from "./flagd";

const production = "projects/default/environments/production";

test("a policy is applied in the web app, and its last step waits for somebody to approve it", async ({
  page,
  flagd,
  request,
}) => {
  await createFlag(request, flagd, "by-policy");
  await rest(request, flagd, "PUT", "projects/default/release-policies/brisk", {
    name: "Brisk",
    steps: [
      { weight: 10_000, hold: "1s" },
      { weight: 100_000, approval: true },
    ],
    windows: [{ days: everyDay, from: "00:00", to: "24:00", timeZone: "Europe/Berlin" }],
  });
  await openFlag(page, flagd, "by-policy");

  await page.getByRole("button", { name: "Set up a release" }).click();
  const form = page.getByRole("form", { name: "Set up a release" });
  await choose(page, form.getByRole("combobox", { name: "Release policy" }), "Brisk");
  await expect(form.getByLabel("Step 1: percentage")).toHaveValue("10%");
  await expect(form.getByLabel("Step 2: needs approval")).toBeChecked();
  await expect(form.getByLabel("Window 1: time zone")).toHaveValue("Europe/Berlin");
  await form.getByText("By hand").click();
  await expect(form.getByRole("combobox", { name: "Service" })).toBeHidden();
  await form.getByRole("button", { name: "Prepare the release" }).click();
  await expect(page.getByText("Policy brisk")).toBeVisible();
  await expect(page.getByText("00:00–24:00 Europe/Berlin")).toBeVisible();

  await page.getByRole("button", { name: "Start now: 10%" }).click();
  await page.getByRole("button", { name: "Start now", exact: true }).click();
  await expect(page.getByText("Step 1 of 2, 10%: waiting for somebody to approve step 2.").first()).toBeVisible();
  await page.getByRole("button", { name: "Approve step 2: 100%" }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("the numbers are fine");
  await page.getByRole("button", { name: "Approve now" }).click();
  await expect(page.getByText("completed", { exact: true })).toBeVisible();
  await expect(page.getByRole("list", { name: "History of the release" })).toContainText("(the numbers are fine)");
  const stored = await release(request, flagd, "by-policy");
  expect(stored.policy).toBe("brisk");
  expect(stored.approvals).toMatchObject([{ step: 1, reason: "the numbers are fine" }]);
});

test("a flag is killed on its page and restored in the matrix", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "to-kill");
  const config = "projects/default/flags/to-kill/environments/production";
  await rest(request, flagd, "PATCH", config, { enabled: true, fallthrough: { variation: "on" } });
  await rest(request, flagd, "PUT", `${production}/flags/to-kill/release`, {
    variation: "on",
    trigger: { manual: true },
    steps: [{ weight: 1_000, hold: "1h" }, { weight: 100_000 }],
  });
  await rest(request, flagd, "POST", `${production}/flags/to-kill/release/start`);
  const before = await rest(request, flagd, "GET", config);
  await openFlag(page, flagd, "to-kill");

  await page.getByRole("button", { name: "Kill", exact: true }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("checkout burns");
  await page.getByRole("button", { name: "Kill now" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "Killed in Production" });
  await expect(alert).toContainText("“checkout burns”. Killed: everyone gets off.");
  await expect(page.getByText("paused", { exact: true })).toBeVisible();
  expect(await served(request, flagd, config)).toBe("off");

  await page.getByRole("link", { name: "Flags", exact: true }).first().click();
  const row = page.getByRole("row", { name: /to-kill/ });
  await expect(row.getByText("killed: off", { exact: true })).toBeVisible();
  await row.getByRole("button", { name: "Restore to-kill in Production" }).click();
  await page.getByRole("button", { name: "Restore now" }).click();
  await expect(row.getByText("killed: off", { exact: true })).toBeHidden();
  const after = await rest(request, flagd, "GET", config);
  expect(after.fallthrough).toEqual(before.fallthrough);
  expect(after.version).toBe(before.version);
  expect(await served(request, flagd, config)).toBe("on");

  await row.getByRole("button", { name: "Kill to-kill in Staging" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Kill now" }).click();
  await expect(row.getByText("killed: off", { exact: true })).toBeVisible();
});

test("an admin freezes an environment, and the flag's page says so", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "to-freeze");
  await signIn(page, flagd);
  await page.goto("/projects/default/settings?tab=environments");
  await page.getByRole("button", { name: "Freezes of releases in development" }).click();
  const dialog = page.getByRole("dialog", { name: /Freezes/ });
  await dialog.getByRole("button", { name: "Freeze", exact: true }).click();
  await dialog.getByLabel("From").fill("2026-01-01T00:00");
  await dialog.getByLabel("Reason").fill("stocktaking");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await page.goto("/projects/default/flags/to-freeze?env=development");
  await expect(page.getByText("Releases are frozen until it is lifted: stocktaking")).toBeVisible();
  await rest(request, flagd, "PATCH", "projects/default/environments/development", { freezes: [] });
  await expect(page.getByText("Releases are frozen until it is lifted: stocktaking")).toBeHidden();
});

const everyDay = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

async function openFlag(page: Page, flagd: Flagd, key: string): Promise<void> {
  await signIn(page, flagd);
  await page.goto(`/projects/default/flags/${key}?env=production`);
  await expect(page.getByRole("heading", { name: key, level: 1 })).toBeVisible();
}

async function choose(page: Page, select: Locator, option: string): Promise<void> {
  await select.click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

function release(request: APIRequestContext, flagd: Flagd, key: string) {
  return rest(request, flagd, "GET", `${production}/flags/${key}/release`);
}

/** served is the variation that somebody gets. */
async function served(request: APIRequestContext, flagd: Flagd, config: string): Promise<string> {
  const explained = await rest(request, flagd, "POST", `${config}/explain`, { context: { targetingKey: "user-1" } });
  return explained.variation;
}
