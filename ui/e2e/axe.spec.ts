import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { signIn } from "./app";
import { fillEveryPage, openPages, settle } from "./everyPage";
import { expect, type Flagd, test } from "./flagd";

// Nothing that axe finds, however small, on any page and in the dialogs named here, in both schemes and at three widths.

interface Surface {
  name: string;
  path: string;
  /** Opens what is looked at besides the page. */
  open?: (page: Page) => Promise<void>;
}

const flag = "/projects/default/flags/every-page?env=production";
const button = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name, exact: typeof name === "string" }).first().click();

const dialogs: Surface[] = [
  { name: "kill", path: flag, open: button("Kill") },
  { name: "account", path: openPages.flags, open: button("Account") },
];

const pages: Surface[] = [["sign in", "/sign-in"], ...Object.entries(openPages)].map(([name = "", path = ""]) => ({ name, path }));
const surfaces = [...pages, ...dialogs];
const together = 5;

for (let first = 0; first < surfaces.length; first += together) {
  const group = surfaces.slice(first, first + together);
  test(`axe finds nothing: ${group.map(({ name }) => name).join(", ")}`, async ({ page, flagd, request }) => {
    test.setTimeout(300_000);
    await fillEveryPage(request, flagd);
    const found: string[] = [];
    const hovered = new Set<string>();
    for (const { name, path, open } of group) {
      await page.setViewportSize({ width: 1440, height: 900 });
      if (path !== "/sign-in") {
        await signInOnce(page, flagd);
      }
      await page.goto(path);
      await settle(page);
      await open?.(page);
      for (const width of [1440, 1024, 390]) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          await settle(page);
          // The scheme changes colours alone.
          const axe = new AxeBuilder({ page });
          const { violations } = await (colorScheme === "light" ? axe : axe.withRules("color-contrast")).analyze();
          found.push(...violations.map(({ id, nodes }) => `${name}, ${colorScheme}, ${width}: ${id}: ${nodes.map(({ html }) => html.slice(0, 140)).join(" | ")}`));
          found.push(...(width === 1440 ? await lookAtHovered(page, `${name}, ${colorScheme}`, colorScheme, hovered) : []));
        }
      }
    }
    expect(found).toEqual([]);
  });
}

async function signInOnce(page: Page, flagd: Flagd) {
  if (new URL(page.url()).pathname === "/sign-in" || page.url() === "about:blank") {
    await signIn(page, flagd);
  }
}

/** lookAtHovered checks the contrast of each kind of button under the mouse, once. */
async function lookAtHovered(page: Page, where: string, scheme: string, seen: Set<string>): Promise<string[]> {
  const found: string[] = [];
  const dialog = page.getByRole("dialog").last();
  const scope = (await dialog.isVisible()) ? dialog : page;
  for (const candidate of await scope.locator("button:visible:not([disabled]), a.mantine-Button-root:visible").all()) {
    const kind = await candidate.evaluate((element) => `${element.className} ${element.getAttribute("data-variant")} ${element.getAttribute("style")}`);
    if (seen.has(`${scheme} ${kind}`)) {
      continue;
    }
    seen.add(`${scheme} ${kind}`);
    await candidate.hover();
    await settle(page);
    await candidate.evaluate((element) => element.setAttribute("data-hovered", ""));
    const { violations } = await new AxeBuilder({ page }).include("[data-hovered]").withRules("color-contrast").analyze();
    await candidate.evaluate((element) => element.removeAttribute("data-hovered"));
    found.push(...violations.map(({ nodes }) => `${where}, hovered: ${nodes.map(({ html }) => html.slice(0, 140)).join(" | ")}`));
  }
  return found;
}
