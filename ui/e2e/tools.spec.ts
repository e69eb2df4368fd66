import { createFlag, rest, signIn } from "./app";
import { expect, test } from "./flagd";

test("trying a context shows the answer and why", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "tools-try");
  await rest(request, flagd, "PATCH", "projects/default/flags/tools-try/environments/production", {
    enabled: true,
    fallthrough: { variation: "off" },
    rules: [
      {
        id: "fr",
        description: "France",
        clauses: [{ attribute: "country", operator: "in", values: ["FR"] }],
        serve: { variation: "on" },
      },
    ],
  });
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/tools-try?env=production&tab=try");
  await page.getByRole("button", { name: "Evaluate" }).click();
  await expect(page.getByTestId("answer")).toContainText("TARGETING_MATCH");
  await expect(page.getByRole("list", { name: "How it came about" })).toContainText("Rule 1 “France”: serve on");

  const context = page.getByRole("textbox", { name: "Context as JSON" });
  await context.fill('{"targetingKey": "user-1"}');
  await context.press("Control+Enter");
  await expect(page.getByRole("list", { name: "How it came about" })).toContainText(
    "country is one of FR: it is missing",
  );
  await context.fill("{");
  await context.press("Control+Enter");
  await expect(page.getByText("This is not JSON")).toBeVisible();
});

test("an SDK key is shown once, works, and stops working when it is revoked", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "tools-key");
  await signIn(page, flagd);
  await page.goto("/projects/default/settings?env=staging");
  await page.getByRole("textbox", { name: "Name of the key" }).fill("shop");
  await page.getByRole("button", { name: "Create key" }).click();
  const key = await page.getByTestId("secret").innerText();
  const evaluate = () =>
    request.post(`${flagd.url}/ofrep/v1/evaluate/flags/tools-key`, {
      headers: { Authorization: `Bearer ${key}` },
      data: { context: { targetingKey: "user-1" } },
    });
  await expect.poll(async () => (await evaluate()).status()).toBe(200);

  await page.reload();
  await expect(page.getByRole("cell", { name: "shop", exact: true })).toBeVisible();
  await expect(page.getByText(key)).toHaveCount(0);
  await page.getByRole("button", { name: "Revoke shop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke shop" }).click();
  await expect(page.getByText(/^revoked/)).toBeVisible();
  await expect.poll(async () => (await evaluate()).status()).toBe(401);
});

test("a segment is made, and used in a rule", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "tools-segment");
  await signIn(page, flagd);
  await page.goto("/projects/default/segments");
  await page.getByRole("button", { name: "Create segment" }).click();
  const dialog = page.getByRole("dialog", { name: "Create a segment" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Beta testers");
  await dialog.getByRole("combobox", { name: "Always in" }).pressSequentially("ada,bob,");
  await dialog.getByRole("button", { name: "Create segment" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "beta-testers" })).toBeVisible();

  await page.goto("/projects/default/flags/tools-segment?env=development");
  await page.getByRole("button", { name: "Add rule" }).click();
  await page.getByRole("combobox", { name: "Rule 1, condition 1: operator" }).click();
  await page.getByRole("option", { name: "is in segment" }).click();
  await page.getByRole("combobox", { name: "Rule 1, condition 1: values" }).click();
  await page.getByRole("option", { name: "beta-testers" }).click();
  await page.getByRole("button", { name: "Review changes" }).click();
  await expect(page.getByRole("dialog")).toContainText("if is in segment beta-testers, serve on");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const used = await rest(request, flagd, "GET", "projects/default/segments/beta-testers");
  expect(used.usedBy).toEqual(["tools-segment"]);
});

test("details are edited, variations checked, and an archived flag is closed", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "tools-details", {
    type: "number",
    variations: [
      { key: "many", value: 10 },
      { key: "few", value: 1 },
    ],
  });
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/tools-details");
  await page.getByRole("button", { name: "Edit details" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Owner" }).fill("team-shop");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("team-shop, created")).toBeVisible();

  await page.getByRole("link", { name: "Variations" }).click();
  await page.getByRole("textbox", { name: "Value of variation 1" }).fill("a dozen");
  await page.getByRole("button", { name: "Save variations" }).click();
  await expect(page.getByText("The value has to be a number.")).toBeVisible();
  await page.getByRole("textbox", { name: "Value of variation 1" }).fill("12");
  await page.getByRole("button", { name: "Save variations" }).click();
  await expect(page.getByRole("button", { name: "Save variations" })).toBeHidden();

  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
  await expect(page.getByText("This flag is archived")).toBeVisible();
  await page.getByRole("link", { name: "Flags", exact: true }).first().click();
  await expect(page.getByRole("link", { name: "tools-details" })).toHaveCount(0);
});
