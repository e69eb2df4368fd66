import { rest, signIn } from "./app";
import { expect, test } from "./flagd";

test("deployments are shown by service and strategy", async ({ page, flagd, request }) => {
  for (const [service, strategy] of [
    ["filtered", "rolling"],
    ["filtered", "shadow"],
    ["other", "shadow"],
  ]) {
    await rest(request, flagd, "POST", "projects/default/environments/development/deployments", {
      service,
      strategy,
      version: `1.0.0-${strategy}`,
      status: "started",
    });
  }
  await signIn(page, flagd);
  await page.goto("/projects/default/deployments?env=development");
  const rows = page.getByRole("row", { name: /1\.0\.0-/ });
  await expect(rows).toHaveCount(3);
  const filters = page.getByRole("search", { name: "Deployments" });
  await filters.getByRole("combobox", { name: "Strategy" }).click();
  await page.getByRole("option", { name: "shadow" }).click();
  await expect(rows).toHaveCount(2);
  await filters.getByRole("combobox", { name: "Service" }).click();
  await page.getByRole("option", { name: "filtered" }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("1.0.0-shadow");
  await page.reload();
  await expect(rows).toHaveCount(1);

  await page.goto("/projects/default/deployments?env=development&service=filtered&strategy=canary");
  await expect(page.getByRole("heading", { name: "No such deployments" })).toBeVisible();
  await expect(filters).toBeVisible();
});
