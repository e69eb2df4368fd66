import type { Locator, Page } from "@playwright/test";
import { createFlag, rest, signIn } from "./app";
import { expect, test } from "./flagd";

// Lists as people fill them: from a spreadsheet, a mail, a query, a file.

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const pasted: [string, string][] = [
  ["lines", `${Array.from({ length: 20 }, (_, index) => `line-${index}`).join("\r\n")}\n`],
  ["a row of a spreadsheet", "cell-1\tcell-2\tcell-3"],
  ["semicolons", "semi-1; semi-2;semi-3"],
  ["quotes", "\"quoted, one\", 'quoted-two'"],
];
const keys = [
  ...Array.from({ length: 20 }, (_, index) => `line-${index}`),
  "cell-1",
  "cell-2",
  "cell-3",
  "semi-1",
  "semi-2",
  "semi-3",
  "quoted, one",
  "quoted-two",
];

test("a segment takes what is pasted, and a hundred thousand keys from a file", async ({ page, flagd, request }) => {
  test.setTimeout(120_000);
  await signIn(page, flagd);
  await page.goto("/projects/default/segments");
  await page.getByRole("button", { name: "Create segment" }).click();
  const dialog = page.getByRole("dialog", { name: "Create a segment" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Many keys");
  const list = dialog.getByRole("combobox", { name: "Always in" });
  for (const [, text] of pasted) {
    await paste(page, list, text);
  }
  await expect(dialog.getByText(`${keys.length} keys`)).toBeVisible();
  await paste(page, list, "line-3\nline-3\nnew-key\nLine-3");
  await expect(dialog.getByRole("status", { name: "Always in: what was added" })).toHaveText(
    "2 added. 2 dropped, there already: line-3, line-3.",
  );
  const many = Array.from({ length: 100_000 }, (_, index) => `user-${index}`);
  await fromFile(page, "Always in", many);
  await expect(dialog.getByText("100,030 keys, the first 100 shown")).toBeVisible({ timeout: 30_000 });
  await list.press("Backspace");
  await dialog.getByRole("textbox", { name: "Always in: find" }).fill("user-99999");
  await expect(dialog.getByText("user-99999", { exact: true })).toBeVisible();
  await list.press("Backspace");
  await dialog.getByRole("button", { name: "Create segment" }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
  const { included } = await rest(request, flagd, "GET", "projects/default/segments/many-keys");
  expect(included).toHaveLength(100_030);
  expect(included.slice(0, keys.length)).toEqual(keys);
});

test("more targets than a flag has room for are told before they are sent, and those that fit are saved", async ({
  page,
  flagd,
  request,
}) => {
  test.setTimeout(120_000);
  await createFlag(request, flagd, "lists-many");
  const many = Array.from({ length: 100_000 }, (_, index) => `user-${100_000 + index}`);
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/lists-many?env=staging");
  await fromFile(page, "Always on", many);
  const bar = page.getByRole("region", { name: "Unsaved changes" });
  await expect(bar).toContainText("of these 100,000 keys. Put them into a segment", { timeout: 30_000 });
  await expect(bar.getByRole("button", { name: "Review changes" })).toBeDisabled();
  const fits = Number(/about ([\d,]+) of/.exec((await bar.textContent())!)?.[1]?.replaceAll(",", ""));
  expect(fits).toBeGreaterThan(70_000);
  await bar.getByRole("button", { name: "Discard" }).click();

  await fromFile(page, "Always on", many.slice(0, fits - 10));
  await bar.getByRole("button", { name: "Review changes" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toBeHidden({ timeout: 30_000 });
  const { targets } = await rest(request, flagd, "GET", "projects/default/flags/lists-many/environments/staging");
  expect(targets[0].values).toHaveLength(fits - 10);
});

test("targets and values of a rule take what is pasted, as text unless somebody says number", async ({
  page,
  flagd,
  request,
}) => {
  await createFlag(request, flagd, "lists-flag");
  const config = "projects/default/flags/lists-flag/environments/staging";
  await signIn(page, flagd);
  await page.goto("/projects/default/flags/lists-flag?env=staging");
  await paste(page, page.getByRole("combobox", { name: "Always on" }), keys.slice(0, 20).join("\n"));
  await page.getByRole("button", { name: "Add rule" }).click();
  await page.keyboard.type("version");
  const values = page.getByRole("combobox", { name: "Rule 1, condition 1: values" });
  await values.click();
  await page.keyboard.type("1.10,2.0,42", { delay: 20 });
  await page.keyboard.press("Enter");
  await page.keyboard.type('"a, b"');
  await page.keyboard.press("Enter");
  await paste(page, values, "7;true\t9007199254740993");
  await page.keyboard.type("left behind");
  await page.keyboard.press("Tab");
  const rule = page.getByRole("region", { name: "Rule 1" });
  await rule.getByRole("button", { name: "7 is text: make it number" }).click();
  await rule.getByRole("button", { name: "true is text: make it true or false" }).click();
  await expect(rule.getByRole("button", { name: "7 is number: make it text" })).toBeVisible();
  await expect(rule.getByRole("button", { name: /^9007199254740993 is/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Review changes" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const saved = await rest(request, flagd, "GET", config);
  expect(saved.targets).toEqual([{ variation: "on", values: keys.slice(0, 20) }]);
  expect(saved.rules[0].clauses[0].values).toEqual([
    "1.10",
    "2.0",
    "42",
    "a, b",
    7,
    true,
    "9007199254740993",
    "left behind",
  ]);
  await rest(request, flagd, "PATCH", config, { enabled: true });
  const serves = async (version: unknown) =>
    (await rest(request, flagd, "POST", `${config}/explain`, { context: { targetingKey: "u", version } })).ruleId !==
    undefined;
  expect([await serves("1.10"), await serves("2.0"), await serves(42), await serves(7)]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

test("values of variations keep their type, their digits and their one line", async ({ page, flagd, request }) => {
  await signIn(page, flagd);
  await page.goto("/projects/default/flags?create=true");
  const dialog = page.getByRole("dialog", { name: "Create a flag" });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Lists text");
  await dialog.getByText("string", { exact: true }).click();
  await dialog.getByRole("button", { name: "Create flag" }).click();
  await expect(dialog.getByText("Another variation is empty too")).toBeVisible();
  const first = dialog.getByLabel("Value of variation 1");
  await paste(page, first, "1.10\n");
  await expect(first).toHaveValue("1.10");
  await first.press("Shift+Enter");
  await expect(dialog.getByText("2 lines")).toBeVisible();
  await first.press("Backspace");
  await dialog.getByRole("button", { name: "Variation", exact: true }).click();
  await dialog.getByLabel("Value of variation 3").fill("third");
  await expect(dialog.getByRole("combobox", { name: "When off, serve" })).toHaveValue("off");
  await dialog.getByLabel("Value of variation 2").fill("42");
  await dialog.getByLabel("Value of variation 2").press("Enter");
  await expect(page.getByRole("heading", { name: "lists-text", level: 1 })).toBeVisible();
  const made = await rest(request, flagd, "GET", "projects/default/flags/lists-text");
  expect(made.variations.map(({ value }: { value: unknown }) => value)).toEqual(["1.10", "42", "third"]);

  await createFlag(request, flagd, "lists-digits", {
    type: "object",
    variations: [
      { key: "a", value: {} },
      { key: "b", value: { b: 1 } },
    ],
  });
  await page.goto("/projects/default/flags/lists-digits?tab=variations");
  await page.getByLabel("Value of variation 1").fill('{"id": 9007199254740993}');
  await page.getByRole("button", { name: "Save variations" }).click();
  await expect(page.getByRole("button", { name: "Save variations" })).toBeHidden();
  await page.reload();
  await expect(page.getByLabel("Value of variation 1")).toHaveValue('{"id":9007199254740993}');
  await page.getByLabel("Description of variation 1").fill("large");
  await page.getByRole("button", { name: "Save variations" }).click();
  await expect(page.getByRole("button", { name: "Save variations" })).toBeHidden();
  const stored = await request.get("/api/v1/projects/default/flags/lists-digits", {
    headers: { Authorization: `Bearer ${flagd.token}` },
  });
  expect(await stored.text()).toContain("9007199254740993");
});

async function paste(page: Page, field: Locator, text: string): Promise<void> {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await field.focus();
  await page.keyboard.press("Control+v");
}

/** fromFile fills a list from a file with one key a line. */
async function fromFile(page: Page, list: string, keys: readonly string[]): Promise<void> {
  const chosen = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: `${list}: from a file` }).click();
  await (await chosen).setFiles({ name: "keys.csv", mimeType: "text/csv", buffer: Buffer.from(keys.join("\r\n")) });
}
