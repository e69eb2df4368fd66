import type { APIRequestContext, Page } from "@playwright/test";
import { flagSwitch, rest, signIn } from "./app";
import { expect, type Flagd, test } from "./flagd";

// The main job, as a person does it, with a second tab that has to follow without being touched.

test("a flag is created, targeted, flipped in production, released step by step and reverted", async ({
  page,
  context,
  flagd,
  request,
}) => {
  await signIn(page, flagd);
  const second = await context.newPage();
  await second.goto("/projects/default/flags");

  await test.step("create", () => createByHand(page));
  await expect(second.getByRole("link", { name: "new-checkout", exact: true })).toBeVisible();

  await test.step("a rule and 25% in production", () => targetByHand(page));
  await expect(cell(second, "production")).toContainText("25% on");
  await expect(cell(second, "production")).toContainText("+ 1 rule");

  await test.step("flip in production", () => flipInProduction(page));
  await expect(flagSwitch(second, "new-checkout", "Production")).not.toBeChecked();
  await expect(page.getByRole("switch", { name: "Flag is on" })).not.toBeChecked();

  await second.goto("/projects/default/flags/new-checkout?env=production");
  await test.step("a release walks", () => watchRelease(page, second, request, flagd));
  await test.step("revert", () => revertByHand(page, second));

  await page.getByRole("link", { name: "History" }).click();
  const history = page.getByRole("list", { name: "Changes" });
  await expect(history).toContainText("“we are not ready”");
  await expect(history).toContainText("if country is one of FR, IT, serve on");
});

function cell(page: Page, environment: string) {
  return page.getByRole("row", { name: /new-checkout/ }).locator(`a[href*="env=${environment}"]`);
}

async function createByHand(page: Page) {
  await page.getByRole("button", { name: "Create flag" }).click();
  const dialog = page.getByRole("dialog", { name: "Create a flag" });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("New checkout");
  await expect(dialog.getByRole("textbox", { name: "Key", exact: true })).toHaveValue("new-checkout");
  await dialog.getByRole("button", { name: "Create flag" }).click();
  await expect(page.getByRole("heading", { name: "new-checkout", level: 1 })).toBeVisible();
}

async function targetByHand(page: Page) {
  await page
    .getByRole("navigation", { name: "Environment" })
    .getByRole("link", { name: /Production/ })
    .click();
  // From here on, five clicks: the peers need twelve.
  await page.getByRole("switch", { name: "Flag is on" }).click({ force: true });
  await page.getByRole("button", { name: "Add rule" }).click();
  await page.keyboard.type("country");
  await page.getByRole("combobox", { name: "Rule 1, condition 1: values" }).pressSequentially("FR,IT,");
  await page.getByRole("group", { name: "Everyone else: share of on" }).getByRole("button", { name: "25%" }).click();
  await page.getByRole("button", { name: "Review changes" }).click();

  const review = page.getByRole("dialog");
  await expect(review).toContainText("if country is one of FR, IT, serve on");
  await expect(review).toContainText("on 25%, off 75%");
  await review.getByRole("button", { name: "Save to Production" }).click();
  await expect(review).toBeHidden();
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeHidden();
}

async function flipInProduction(page: Page) {
  await page.getByRole("link", { name: "Flags", exact: true }).first().click();
  await flagSwitch(page, "new-checkout", "Production").click({ force: true });
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("25% of the rest get on, 75% off.");
  await expect(dialog).toContainText("Off: everyone gets off.");
  await dialog.getByLabel("Reason").fill("we are not ready");
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await expect(dialog).toBeHidden();
  await cell(page, "production").click();
}

async function watchRelease(page: Page, second: Page, request: APIRequestContext, flagd: Flagd) {
  await page.getByRole("button", { name: "Set up a release" }).click();
  const form = page.getByRole("form", { name: "Set up a release" });
  await form.getByRole("combobox", { name: "Service" }).fill("checkout");
  await form.getByRole("textbox", { name: "Version" }).fill(">=2.3.0");
  await form.getByRole("button", { name: "25 → 100%" }).click();
  await form.getByRole("button", { name: "Step", exact: true }).click();
  await form.getByLabel("Step 1: hold").fill("1s");
  await form.getByLabel("Step 2: hold").fill("5m");
  await form.getByRole("button", { name: "Prepare the release" }).click();
  await expect(page.getByText("Waiting for checkout >=2.3.0 to be deployed.", { exact: true }).first()).toBeVisible();
  await expect(second.getByText("Waiting for checkout >=2.3.0 to be deployed.", { exact: true }).first()).toBeVisible();

  await rest(request, flagd, "POST", "projects/default/environments/production/deployments", {
    service: "checkout",
    version: "2.3.0",
    status: "succeeded",
    source: "ci",
    externalId: "run-118",
    commit: "9f31ac77aa01",
  });
  for (const tab of [page, second]) {
    await expect(tab.getByTestId("release-weight")).toHaveText("62.5%");
    await expect(tab.getByRole("link", { name: "checkout 2.3.0" })).toBeVisible();
    await expect(tab.getByText("9f31ac77", { exact: true })).toBeVisible();
  }
  await expect(page.getByRole("list", { name: "History of the release" }).getByRole("listitem")).toHaveCount(3);
  await page.getByRole("button", { name: "Promote to 100%" }).click();
  await page.getByRole("button", { name: "Promote now" }).click();
  for (const tab of [page, second]) {
    await expect(tab.getByTestId("release-weight")).toHaveText("100%");
    await expect(tab.getByText("completed", { exact: true })).toBeVisible();
  }
}

async function revertByHand(page: Page, second: Page) {
  await page.getByRole("button", { name: "Revert", exact: true }).click();
  await page.getByRole("button", { name: "Revert now" }).click();
  for (const tab of [page, second]) {
    await expect(tab.getByText("reverted", { exact: true })).toBeVisible();
    await expect(tab.getByTestId("release-serving")).toContainText(
      "Off: everyone gets off. The release of on was taken back.",
    );
    await expect(tab.getByRole("switch", { name: "Flag is on" })).not.toBeChecked();
    await expect(tab.getByLabel("Everyone else: percentage of on")).toHaveValue("25%");
  }
}
