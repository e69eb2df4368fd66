import type { Page } from "@playwright/test";
import { createFlag, rest, signIn } from "./app";
import { expect, test } from "./flagd";

test("an expression takes the place of rules, is tried, and gives way to them again", async ({
  page,
  flagd,
  request,
}) => {
  await createFlag(request, flagd, "by-expression");
  await rest(request, flagd, "PATCH", "projects/default/flags/by-expression/environments/development", {
    enabled: true,
    fallthrough: { variation: "off" },
  });
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/by-expression?env=development");
  await page.getByRole("button", { name: "Decide by an expression" }).click();
  const expression = page.getByRole("textbox", { name: "Expression" });
  await expression.fill("{");
  await expect(page.getByText("This is not a JSON object yet")).toBeVisible();
  await expression.fill('{"if": [{"==": [{"var": "plan"}, "pro"]}, "on", "of"]}');
  await save(page);
  await expect(page.getByRole("alert").filter({ hasText: "may fail" })).toContainText(
    '/targeting/if/2 the flag has no variation "of"',
  );
  await expression.fill('{"if": [{"==": [{"var": "plan"}, "pro"]}, "on", "off"]}');
  await save(page);
  await expect(page.getByRole("alert")).toBeHidden();

  await page.goto("/projects/default/flags/by-expression?env=development&tab=try");
  await page.getByRole("textbox", { name: "Context as JSON" }).fill('{"targetingKey": "user-1", "plan": "pro"}');
  await page.getByRole("button", { name: "Evaluate" }).click();
  await expect(page.getByRole("list", { name: "How it came about" })).toContainText("Expression: serve on");
  await expect(page.getByRole("list", { name: "How it came about" })).toContainText("/if/0/==: true");

  await page.goto("/projects/default/flags/by-expression?env=development");
  await page.getByRole("button", { name: "Decide by rules" }).click();
  await expect(page.getByRole("heading", { name: "Everyone else" })).toBeVisible();
});

async function save(page: Page) {
  await page.getByRole("button", { name: /^Review/ }).click();
  await expect(page.getByRole("dialog")).toContainText("Expression");
  await page.getByRole("dialog").getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
}
