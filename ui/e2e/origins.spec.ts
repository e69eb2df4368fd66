import { createFlag, rest, signIn } from "./app";
import { expect, test } from "./flagd";

test("an environment names the origins whose pages may evaluate, and no longer does", async ({
  page,
  flagd,
  request,
}) => {
  await createFlag(request, flagd, "origins", { clientSide: true });
  const { key } = await rest(request, flagd, "POST", "projects/default/environments/staging/sdk-keys", {
    name: "page",
    kind: "client",
  });
  const evaluateFrom = async (origin: string) => {
    const response = await request.post(`${flagd.url}/ofrep/v1/evaluate/flags/origins`, {
      headers: { "X-API-Key": key, Origin: origin },
      data: { context: {} },
    });
    return `${response.status()} ${response.headers()["access-control-allow-origin"] ?? "no origin"}`;
  };
  await signIn(page, flagd);
  await page.goto("/projects/default/settings?tab=environments");
  const origins = page.getByRole("button", { name: "Origins of pages in staging" });
  await expect(origins).toHaveText("every origin");
  await expect.poll(() => evaluateFrom("https://other.example")).toBe("200 *");

  await origins.click();
  const dialog = page.getByRole("dialog", { name: "Origins of pages: Staging" });
  const input = dialog.getByRole("combobox", { name: "Origins" });
  await input.pressSequentially("shop.example,");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText(/An origin is a scheme, a host and a port/)).toBeVisible();
  await input.press("Backspace");
  await input.pressSequentially("https://shop.example,");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(origins).toHaveText("https://shop.example");
  await expect.poll(() => evaluateFrom("https://other.example")).toBe("403 no origin");
  expect(await evaluateFrom("https://shop.example")).toBe("200 https://shop.example");

  await origins.click();
  await input.press("Backspace");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(origins).toHaveText("every origin");
  await expect.poll(() => evaluateFrom("https://other.example")).toBe("200 *");
});
