import { rest, signIn } from "./app";
import { expect, test } from "./flagd";

test("an unknown environment in the address is said, and no other is opened for it", async ({ page, flagd }) => {
  await signIn(page, flagd);
  await page.goto("/projects/default/changes?env=nope");
  await expect(page.getByRole("alert")).toContainText("There is no environment “nope” in this project");
  await expect(page.getByRole("list", { name: "Changes" })).toBeHidden();
  await page.getByRole("navigation", { name: "Environment" }).getByRole("link", { name: "Staging" }).click();
  await expect(page.getByRole("alert")).toBeHidden();
});

test("production stops asking only once its key is typed, and environments are renamed", async ({
  page,
  flagd,
  request,
}) => {
  await rest(request, flagd, "PUT", "projects/default/environments/guarded-one", {
    name: "Guarded",
    production: true,
    position: 9,
  });
  await signIn(page, flagd);
  await page.goto("/projects/default/settings?tab=environments");
  const asks = page.getByLabel("guarded-one asks before changes");
  await asks.click();
  const dialog = page.getByRole("dialog", { name: "Let Guarded change without asking?" });
  await expect(dialog.getByRole("button", { name: "Stop asking" })).toBeDisabled();
  await expect(asks).toBeChecked();
  await dialog.getByLabel("Type guarded-one to confirm").pressSequentially("guarded-one", { delay: 20 });
  await dialog.getByRole("button", { name: "Stop asking" }).click();
  await expect(dialog).toBeHidden();
  await expect(asks).not.toBeChecked();

  await page.getByRole("button", { name: "Rename guarded-one" }).click();
  await page.getByLabel("Name of the environment").last().fill("Canary two");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Rename guarded-one" })).toHaveText("Canary two");
});

test("a segment shows its difference before it is saved, and asks before it is archived", async ({
  page,
  flagd,
  request,
}) => {
  const path = "projects/default/segments/watched";
  await rest(request, flagd, "PUT", path, { name: "Watched", included: ["ann"] });
  await signIn(page, flagd);
  await page.goto("/projects/default/segments");
  await page.getByText("watched", { exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Segment watched" });
  await expect(dialog.getByRole("button", { name: "Review changes" })).toBeDisabled();
  await dialog.getByLabel("Description").fill("people to look after");
  await dialog.getByRole("button", { name: "Review changes" }).click();
  await expect(dialog).toContainText("This changes all environments at once, production too");
  await expect(dialog).toContainText("after: people to look after");
  await dialog.getByRole("button", { name: "Save in all environments" }).click();
  await expect(dialog).toBeHidden();
  await page.getByText("watched", { exact: true }).click();
  await dialog.getByRole("button", { name: "Archive", exact: true }).click();
  await expect(dialog).toContainText("Archive watched in all environments?");
  await rest(request, flagd, "GET", path);
  await dialog.getByRole("button", { name: "Archive now" }).click();
  await expect(page.getByText("watched", { exact: true })).toBeHidden();
});
