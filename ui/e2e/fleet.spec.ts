import { createFlag, rest, signIn } from "./app";
import { expect, test } from "./flagd";

const environment = "projects/default/environments/production";

test("who is alive is shown with versions and instances", async ({ page, flagd, request }) => {
  const { key } = await rest(request, flagd, "POST", `${environment}/sdk-keys`, { name: "fleet", kind: "server" });
  for (const [instance, version] of [
    ["pod-1", "2.3.0"],
    ["pod-2", "2.3.0"],
    ["pod-3", "2.2.0"],
  ]) {
    const answer = await request.post("/sdk/v1/instances", {
      headers: { Authorization: `Bearer ${key}` },
      data: { serviceName: "fleet-page", serviceVersion: version, serviceInstanceId: instance },
    });
    expect(answer.ok()).toBe(true);
  }
  await signIn(page, flagd);
  await page.goto("/projects/default/fleet?env=production");
  const service = page.getByRole("region", { name: "fleet-page", exact: true });
  await expect(service).toContainText("3 instances are alive.");
  await expect(service.getByRole("row", { name: /^2\.3\.0 2 / })).toBeVisible();
  await service.getByRole("button", { name: "Show 3 instances" }).click();
  await expect(service.getByRole("row", { name: /pod-3 2\.2\.0/ })).toBeVisible();
});

test("a version is checked both ways", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "gate-page");
  await rest(request, flagd, "PATCH", "projects/default/flags/gate-page/environments/production", {
    enabled: true,
    availability: { service: "gate-page-service", version: ">=2.3.0" },
  });
  await signIn(page, flagd);
  await page.goto("/projects/default/fleet?env=production");
  await page.getByRole("combobox", { name: "Service" }).fill("gate-page-service");
  await page.getByRole("textbox", { name: "Version" }).fill("2.2.0");
  await page.getByRole("button", { name: "Check" }).click();
  const answer = page.getByRole("status");
  await expect(answer).toContainText("gate-page-service 2.2.0 is safe to deploy");
  await expect(answer).toContainText("gate-page-service 2.2.0 is not safe to roll back to");
  await expect(answer.getByRole("link", { name: "gate-page" })).toBeVisible();
  await page.getByRole("textbox", { name: "Version" }).fill("2.3.1");
  await page.getByRole("button", { name: "Check" }).click();
  await expect(answer).toContainText("gate-page-service 2.3.1 is safe to roll back to");
  await expect(answer.getByRole("link")).toHaveCount(0);
});
