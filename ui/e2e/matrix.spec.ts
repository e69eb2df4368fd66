import { createFlag, flagSwitch, rest, signIn } from "./app";
import { expect, test } from "./flagd";

test("one click flips outside of production, and says what is served to whom", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "matrix-flip");
  await signIn(page, flagd);
  const row = await page.getByRole("row", { name: /matrix-flip/ }).boundingBox();
  expect(row?.height).toBeLessThanOrEqual(40);
  await flagSwitch(page, "matrix-flip", "Development").click({ force: true });
  await expect(flagSwitch(page, "matrix-flip", "Development")).toBeChecked();
  await expect(page.getByText("matrix-flip is on in Development")).toBeVisible();
  await expect(page.getByText("Everyone gets on.", { exact: true })).toBeVisible();
});

test("production warns that a flag without a percentage reaches everyone", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "matrix-production");
  await signIn(page, flagd);
  await flagSwitch(page, "matrix-production", "Production").click({ force: true });
  const dialog = page.getByRole("dialog", { name: "Turn matrix-production on in Production?" });
  await expect(dialog).toContainText("gets on at once: 100%");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(flagSwitch(page, "matrix-production", "Production")).not.toBeChecked();
});

test("search, filters and the address agree", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "matrix-apples", { purpose: "experiment", tags: ["fruit"] });
  await createFlag(request, flagd, "matrix-pears", { tags: ["fruit"] });
  await signIn(page, flagd);
  await page.keyboard.press("/");
  await page.keyboard.type("matrix fruit");
  await expect(page.getByRole("row", { name: /matrix-/ })).toHaveCount(2);
  await page
    .getByRole("textbox", { name: "Purpose" })
    .or(page.getByRole("combobox", { name: "Purpose" }))
    .first()
    .click();
  await page.getByRole("option", { name: "experiment" }).click();
  await expect(page.getByRole("row", { name: /matrix-/ })).toHaveCount(1);
  await page.reload();
  await expect(page.getByRole("row", { name: /matrix-apples/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /matrix-pears/ })).toHaveCount(0);
});

test("what the server refuses stands at the field", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "matrix-taken");
  await signIn(page, flagd);
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "Create a flag" });
  await dialog.getByRole("textbox", { name: "Key", exact: true }).fill("matrix-taken");
  await dialog.getByRole("button", { name: "Create flag" }).click();
  await expect(dialog.getByRole("alert")).toContainText("matrix-taken");

  await dialog.getByText("number", { exact: true }).click();
  await dialog.getByLabel("Value of variation 1").fill("many");
  await dialog.getByRole("button", { name: "Create flag" }).click();
  await expect(dialog.getByText("The value has to be a number.")).toBeVisible();
  await expect(dialog.getByLabel("Value of variation 1")).toHaveAttribute("aria-invalid", "true");
});

test("a long list draws only what is in view, and finds the rest", async ({ page, flagd, request }) => {
  // Their keys sort behind the flags of all other tests in the same store. Otherwise those would be out of view.
  const keys = Array.from({ length: 200 }, (_, index) => `zz-many-${String(index).padStart(3, "0")}`);
  for (let at = 0; at < keys.length; at += 20) {
    await Promise.all(keys.slice(at, at + 20).map((key) => createFlag(request, flagd, key)));
  }
  await signIn(page, flagd);
  const table = page.getByRole("table", { name: "Flags by environment" });
  await expect(table).toHaveAttribute("aria-rowcount", /^2\d\d$/);
  expect(await page.getByRole("switch").count()).toBeLessThan(keys.length);
  await page.getByRole("searchbox", { name: "Search flags" }).fill("zz-many-199");
  await expect(page.getByRole("link", { name: "zz-many-199", exact: true })).toBeVisible();
});

test("a viewer looks and changes nothing", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "matrix-viewer");
  const viewer = await rest(request, flagd, "POST", "access-tokens", { name: "looker", role: "viewer" });
  await signIn(page, flagd, viewer.token);
  await expect(flagSwitch(page, "matrix-viewer", "Development")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Create flag" })).toBeDisabled();
  await page.goto("/projects/default/flags/matrix-viewer?env=production");
  await expect(page.getByRole("switch", { name: "Flag is on" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Add rule" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Set up a release" })).toBeDisabled();
});
