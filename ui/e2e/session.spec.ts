import { createFlag, signIn } from "./app";
import { expect, test } from "./flagd";

test("a session that ends while something is saved keeps the draft and offers to sign in", async ({
  page,
  context,
  flagd,
  request,
}) => {
  await createFlag(request, flagd, "long-draft");
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/long-draft?env=staging");
  await page.getByRole("switch", { name: "Flag is on" }).click({ force: true });
  await page.getByRole("button", { name: "Review changes" }).click();
  const review = page.getByRole("dialog");
  const cookies = await context.cookies();
  await context.clearCookies();
  await review.getByLabel("Reason").pressSequentially("the long one", { delay: 20 });
  await review.getByRole("button", { name: "Save" }).click();
  await expect(review.getByRole("alert").filter({ hasText: "Your session has ended" })).toBeVisible();
  await expect(review.getByRole("link", { name: "Sign in in another tab" })).toHaveAttribute("href", "/sign-in");
  await expect(review.getByLabel("Reason")).toHaveValue("the long one");
  await context.addCookies(cookies);
  await review.getByRole("button", { name: "Save" }).click();
  await expect(review).toBeHidden();
  await expect(page.getByTestId("serving")).toHaveText("Now: Everyone gets on.");
});
