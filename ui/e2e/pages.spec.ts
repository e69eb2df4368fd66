import { signIn } from "./app";
import { fillEveryPage, openPages, settle } from "./everyPage";
import { expect, test } from "./flagd";

for (const width of [1280, 390]) {
  test(`no page is wider than ${width} pixels`, async ({ page, flagd, request }) => {
    await fillEveryPage(request, flagd);
    await page.setViewportSize({ width, height: 844 });
    await signIn(page, flagd);
    for (const [name, path] of Object.entries(openPages)) {
      await page.goto(path);
      await settle(page);
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(beyond, name).toBeLessThanOrEqual(0);
    }
  });
}

test("no page asks another host, breaks the content policy or fails", async ({ page, context, flagd, request }) => {
  await fillEveryPage(request, flagd);
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  context.on("request", (sent) => {
    if (!sent.url().startsWith(`${flagd.url}/`) && !/^(data|blob):/.test(sent.url())) {
      elsewhere.push(sent.url());
    }
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await signIn(page, flagd);
  for (const path of Object.values(openPages)) {
    await page.goto(path);
    await settle(page);
  }
  expect(elsewhere).toEqual([]);
  expect(complaints).toEqual([]);
});

test("a link to a page leads there after the sign-in, and never to another host", async ({ page, flagd }) => {
  await page.goto("/projects/default/changes?env=staging");
  await expect(page.getByRole("heading", { name: "Sign in to Tidegate" })).toBeVisible();
  await page.getByLabel("Access token").fill(flagd.token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Changes", level: 1 })).toBeVisible();
  expect(new URL(page.url()).search).toBe("?env=staging");

  await page.goto(`/sign-in?to=//example.com&token=${flagd.token}`);
  await expect(page.getByRole("heading", { name: "Flags", level: 1 })).toBeVisible();
});

test("a wrong token is told", async ({ page }) => {
  await page.goto("/sign-in?token=link_wrong");
  await expect(page.getByRole("alert")).toBeVisible();
});
