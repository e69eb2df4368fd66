import { type APIRequestContext, expect, type Page } from "@playwright/test";
import type { Flagd } from "./flagd";

/** signIn opens a link with the token, the admin's unless another is given, and waits for the flags. */
export async function signIn(page: Page, flagd: Flagd, token = flagd.token): Promise<void> {
  await page.goto(`/sign-in?token=${token}`);
  await expect(page.getByRole("heading", { name: "Flags", level: 1 })).toBeVisible();
}

/** rest calls the REST API as the admin, and fails the test unless the answer is a success. */
export async function rest(
  request: APIRequestContext,
  flagd: Flagd,
  method: "GET" | "PUT" | "PATCH" | "POST",
  path: string,
  data?: unknown,
) {
  const response = await request.fetch(`${flagd.url}/api/v1/${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${flagd.token}`,
      "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
    },
    ...(data === undefined ? {} : { data }),
  });
  expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true);
  return response.json();
}

export async function createFlag(request: APIRequestContext, flagd: Flagd, key: string, more: object = {}) {
  return rest(request, flagd, "PUT", `projects/default/flags/${key}`, {
    type: "boolean",
    name: `Name of ${key}`,
    ...more,
  });
}

/** flagSwitch is the switch of a flag in the matrix. */
export function flagSwitch(page: Page, key: string, environment: string) {
  return page.getByRole("switch", { name: `${key} in ${environment}`, exact: true });
}
