import AxeBuilder from "@axe-core/playwright";
import { createFlag, rest, signIn } from "./app";
import { expect, type Flagd, test } from "./flagd";

const pages = {
  flags: "/projects/default/flags",
  "create a flag": "/projects/default/flags?create=true",
  targeting: "/projects/default/flags/every-page?env=production",
  variations: "/projects/default/flags/every-page?env=production&tab=variations",
  "try it": "/projects/default/flags/every-page?env=production&tab=try",
  history: "/projects/default/flags/every-page?env=production&tab=history",
  code: "/projects/default/flags/every-page?env=production&tab=code",
  deployments: "/projects/default/deployments?env=production",
  "no deployments": "/projects/default/deployments?env=staging",
  fleet: "/projects/default/fleet?env=production",
  changes: "/projects/default/changes?env=production",
  segments: "/projects/default/segments",
  "SDK keys": "/projects/default/settings",
  environments: "/projects/default/settings?tab=environments",
  "release policies": "/projects/default/settings?tab=release-policies",
  webhooks: "/projects/default/settings?tab=webhooks",
  "access tokens": "/projects/default/settings?tab=access-tokens",
};

/** Something on every page. */
async function fill(request: Parameters<typeof rest>[0], flagd: Flagd) {
  const known = await rest(request, flagd, "GET", "projects/default/flags");
  if (known.items.some(({ key }: { key: string }) => key === "every-page")) {
    return;
  }
  await createFlag(request, flagd, "every-page", { tags: ["shop"], description: "On every page." });
  const environment = "projects/default/environments/production";
  await rest(request, flagd, "PUT", "projects/default/segments/staff", { included: ["ada"] });
  await rest(request, flagd, "POST", `${environment}/sdk-keys`, { name: "shop", kind: "server" });
  await rest(request, flagd, "PATCH", "projects/default/flags/every-page/environments/production", {
    rules: [{ id: "r", clauses: [{ any: [{ attribute: "country", operator: "in", values: ["FR"] }] }], serve: { variation: "on" } }],
  });
  await rest(request, flagd, "PUT", `${environment}/flags/every-page/release`, {
    variation: "on",
    trigger: { deployment: { service: "pages", version: ">=1.0.0" } },
    steps: [{ weight: 1_000, hold: "10m" }, { weight: 25_000, hold: "1h" }, { weight: 100_000 }],
  });
  for (const [version, status] of [["1.0.0", "succeeded"], ["0.9.0-rc.1", "started"]]) {
    await rest(request, flagd, "POST", `${environment}/deployments`, { service: "pages", version, status, strategy: "rolling" });
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("no page hinders anybody", async ({ page, flagd, request }) => {
      test.setTimeout(180_000);
      await fill(request, flagd);
      await page.goto("/sign-in");
      await expect(page.getByRole("heading", { name: "Sign in to Tidegate" })).toBeVisible();
      expect(await violations(page), "sign-in").toEqual([]);
      await signIn(page, flagd);
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(path);
        await settle(page);
        expect(await violations(page), name).toEqual([]);
      }
    });
  });
}

/** violations lists what axe finds to be serious or critical. */
async function violations(page: ConstructorParameters<typeof AxeBuilder>[0]["page"]) {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

/** settle waits until nothing is loading and nothing fades in. */
async function settle(page: ConstructorParameters<typeof AxeBuilder>[0]["page"]) {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
}

for (const width of [1280, 390]) {
  test(`no page is wider than ${width} pixels`, async ({ page, flagd, request }) => {
    await fill(request, flagd);
    await page.setViewportSize({ width, height: 844 });
    await signIn(page, flagd);
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(path);
      await settle(page);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(beyond, name).toBeLessThanOrEqual(0);
    }
  });
}

test("no page asks another host, breaks the content policy or fails", async ({ page, context, flagd, request }) => {
  await fill(request, flagd);
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
  for (const path of Object.values(pages)) {
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
