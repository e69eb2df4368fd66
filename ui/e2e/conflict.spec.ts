import { createFlag, rest, signIn } from "./app";
import { expect, test } from "./flagd";

const config = "projects/default/flags/conflict/environments/staging";

test("an edit survives what others change meanwhile", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "conflict");
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/conflict?env=staging");
  await page
    .getByRole("group", { name: "Everyone else: share of on" })
    .getByRole("button", { name: "5%", exact: true })
    .click();
  await page.getByRole("button", { name: "Review changes" }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText("on 5%, off 95%");

  await rest(request, flagd, "PATCH", config, { enabled: true, offVariation: "on" });
  await expect(review).toContainText("Changed meanwhile by somebody else");
  await expect(review.getByRole("button", { name: "Save" })).toBeDisabled();
  await review.getByRole("button", { name: "Put my changes on top" }).click();
  await review.getByRole("button", { name: "Save" }).click();
  await expect(review).toBeHidden();

  const saved = await rest(request, flagd, "GET", config);
  expect(saved).toMatchObject({ enabled: true, offVariation: "on" });
  expect(saved.fallthrough.rollout.weights).toEqual([
    { variation: "on", weight: 5_000 },
    { variation: "off", weight: 95_000 },
  ]);
});

test("two people at once: what the other did stays, and what both changed is asked", async ({
  page,
  flagd,
  request,
}) => {
  const flag = "conflict-two";
  const path = `projects/default/flags/${flag}/environments/staging`;
  await createFlag(request, flagd, flag);
  const rule = (id: string, ...values: string[]) => ({
    id,
    description: id,
    clauses: [{ attribute: "country", operator: "in", values }],
    serve: { variation: "on" },
  });
  await rest(request, flagd, "PATCH", path, {
    enabled: true,
    targets: [{ variation: "on", values: ["ada"] }],
    rules: [rule("r1", "FR"), rule("r2", "IT")],
    fallthrough: { variation: "off" },
  });
  await signIn(page, flagd);
  await page.goto(`/projects/default/flags/${flag}?env=staging`);
  await page.getByRole("combobox", { name: "Always on" }).pressSequentially("eve,");
  await page.getByRole("combobox", { name: "Rule 1, condition 1: values" }).pressSequentially("DE,");
  await page
    .getByRole("group", { name: "Everyone else: share of on" })
    .getByRole("button", { name: "5%", exact: true })
    .click();

  await rest(request, flagd, "PATCH", path, {
    targets: [{ variation: "on", values: ["ada", "bob"] }],
    rules: [rule("r1", "FR", "ES"), rule("r2", "IT"), rule("r3", "PT")],
    fallthrough: {
      rollout: {
        weights: [
          { variation: "on", weight: 50_000 },
          { variation: "off", weight: 50_000 },
        ],
      },
    },
  });
  const meanwhile = page.getByRole("alert").filter({ hasText: "Changed meanwhile by somebody else" });
  await expect(meanwhile).toContainText("bob");
  await expect(meanwhile).toContainText("if country is one of PT, serve on");
  const top = meanwhile.getByRole("button", { name: "Put my changes on top" });
  await expect(top).toBeDisabled();
  const question = meanwhile.getByRole("radiogroup", { name: "Everyone else" });
  await expect(question.getByRole("radio", { name: "Theirs: on 50%, off 50%" })).not.toBeChecked();
  await question.getByRole("radio", { name: "Mine: on 5%, off 95%" }).check();
  await top.click();
  await expect(meanwhile).toBeHidden();
  await page.getByRole("button", { name: "Review changes" }).click();
  const review = page.getByRole("dialog");
  await expect(review).not.toContainText("bob");
  await review.getByRole("button", { name: "Save" }).click();
  await expect(review).toBeHidden();
  expect(await rest(request, flagd, "GET", path)).toMatchObject({
    targets: [{ variation: "on", values: ["ada", "bob", "eve"] }],
    rules: [rule("r1", "FR", "ES", "DE"), rule("r2", "IT"), rule("r3", "PT")],
    fallthrough: {
      rollout: {
        weights: [
          { variation: "on", weight: 5_000 },
          { variation: "off", weight: 95_000 },
        ],
      },
    },
  });
});

test("an unsaved edit is not lost by leaving", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "leaving");
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/leaving?env=staging");
  await page.getByRole("switch", { name: "Flag is on" }).click({ force: true });
  await page.getByRole("link", { name: "Changes" }).click();
  const dialog = page.getByRole("dialog", { name: "Discard the unsaved changes?" });
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toContainText("1 unsaved change");
  await page.getByRole("link", { name: "Changes" }).click();
  await dialog.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("heading", { name: "Changes", level: 1 })).toBeVisible();
});

test("a lost connection is told, and what was missed is shown after it", async ({ page, context, flagd, request }) => {
  await createFlag(request, flagd, "offline");
  await signIn(page, flagd);
  await expect(page.getByRole("img", { name: /^Live/ })).toBeVisible();
  // Playwright's offline mode leaves open streams alone: the stream is cut by taking its address away.
  await context.route("**/events", (route) => route.abort());
  await page.reload();
  await expect(page.getByText("The connection to the server is lost")).toBeVisible();
  await rest(request, flagd, "PATCH", "projects/default/flags/offline/environments/staging", { enabled: true });
  await context.unroute("**/events");
  await expect(page.getByText("The connection to the server is lost")).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole("switch", { name: "offline in Staging" })).toBeChecked();
});
