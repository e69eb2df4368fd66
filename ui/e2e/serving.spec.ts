import { createFlag, rest, signIn } from "./app";
import { expect, test } from "./flagd";

const production = "projects/default/environments/production";

test("list, tab, panel and dialogs say the sentence of the server", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "one-sentence");
  const config = "projects/default/flags/one-sentence/environments/production";
  const rule = { id: "nordic", clauses: [{ attribute: "country", operator: "in", values: ["NO", "SE"] }] };
  const quarter = {
    rollout: {
      weights: [
        { variation: "on", weight: 25_000 },
        { variation: "off", weight: 75_000 },
      ],
    },
  };
  await rest(request, flagd, "PATCH", config, {
    enabled: true,
    fallthrough: { variation: "off" },
    rules: [{ ...rule, serve: quarter }],
  });
  const sentence = "25% of contexts where country is NO or SE get on, 75% off; everyone else gets off.";
  expect((await rest(request, flagd, "GET", config)).serving.sentence).toBe(sentence);

  await signIn(page, flagd);
  const row = page.getByRole("row", { name: /one-sentence/ });
  await expect(row.getByTitle(sentence).first()).toBeVisible();
  await expect(row.getByText("25% on by 1 rule, else off")).toBeVisible();
  await page.goto("/projects/default/flags/one-sentence?env=production");
  await expect(page.getByTestId("serving")).toHaveText(`Now: ${sentence}`);
  await page.getByRole("button", { name: "Kill", exact: true }).click();
  await expect(page.getByText("Kill one-sentence in Production?")).toBeVisible();
  await expect(page.getByText(`Now: ${sentence}`).last()).toBeVisible();
  await expect(page.getByText("Then: Killed: everyone gets off.")).toBeVisible();

  // A reason that is typed at once kills nothing, not even at a space.
  await page.keyboard.type("checkout burns down", { delay: 20 });
  await expect(page.getByRole("textbox", { name: "Reason" })).toHaveValue("checkout burns down");
  expect((await rest(request, flagd, "GET", config)).killed).toBeUndefined();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "Killed in Production" })).toContainText(
    "Killed: everyone gets off.",
  );
  await expect(page.getByText("On, but killed")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Environment" }).getByText("killed: off")).toBeVisible();
});

test("the release panel says what is served, and offers nothing that is refused", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "panel-truth");
  const config = "projects/default/flags/panel-truth/environments/production";
  await rest(request, flagd, "PUT", `${production}/flags/panel-truth/release`, {
    variation: "on",
    trigger: { manual: true },
    steps: [{ weight: 1_000, hold: "1h" }, { weight: 100_000 }],
  });
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/panel-truth?env=production");
  await page.getByRole("button", { name: "Start now: 1%" }).click();
  await expect(page.getByText("Then: 1% of contexts get on at once")).toBeVisible();
  await page.keyboard.type("quiet hours", { delay: 20 });
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("release-weight")).toHaveText("1%");
  await expect(page.getByRole("list", { name: "History of the release" })).toContainText("(quiet hours)");
  await expect(page.getByRole("button", { name: "Promote to 100%" })).toBeVisible();

  await rest(request, flagd, "PATCH", config, { fallthrough: { variation: "on" } });
  await expect(page.getByTestId("release-serving")).toHaveText("Everyone gets on.");
  await expect(page.getByRole("button", { name: "Promote to 100%" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Resume", exact: true })).toBeVisible();
  await rest(request, flagd, "POST", `${config}/kill`, {});
  await expect(page.getByTestId("release-serving")).toHaveText("Killed: everyone gets off.");
  await expect(page.getByRole("button", { name: "Resume", exact: true })).toBeHidden();
});
