import { rest, signIn } from "./app";
import { expect, test } from "./flagd";

const policies = "projects/default/release-policies";
const address = "/projects/default/settings?tab=release-policies";

test("a release policy is made, changed and deleted", async ({ page, flagd, request }) => {
  await signIn(page, flagd);
  await page.goto(address);
  await expect(page.getByRole("row", { name: /Careful/ })).toContainText("1% → 5% → 25% → 50% → 100%");
  await page.getByRole("button", { name: "Create policy" }).click();
  const form = page.getByRole("form", { name: "Release policy" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("By night");
  await form.getByRole("button", { name: "25 → 100%" }).click();
  await form.getByRole("textbox", { name: "Healthy for" }).fill("10m");
  await form.getByRole("button", { name: "Window", exact: true }).click();
  await form.getByRole("textbox", { name: "Window 1: opens" }).fill("23:00");
  await form.getByRole("textbox", { name: "Window 1: closes" }).fill("05:00");
  await form.getByRole("button", { name: "Create policy" }).click();
  await expect(form.getByText(/a window over midnight is two windows/)).toBeVisible();
  await form.getByRole("textbox", { name: "Window 1: closes" }).fill("24:00");
  await form.getByRole("button", { name: "Guard", exact: true }).click();
  const guard = form.getByRole("group", { name: "Guard 1" });
  await guard.getByRole("textbox", { name: "Event", exact: true }).fill("checkout.error");
  await guard.getByRole("textbox", { name: "Per event" }).fill("checkout.attempt");
  await guard.getByRole("combobox", { name: "If too little is measured for the next step" }).click();
  await page.getByRole("option", { name: "pause the release" }).click();
  await form.getByRole("button", { name: "Create policy" }).click();
  const row = page.getByRole("row", { name: /By night/ });
  await expect(row).toContainText("25% → 100%");
  await expect(row).toContainText("healthy for 10m");
  const made = await rest(request, flagd, "GET", `${policies}/by-night`);
  expect(made).toMatchObject({
    name: "By night",
    steps: [{ weight: 25_000 }, { weight: 100_000 }],
    windows: [{ from: "23:00", to: "24:00" }],
    guards: [{ metric: "checkout.error", per: "checkout.attempt", missingData: "pause" }],
    deployment: { healthyFor: "10m" },
  });

  await row.getByRole("button", { name: "By night" }).click();
  await form.getByRole("textbox", { name: "Healthy for" }).fill("");
  await form.getByRole("textbox", { name: "Of the fleet" }).fill("80");
  await form.getByRole("button", { name: "Remove window 1" }).click();
  await form.getByRole("button", { name: "Remove guard 1" }).click();
  await form.getByRole("button", { name: "Save policy" }).click();
  await expect(row).toContainText("80% of the fleet");
  const changed = await rest(request, flagd, "GET", `${policies}/by-night`);
  expect(changed.deployment).toEqual({ minShare: 80 });
  expect(changed.windows ?? []).toEqual([]);
  expect(changed.guards ?? []).toEqual([]);

  await row.getByRole("button", { name: "By night" }).click();
  await form.getByRole("button", { name: "Delete by-night" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete by-night" }).last().click();
  await expect(form).toBeHidden();
  await expect(row).toBeHidden();
});

test("a project without release policies is told what they are for", async ({ page, flagd }) => {
  await page.route("**/release-policies", (route) => route.fulfill({ json: { items: [] } }));
  await signIn(page, flagd);
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "No release policies" })).toBeVisible();
});
