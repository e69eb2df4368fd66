import type { Locator, Page } from "@playwright/test";
import { createFlag, rest, signIn } from "./app";
import { expect, test } from "./flagd";

// Every field for a number, as people use it: typed at human speed, pasted, stepped, cleared and left.

const slowly = { delay: 30 };

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("50/30/20 is reached with the keyboard alone, and is what is served", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "numbers-shares", {
    type: "string",
    variations: ["red", "green", "blue"].map((key) => ({ key, value: key })),
  });
  const config = "projects/default/flags/numbers-shares/environments/staging";
  await rest(request, flagd, "PATCH", config, {
    enabled: true,
    fallthrough: {
      rollout: {
        weights: [
          { variation: "red", weight: 100_000 },
          { variation: "green", weight: 0 },
          { variation: "blue", weight: 0 },
        ],
      },
    },
  });
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/numbers-shares?env=staging");
  const field = (variation: string) => page.getByLabel(`Everyone else: percentage of ${variation}`);
  await tabTo(page, field("red"));
  await page.keyboard.type("50", slowly);
  await tabTo(page, field("green"));
  await page.keyboard.type("30", slowly);
  await expect(page.getByRole("alert").filter({ hasText: "20% is missing to 100%." })).toBeVisible();
  await tabTo(page, field("blue"));
  await page.keyboard.type("20", slowly);
  const review = page.getByRole("button", { name: "Review changes" });
  await tabTo(page, review);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toContainText("red 50%, green 30%, blue 20%");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  const { fallthrough } = await rest(request, flagd, "GET", config);
  expect(fallthrough.rollout.weights.map(({ weight }: { weight: number }) => weight)).toEqual([50_000, 30_000, 20_000]);
});

test("a percentage shows what it holds, whatever is done to it", async ({ page, flagd, request }) => {
  await createFlag(request, flagd, "numbers-percentage");
  await rest(request, flagd, "PATCH", "projects/default/flags/numbers-percentage/environments/staging", {
    fallthrough: {
      rollout: {
        weights: [
          { variation: "on", weight: 0 },
          { variation: "off", weight: 100_000 },
        ],
      },
    },
  });
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/numbers-percentage?env=staging");
  const on = page.getByLabel("Everyone else: percentage of on");
  const off = page.getByLabel("Everyone else: percentage of off");
  const blocked = page.getByRole("button", { name: "Review changes" });

  await test.step("typed into a field that shows 0%, wherever it is clicked", async () => {
    await slowClick(page, on, 0.9);
    await page.keyboard.type("75", slowly);
    await expect(on).toHaveValue("75%");
    await expect(off).toHaveValue("25%");
    await off.click();
    await expect(on).toHaveValue("75%");
  });
  await test.step("typed behind the zero", async () => {
    await on.fill("0");
    await on.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.type("62.5", slowly);
    await expect(on).toHaveValue("62.5%");
    await expect(off).toHaveValue("37.5%");
  });
  await test.step("pasted", async () => {
    for (const [pasted, shown, rest] of [
      ["33,333", "33.333%", "66.667%"],
      [" 40 % ", "40%", "60%"],
      ["080", "80%", "20%"],
    ]) {
      await pasteOver(page, on, pasted!);
      await expect(on).toHaveValue(shown!);
      await expect(off).toHaveValue(rest!);
    }
    await pasteOver(page, on, "1e1 of all");
    await expect(page.getByText("“1e1 of all” is not a number.")).toBeVisible();
    await expect(on).toHaveValue("80%");
  });
  await test.step("stepped", async () => {
    await on.press("ArrowUp");
    await on.press("ArrowUp");
    await on.press("ArrowDown");
    await expect(on).toHaveValue("81%");
    await expect(off).toHaveValue("19%");
  });
  await test.step("what is no percentage is told, changes nothing else and cannot be saved", async () => {
    for (const [typed, fault] of [
      ["150", "From 0 to 100."],
      ["33.3333", "At most 3 decimals."],
      ["", "A number is missing."],
      ["-5", "From 0 to 100."],
    ]) {
      await retype(page, on, typed!);
      await on.blur();
      await expect(page.getByText(fault!)).toBeVisible();
      await expect(on).toHaveAttribute("aria-invalid", "true");
      await expect(blocked).toBeDisabled();
    }
    await retype(page, on, "12.5");
    await on.blur();
    await expect(on).toHaveValue("12.5%");
    await expect(off).toHaveValue("87.5%");
    await expect(blocked).toBeEnabled();
  });
  await test.step("set from elsewhere, the field follows", async () => {
    await retype(page, on, "");
    await page
      .getByRole("group", { name: "Everyone else: share of on" })
      .getByRole("button", { name: "5%", exact: true })
      .click();
    await expect(on).toHaveValue("5%");
    await expect(off).toHaveValue("95%");
  });
});

test("every number field of a release is typed, pasted, stepped, cleared and left, and sends what it shows", async ({
  page,
  flagd,
  request,
}) => {
  test.setTimeout(150_000);
  await createFlag(request, flagd, "numbers-release");
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/numbers-release?env=staging");
  await page.getByRole("button", { name: "Set up a release" }).click();
  const form = page.getByRole("form", { name: "Set up a release" });
  await form.getByRole("combobox", { name: "Service" }).fill("numbers");
  await form.getByRole("textbox", { name: "Version" }).fill(">=1.0.0");
  await tryEveryField(page, form);
  const sent = page.waitForRequest((call) => call.method() === "PUT" && call.url().endsWith("/release"));
  await form.getByRole("button", { name: "Prepare the release" }).click();
  const trigger = { deployment: shownNumbers.deployment };
  expect((await sent).postDataJSON()).toMatchObject({ trigger, ...shownNumbers.steered });
  // This flagd may ask no other host, so the second guard is refused.
  await form.getByRole("button", { name: "Remove guard 2" }).click();
  await form.getByRole("button", { name: "Prepare the release" }).click();
  await expect(form).toBeHidden();
  const release = await rest(
    request,
    flagd,
    "GET",
    "projects/default/environments/staging/flags/numbers-release/release",
  );
  const { steps, guards } = shownNumbers.steered;
  expect(release).toMatchObject({ trigger, steps, guards: guards.slice(0, 1) });
});

test("every number field of a release policy does so, too", async ({ page, flagd }) => {
  test.setTimeout(150_000);
  await signIn(page, flagd);
  await page.goto("/projects/default/settings?tab=release-policies");
  await page.getByRole("button", { name: "Create policy" }).click();
  const form = page.getByRole("form", { name: "Release policy" });
  await form.getByRole("textbox", { name: "Name" }).first().fill("Numbers");
  await tryEveryField(page, form);
  const sent = page.waitForRequest(
    (call) => call.method() === "PUT" && call.url().endsWith("/release-policies/numbers"),
  );
  await form.getByRole("button", { name: "Create policy" }).click();
  expect((await sent).postDataJSON()).toMatchObject({ deployment: shownNumbers.deployment, ...shownNumbers.steered });
});

/** shownNumbers is what is sent after tryEveryField. */
const shownNumbers = {
  deployment: { minInstances: 75, minShare: 75 },
  steered: {
    steps: [{ weight: 75_000, minSample: 75 }, { weight: 100_000 }],
    guards: [{ quantile: 0.75, tolerance: 0.75, minSample: 75 }, { threshold: 75 }],
  },
};

/** tryEveryField gives the form two steps and two guards, and does to each of its number fields what people do. */
async function tryEveryField(page: Page, form: Locator): Promise<void> {
  await form.getByRole("button", { name: "25 → 100%" }).click();
  await addGuard(page, form, 1, "quantile of the values of events", "Event", "latency");
  await addGuard(page, form, 2, "answer of a web address", "Address", "https://health.example/load");
  const fields = form.locator("input[inputmode=decimal]");
  await expect(fields).toHaveCount(9);
  for (let index = 0; index < 9; index++) {
    await tryField(page, fields.nth(index));
  }
  // The last step is the one that completes the release: 100 % again.
  await retype(page, form.getByLabel("Step 2: percentage"), "100");
}

/** tryField does to a field what people do, and ends with 75, or 0.75 in a field that ends at 1. */
async function tryField(page: Page, field: Locator): Promise<void> {
  const label =
    (await field.getAttribute("aria-label")) ??
    (await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent));
  const typed = label === "Quantile" ? "0.75" : "75";
  await test.step(`${label}`, async () => {
    const shown = async () => (await field.inputValue()).replace(/[ %]/g, "");
    await field.focus();
    await page.keyboard.type(`0${typed}`.replace("00", "0"), slowly);
    expect(await shown()).toBe(typed);
    await field.press("ArrowUp");
    await field.press("ArrowDown");
    expect(await shown()).toBe(typed);
    await pasteOver(page, field, ` ${typed}\n`);
    expect(await shown()).toBe(typed);
    await pasteOver(page, field, "about 3");
    await expect(page.getByText("“about 3” is not a number.")).toBeVisible();
    expect(await shown()).toBe(typed);
    await retype(page, field, "");
    await field.blur();
    expect(await shown()).toBe("");
    await retype(page, field, "9007199254740993");
    await field.blur();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    expect(await shown()).toBe("9007199254740993");
    await retype(page, field, typed);
    await field.blur();
    expect(await shown()).toBe(typed);
    await expect(field).not.toHaveAttribute("aria-invalid", "true");
  });
}

async function addGuard(
  page: Page,
  form: Locator,
  number: number,
  kind: string,
  field: string,
  text: string,
): Promise<void> {
  await form.getByRole("button", { name: "Guard", exact: true }).click();
  const guard = form.getByRole("group", { name: `Guard ${number}` });
  await guard.getByRole("textbox", { name: "Name" }).fill(`guard-${number}`);
  await guard.getByRole("combobox", { name: "Measures" }).click();
  await page.getByRole("option", { name: kind }).click();
  await guard.getByRole("textbox", { name: field, exact: true }).fill(text);
}

/** slowClick holds the mouse down for as long as a hand does, at a share of the field's width. */
async function slowClick(page: Page, field: Locator, at: number): Promise<void> {
  await field.scrollIntoViewIfNeeded();
  const box = await field.boundingBox();
  await page.mouse.move(box!.x + 6 + (box!.width - 30) * at, box!.y + box!.height / 2);
  await page.mouse.down();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.mouse.up();
}

async function retype(page: Page, field: Locator, text: string): Promise<void> {
  await field.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.type(text);
}

async function pasteOver(page: Page, field: Locator, text: string): Promise<void> {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await field.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+v");
}

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeFocused();
}
