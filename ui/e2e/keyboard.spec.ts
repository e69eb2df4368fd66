import { createFlag, flagSwitch, signIn } from "./app";
import { expect, test } from "./flagd";

test("a flag is found and flipped in production without a mouse", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "keyboard-flip");
  await signIn(page, flagd);
  await page.keyboard.press("/");
  await page.keyboard.type("keyboard-flip");
  await expect(page.getByRole("row", { name: /keyboard-flip/ })).toBeVisible();
  const production = flagSwitch(page, "keyboard-flip", "Production");
  for (let presses = 0; presses < 20 && !(await isFocused(production)); presses++) {
    await page.keyboard.press("Tab");
  }
  await expect(production).toBeFocused();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Turn on" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(production).toBeChecked();
  await expect(production).toBeFocused();
});

test("Ctrl K jumps to a flag, also from a switch that has the focus", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "keyboard-jump");
  await signIn(page, flagd);
  await flagSwitch(page, "keyboard-jump", "Staging").focus();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("textbox", { name: "Jump to a flag" })).toBeFocused();
  await page.keyboard.type("keyboard-jump");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "keyboard-jump", level: 1 })).toBeVisible();
});

test("the shortcuts are listed and lead to every page", async ({ page, flagd }) => {
  await signIn(page, flagd);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toContainText("Go to deployments");
  await page.keyboard.press("Escape");
  for (const [key, title] of [
    ["d", "Deployments"],
    ["c", "Changes"],
    ["s", "Segments"],
    ["t", "Settings"],
    ["f", "Flags"],
  ]) {
    await expect(page.getByRole("dialog")).toBeHidden();
    await page.keyboard.press("g");
    await page.keyboard.press(key!);
    await expect(page.getByRole("heading", { name: title!, level: 1 })).toBeVisible();
  }
});

async function isFocused(locator: ReturnType<typeof flagSwitch>): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}
