// A flagd of the test's own, which it can stop and start again: on the addresses and with the data of the Go test.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { required, url } from "./flagd.mjs";

const patience = 30_000;
let flagd;
let output = "";

/** Starts flagd with further variables, and waits until it is ready. */
export async function start(variables = {}) {
  flagd = spawn(required("FLAGD_TEST_BINARY"), ["serve"], {
    env: {
      FLAGD_ADDR: required("FLAGD_ADDR"),
      FLAGD_FLAGD_ADDR: required("FLAGD_FLAGD_ADDR"),
      FLAGD_FLAGD_SYNC_ADDR: required("FLAGD_FLAGD_SYNC_ADDR"),
      FLAGD_DATA_DIR: required("FLAGD_DATA_DIR"),
      FLAGD_BOOTSTRAP_ADMIN_TOKEN: required("FLAGD_TOKEN"),
      FLAGD_DRAIN_GRACE: "1ms",
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [flagd.stdout, flagd.stderr]) {
    stream.on("data", (text) => (output += text));
  }
  for (const end = Date.now() + patience; !(await ready()); await setTimeout(20)) {
    if (flagd.exitCode !== null || Date.now() > end) {
      throw new Error(`flagd is not ready; it printed:\n${output}`);
    }
  }
}

async function ready() {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** Asks flagd to end, and waits until it has. */
export async function stop() {
  await end("SIGTERM");
}

/** Ends flagd at once. */
export async function kill() {
  await end("SIGKILL");
}

async function end(signal) {
  if (!flagd || flagd.exitCode !== null || flagd.signalCode !== null) {
    return;
  }
  const exited = once(flagd, "exit");
  flagd.kill(signal);
  await exited;
}

/** The host and port of an address of the Go test. */
export function hostPort(variable) {
  const [host, port] = required(variable).split(":");
  return { host, port: Number(port) };
}
