import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base } from "@playwright/test";

/** A running flagd with a SQLite of its own. */
export interface Flagd {
  /** Its address, without a slash at the end. */
  url: string;
  /** The admin's access token: good for REST, and for `/sign-in?token=…`. */
  token: string;
}

/**
 * Playwright's `test`, with a flagd for each worker as the fixture `flagd`; `page.goto("/…")` and `request.get("/…")` go to it.
 * The tests of a worker share its store, so each test makes the flags that it needs under keys of its own.
 */
export const test = base.extend<object, { flagd: Flagd }>({
  flagd: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern.
    async ({}, use) => {
      const dataDir = await mkdtemp(join(tmpdir(), "tidegate-e2e-"));
      const { flagd, stop } = await start(dataDir);
      try {
        await use(flagd);
      } finally {
        await stop();
        await rm(dataDir, { recursive: true, force: true });
      }
    },
    { scope: "worker" },
  ],
  baseURL: async ({ flagd }, use) => use(flagd.url),
});

export { expect } from "@playwright/test";

/** Starts the binary in FLAGD_TEST_BINARY, or what `make build` has built, and waits until it is ready. */
async function start(dataDir: string): Promise<{ flagd: Flagd; stop: () => Promise<void> }> {
  const binary = process.env.FLAGD_TEST_BINARY ?? fileURLToPath(new URL("../../bin/flagd", import.meta.url));
  const addr = `127.0.0.1:${await freePort()}`;
  const token = `tg_${randomBytes(24).toString("hex")}`;
  const child = spawn(binary, ["serve"], {
    env: {
      PATH: process.env.PATH,
      HOME: dataDir,
      FLAGD_ADDR: addr,
      FLAGD_DATA_DIR: dataDir,
      FLAGD_BOOTSTRAP_ADMIN_TOKEN: token,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (log += chunk));
  child.on("error", (cause) => (log += `${binary}: ${cause.message}; run 'make build'\n`));
  const stop = () => terminate(child);
  try {
    await untilReady(`http://${addr}/readyz`, child);
  } catch (cause) {
    await stop();
    throw new Error(`flagd is not ready on ${addr}; its log:\n${log}`, { cause });
  }
  return { flagd: { url: `http://${addr}`, token }, stop };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (child.pid !== undefined && child.exitCode === null && Date.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(
    child.exitCode === null ? `${url} did not answer 200 in time` : `flagd exited with ${child.exitCode}`,
  );
}

async function terminate(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exited = once(child, "exit");
  const impatience = setTimeout(() => child.kill("SIGKILL"), 20_000);
  child.kill("SIGTERM");
  await exited;
  clearTimeout(impatience);
}

/** A port that is free now. If another process takes it first, flagd says so in its log. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new Error("the system gave no TCP port");
  }
  return address.port;
}
