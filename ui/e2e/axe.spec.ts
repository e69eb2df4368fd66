import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { fillEveryPage, openPages, settle } from "./everyPage";
import { expect, test } from "./flagd";

// Nothing that axe finds, however small, on any page and in any dialog, in both schemes and at three widths.

interface Surface {
  name: string;
  path: string;
  /** Opens what is looked at besides the page, and gives the source files of what it shows. */
  open?: (page: Page) => Promise<void>;
  sources?: string[];
}

const flag = "/projects/default/flags/every-page?env=production";
const button = (name: string | RegExp) => (page: Page) =>
  page
    .getByRole("button", { name, exact: typeof name === "string" })
    .first()
    .click();

const dialogs: Surface[] = [
  {
    name: "flip",
    path: openPages.flags,
    sources: ["components/FlipDialog.tsx"],
    open: (page) => page.getByRole("switch", { name: "every-page in Production" }).click({ force: true }),
  },
  {
    name: "kill",
    path: flag,
    sources: ["components/KillButton.tsx", "components/ReasonPopover.tsx"],
    open: button("Kill"),
  },
  { name: "create a flag", path: `${openPages.flags}?create=true`, sources: ["pages/flags/CreateFlag.tsx"] },
  { name: "edit a flag", path: flag, sources: ["pages/flag/EditFlag.tsx"], open: button("Edit details") },
  { name: "archive a flag", path: flag, sources: ["pages/flag/ArchiveFlag.tsx"], open: button("Archive") },
  { name: "set up a release", path: "/projects/default/flags/no-release?env=production", open: setUpRelease },
  {
    name: "approve a step",
    path: "/projects/default/flags/to-approve?env=production",
    sources: ["pages/flag/release/ApproveButton.tsx"],
    open: button(/^Approve/),
  },
  {
    name: "revert a release",
    path: "/projects/default/flags/to-approve?env=production",
    sources: ["pages/flag/release/VerbButtons.tsx"],
    open: button("Revert"),
  },
  { name: "review changes", path: flag, sources: ["pages/flag/targeting/ReviewChanges.tsx"], open: review },
  { name: "unsaved changes", path: flag, sources: ["pages/flag/targeting/LeaveGuard.tsx"], open: leave },
  {
    name: "create a segment",
    path: openPages.segments,
    sources: ["pages/segments/SegmentDialog.tsx"],
    open: createSegment,
  },
  { name: "edit a segment", path: openPages.segments, open: button("staff") },
  {
    name: "a release policy",
    path: openPages["release policies"],
    sources: ["pages/policies/ReleasePolicies.tsx", "pages/policies/PolicyForm.tsx"],
    open: button("Careful"),
  },
  {
    name: "stop asking before changes",
    path: openPages.environments,
    sources: ["pages/settings/ProtectionDialog.tsx"],
    open: (page) => page.getByLabel("production asks before changes").click(),
  },
  {
    name: "rename an environment",
    path: openPages.environments,
    sources: ["pages/settings/RenameDialog.tsx"],
    open: button("Rename staging"),
  },
  { name: "freezes", path: openPages.environments, sources: ["pages/settings/FreezesDialog.tsx"], open: freeze },
  {
    name: "origins",
    path: openPages.environments,
    sources: ["pages/settings/OriginsDialog.tsx"],
    open: button(/^Origins of pages in staging/),
  },
  {
    name: "revoke a key",
    path: openPages["SDK keys"],
    sources: ["components/CredentialTable.tsx", "components/RevokeButton.tsx"],
    open: button(/^Revoke/),
  },
  {
    name: "a webhook",
    path: openPages.webhooks,
    sources: ["pages/webhooks/WebhookDetails.tsx"],
    open: (page) => page.getByRole("link", { name: "Every page" }).click(),
  },
  { name: "a delivery", path: openPages.webhooks, sources: ["pages/webhooks/Deliveries.tsx"], open: delivery },
  { name: "account", path: openPages.flags, sources: ["shell/AccountMenu.tsx"], open: button("Account") },
  {
    name: "jump to a flag",
    path: openPages.flags,
    sources: ["shell/FlagJump.tsx"],
    open: (page) => page.keyboard.press("Control+k"),
  },
  {
    name: "shortcuts",
    path: openPages.flags,
    sources: ["shell/ShortcutsHelp.tsx"],
    open: (page) => page.keyboard.press("?"),
  },
];

test("every source of a dialog is looked at", () => {
  const src = fileURLToPath(new URL("../src", import.meta.url));
  const opening = /<(Dialog|Modal|Popover|Menu|Spotlight|Drawer|HoverCard|ReasonPopover|RevokeButton)\b/;
  const sources = readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".tsx") && opening.test(readFileSync(join(src, path), "utf8")))
    .filter((path) => path !== "components/Dialog.tsx");
  expect(dialogs.flatMap(({ sources: seen = [] }) => seen).sort()).toEqual(sources.sort());
});

const pages: Surface[] = [["sign in", "/sign-in"], ...Object.entries(openPages)]
  .map(([name = "", path = ""]) => ({ name, path }))
  .filter(({ name }) => !dialogs.some((dialog) => dialog.name === name));

/**
 * The rules whose outcome depends only on the width. Between 1024 and 1440 pixels the same elements are shown, so
 * names, roles and order are the same. Below that some elements are replaced, so every rule is checked again at 390
 * pixels.
 */
const rulesOfWidth = ["target-size", "scrollable-region-focusable"];

for (const { name, path, open } of [...pages, ...dialogs]) {
  test(`axe finds nothing: ${name}`, async ({ page, flagd, request }) => {
    test.setTimeout(180_000);
    await fillEveryPage(request, flagd);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path === "/sign-in" ? path : `/sign-in?token=${flagd.token}&to=${encodeURIComponent(path)}`);
    await page.waitForURL(path);
    await settle(page);
    await open?.(page);
    const found: string[] = [];
    const look = async (width: number, colorScheme: "light" | "dark", rules?: string[]) => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await settle(page);
      found.push(...(await violations(page, `${colorScheme}, ${width}`, rules)), ...(await tooWide(page, width)));
    };
    await look(1440, "light");
    await look(1024, "light", rulesOfWidth);
    await look(390, "light");
    // A scheme changes only colours.
    await look(390, "dark", ["color-contrast"]);
    await look(1440, "dark", ["color-contrast"]);
    await hoverAll(page);
    await look(1440, "dark", ["color-contrast"]);
    await look(1440, "light", ["color-contrast"]);
    expect(found).toEqual([]);
  });
}

/** violations are what axe finds now, by the rules given, or by all of them. */
async function violations(page: Page, where: string, rules?: string[]): Promise<string[]> {
  // The app has no frames. The legacy mode does not support frames, and it opens no second page.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode(true);
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations.map(
    ({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
  );
}

/** tooWide names the page or the dialog that has to be scrolled sideways. */
async function tooWide(page: Page, width: number): Promise<string[]> {
  const wide = await page
    .locator("html, [role=dialog]")
    .evaluateAll((boxes) =>
      boxes
        .filter((box) => box.scrollWidth > box.clientWidth)
        .map((box) => `${box.tagName}: ${box.scrollWidth - box.clientWidth}`),
    );
  return wide.map((box) => `${width}: scrolls sideways: ${box}`);
}

/** hoverAll shows everything that can be clicked as it is under the mouse. */
async function hoverAll(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("DOM.enable");
  await devtools.send("CSS.enable");
  const { root } = await devtools.send("DOM.getDocument");
  const { nodeIds } = await devtools.send("DOM.querySelectorAll", {
    nodeId: root.nodeId,
    selector: "a, button, input, label, tr, [role]",
  });
  await Promise.all(
    nodeIds.map((nodeId) => devtools.send("CSS.forcePseudoState", { nodeId, forcedPseudoClasses: ["hover"] })),
  );
}

async function setUpRelease(page: Page) {
  await page.getByRole("button", { name: "Set up a release" }).click();
  const form = page.getByRole("form", { name: "Set up a release" });
  await form.getByRole("button", { name: "Guard", exact: true }).click();
  await form.getByRole("button", { name: "Window", exact: true }).click();
  await form.getByRole("button", { name: "Prepare the release" }).click();
  await expect(form.getByRole("alert").or(form.locator("[aria-invalid=true]")).first()).toBeVisible();
}

async function review(page: Page) {
  await page
    .getByRole("group", { name: "Everyone else: share of on" })
    .getByRole("button", { name: "5%", exact: true })
    .click();
  await page.getByRole("button", { name: "Review changes" }).click();
}

async function leave(page: Page) {
  await page
    .getByRole("group", { name: "Everyone else: share of on" })
    .getByRole("button", { name: "5%", exact: true })
    .click();
  await page.getByRole("link", { name: "Changes", exact: true }).click();
}

async function createSegment(page: Page) {
  await page.getByRole("button", { name: "Create segment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add rule" }).click();
  await dialog.getByRole("combobox", { name: "Always in" }).fill("ada,bob");
  await dialog.getByRole("combobox", { name: "Always in" }).press("Enter");
}

async function freeze(page: Page) {
  await page.getByRole("button", { name: "Freezes of releases in development" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Freeze", exact: true }).click();
}

async function delivery(page: Page) {
  await page.getByRole("link", { name: "Every page" }).click();
  await page.getByRole("table", { name: "Deliveries, newest first" }).getByRole("button").first().click();
}
