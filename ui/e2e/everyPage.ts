import type { APIRequestContext, Page } from "@playwright/test";
import { createFlag, rest } from "./app";
import { expect, type Flagd } from "./flagd";

/** openPages are the pages of a project, by name. */
export const openPages = {
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

const environment = "projects/default/environments/production";

/** fillEveryPage puts something on every page, once. */
export async function fillEveryPage(request: APIRequestContext, flagd: Flagd): Promise<void> {
  const known = await rest(request, flagd, "GET", "projects/default/flags");
  if (known.items.some(({ key }: { key: string }) => key === "every-page")) {
    return;
  }
  await createFlag(request, flagd, "every-page", { tags: ["shop"], description: "On every page." });
  await createFlag(request, flagd, "no-release");
  await rest(request, flagd, "PUT", "projects/default/segments/staff", { included: ["ada"] });
  await rest(request, flagd, "POST", `${environment}/sdk-keys`, { name: "shop", kind: "server" });
  await rest(request, flagd, "PATCH", "projects/default/flags/every-page/environments/production", {
    rules: [
      {
        id: "r",
        clauses: [{ any: [{ attribute: "country", operator: "in", values: ["FR", "42", 42] }] }],
        serve: { variation: "on" },
      },
    ],
    targets: [{ variation: "on", values: ["ada", "bob"] }],
  });
  await rest(request, flagd, "PUT", `${environment}/flags/every-page/release`, {
    variation: "on",
    trigger: { deployment: { service: "pages", version: ">=1.0.0" } },
    steps: [{ weight: 1_000, hold: "10m" }, { weight: 25_000, hold: "1h" }, { weight: 100_000 }],
  });
  for (const [version, status] of [
    ["1.0.0", "succeeded"],
    ["0.9.0-rc.1", "started"],
  ]) {
    await rest(request, flagd, "POST", `${environment}/deployments`, {
      service: "pages",
      version,
      status,
      strategy: "rolling",
    });
  }
  await fillRelease(request, flagd);
  await fillWebhook(request, flagd);
}

/** fillRelease starts a release that waits for an approval. */
async function fillRelease(request: APIRequestContext, flagd: Flagd): Promise<void> {
  await createFlag(request, flagd, "to-approve");
  await rest(request, flagd, "PATCH", "projects/default/flags/to-approve/environments/production", { enabled: true });
  await rest(request, flagd, "PUT", `${environment}/flags/to-approve/release`, {
    variation: "on",
    trigger: { manual: true },
    steps: [
      { weight: 1_000, hold: "10m" },
      { weight: 100_000, approval: true },
    ],
  });
  await rest(request, flagd, "POST", `${environment}/flags/to-approve/release/start`);
}

/** fillWebhook makes a webhook that has had a delivery. */
async function fillWebhook(request: APIRequestContext, flagd: Flagd): Promise<void> {
  const { id, secret } = await rest(request, flagd, "POST", "projects/default/webhooks", {
    name: "Every page",
    kind: "generic",
  });
  await request.post(`/hooks/generic/${id}`, {
    headers: { Authorization: `Bearer ${secret}` },
    data: { service: "pages", version: "1.0.1", environment: "staging", status: "succeeded" },
  });
}

/** settle waits until nothing is loading and nothing fades in. */
export async function settle(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, includeHidden: true }).first()).toBeAttached();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
}
