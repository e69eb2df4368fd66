import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { flagsQuery } from "./flags";
import { refresh } from "./refresh";
import type { Change, Flag } from "./types";

function change(kind: Change["kind"], key: string, environment = "production"): Change {
  return { environment, revision: 1, at: "", actor: { kind: "user", name: "admin" }, kind, key, reason: "" };
}

function setup() {
  const client = new QueryClient();
  const invalidated = vi.spyOn(client, "invalidateQueries");
  const fetched = vi.spyOn(client, "fetchQuery");
  return { client, fetched, keys: () => invalidated.mock.calls.map(([filter]) => filter?.queryKey?.slice(2)) };
}

afterEach(() => vi.restoreAllMocks());

test("a flip loads one flag, puts it into the list and renews what shows its configuration", async () => {
  const { client, fetched, keys } = setup();
  const list = flagsQuery("shop").queryKey;
  client.setQueryData(list, [{ key: "cart", name: "old", archived: false } as Flag]);
  fetched.mockResolvedValue({ key: "cart", name: "new", archived: false });
  await refresh(client, "shop", [change("flagConfig", "cart"), change("flagConfig", "cart")]);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(client.getQueryData(list)?.[0]?.name).toBe("new");
  expect(keys()).toEqual([
    ["changes", "production"],
    ["flagConfig", "production", "cart"],
    ["releases", "production", "cart"],
  ]);
});

test("many flags at once are loaded as a list", async () => {
  const { client, fetched, keys } = setup();
  await refresh(
    client,
    "shop",
    Array.from({ length: 30 }, (_, index) => change("flag", `flag-${index}`)),
  );
  expect(fetched).not.toHaveBeenCalled();
  expect(keys()).toContainEqual(["flags"]);
});

test("a flag that cannot be loaded makes the lists load anew", async () => {
  const { client, fetched, keys } = setup();
  fetched.mockRejectedValue(new Error("gone"));
  await refresh(client, "shop", [change("flag", "cart")]);
  expect(keys()).toContainEqual(["flags"]);
});

test("a deployment renews deployments, fleet and releases of its environment alone", async () => {
  const { client, keys } = setup();
  await refresh(client, "shop", [change("deployment", "1", "staging")]);
  expect(keys()).toEqual([
    ["changes", "staging"],
    ["deployments", "staging"],
    ["fleet", "staging"],
    ["releases", "staging"],
    ["flagConfig"],
  ]);
});
