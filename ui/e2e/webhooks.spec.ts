import { signIn } from "./app";
import { expect, test } from "./flagd";

test("a webhook is made, mapped, replayed and tried", async ({ page, flagd, request }) => {
  await signIn(page, flagd);
  await page.goto("/projects/default/settings?tab=webhooks");
  await page.getByRole("textbox", { name: "Name of the webhook" }).fill("Pipelines");
  await page.getByRole("combobox", { name: "Kind of webhook" }).click();
  await page.getByRole("option", { name: "anything else (JSON)" }).click();
  await page.getByRole("button", { name: "Create webhook" }).click();
  const secret = await page.getByTestId("secret").innerText();
  await expect(page.getByLabel("From anywhere", { exact: true })).toContainText("/hooks/generic/");

  await page.reload();
  await expect(page.getByText(secret)).toHaveCount(0);
  const made = page.getByRole("row").filter({ has: page.getByRole("link", { name: "Pipelines" }) });
  const address = await made.getByRole("cell", { name: /\/hooks\/generic\// }).innerText();
  await page.getByRole("link", { name: "Pipelines" }).click();
  const refused = await request.post(new URL(address).pathname, {
    headers: { Authorization: `Bearer ${secret}` },
    data: { service: "webhooks", version: "1.0.0", environment: "prod-eu", status: "success", externalId: "1" },
  });
  expect(refused.status()).toBe(422);
  await page.reload();
  const deliveries = page.getByRole("table", { name: "Deliveries, newest first" });
  await expect(deliveries).toContainText("/environment");

  await page
    .getByRole("textbox", { name: "Mapping of names" })
    .fill('{"environments": [{"match": "prod-*", "name": "production"}]}');
  await page.getByRole("button", { name: "Save mapping" }).click();
  await expect(page.getByRole("textbox", { name: "Mapping of names" })).toHaveValue(/prod-\*/);
  await deliveries.getByRole("button", { name: "Replay" }).first().click();
  await expect(deliveries).toContainText("webhooks 1.0.0 succeeded in production");

  await page
    .getByRole("textbox", { name: "Payload" })
    .fill('{"service": "webhooks", "version": "1.1.0", "environment": "production", "status": "failed"}');
  await page.getByRole("button", { name: "What would it do?" }).click();
  await expect(page.getByRole("status").filter({ hasText: "webhooks 1.1.0 failed in production" })).toBeVisible();
});
