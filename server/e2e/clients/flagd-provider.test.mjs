// An application on a server that was written for OpenFeature's flagd: @openfeature/server-sdk with
// @openfeature/flagd-provider, which asks for each evaluation (RPC) or evaluates what it syncs (in-process).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { FlagdProvider } from "@openfeature/flagd-provider";
import { OpenFeature, ProviderEvents } from "@openfeature/server-sdk";
import { hostPort, kill, start, stop } from "./flagd-process.mjs";
import { configure, createFlag, sdkKey } from "./flagd.mjs";
import { codeDefaultFlags, createFlags, flags } from "./flags.mjs";

const environment = "default/production";
const context = { targetingKey: "user-1" };
// Without a deadline of its own for streams: after ten minutes it would end them, and a provider that is closed while it
// reconnects goes on with that for good, so that the process of the long form would not end.
const patient = { deadlineMs: 20_000, retryBackoffMaxMs: 1000, streamDeadlineMs: 0 };
// How long the provider sends a ping every 10 ms; the long form takes ten minutes.
const keepAliveFor = Number(process.env.FLAGD_TEST_KEEP_ALIVE_SECONDS ?? 3) * 1000;

const notForFlagd = "with-a-pattern";
let serverKey, bound;

before(async () => {
  await start();
  await createFlags();
  await createFlag(notForFlagd, { type: "boolean" }, {
    enabled: true,
    rules: [{ clauses: [{ attribute: "email", operator: "matches", values: ["^a"] }], serve: { variation: "on" } }],
    fallthrough: { variation: "off" },
  });
  serverKey = await sdkKey("server");
  // The provider sends no metadata with its event stream, so for RPC the listener is bound to the key.
  bound = { FLAGD_FLAGD_KEYS: serverKey, FLAGD_FLAGD_CONTEXT: "region=eu" };
  await stop();
  await start(bound);
});

after(async () => {
  await OpenFeature.close();
  await kill();
});

const modes = {
  rpc: () => ({ resolverType: "rpc", ...hostPort("FLAGD_FLAGD_ADDR") }),
  "in-process": () => ({
    resolverType: "in-process",
    ...hostPort("FLAGD_FLAGD_SYNC_ADDR"),
    selector: `flagSetId=${environment},key=${serverKey}`,
  }),
};

/** What the provider says for a reason of ours: flagd's targeting tells what is served and not why. */
const reasons = {
  rpc: (reason) => [reason],
  "in-process": (reason) => ({ SPLIT: ["TARGETING_MATCH"] })[reason] ?? [reason],
};

/** A client of a provider, and the events that it has emitted. */
async function connect(domain, options) {
  const events = [];
  const provider = new FlagdProvider({ ...patient, ...options });
  for (const event of [ProviderEvents.Ready, ProviderEvents.Stale, ProviderEvents.Error, ProviderEvents.ConfigurationChanged]) {
    provider.events.addHandler(event, (details) => events.push({ event, flags: details?.flagsChanged ?? [] }));
  }
  await OpenFeature.setProviderAndWait(domain, provider);
  return { client: OpenFeature.getClient(domain), events };
}

/** Waits until done says yes. */
async function until(what, done) {
  for (const end = Date.now() + 30_000; !(await done()); await setTimeout(10)) {
    assert.ok(Date.now() < end, `waited in vain until ${what}`);
  }
}

for (const [mode, options] of Object.entries(modes)) {
  describe(mode, () => {
    let client, events;

    before(async () => {
      ({ client, events } = await connect(mode, options()));
    });

    for (const [key, { read }] of Object.entries(flags)) {
      test(`reads ${key}`, async () => {
        const details = await client[`get${read.kind}Details`](key, read.codeDefault, context);
        assert.equal(details.errorCode, undefined, details.errorMessage);
        assert.deepEqual(details.value, read.value);
        assert.equal(details.variant, read.variant);
        assert.equal(details.flagMetadata.detail, read.detail);
        assert.equal(details.flagMetadata.flagSetId, environment);
        assert.ok(details.flagMetadata.version > 0, "the revision at which the flag last changed");
        if (read.reason) {
          assert.ok(reasons[mode](read.reason).includes(details.reason), details.reason);
        }
      });
    }

    for (const [key, { reason }] of Object.entries(codeDefaultFlags)) {
      test(`gets its code default from ${key}`, async () => {
        for (const codeDefault of [true, false]) {
          const details = await client.getBooleanDetails(key, codeDefault, context);
          assert.equal(details.value, codeDefault);
          assert.equal(details.errorCode, undefined, details.errorMessage);
          assert.equal(details.reason, reason);
          assert.ok(details.flagMetadata.version > 0, "the metadata is kept");
        }
      });
    }

    test("is told that a flag does not exist", async () => {
      const details = await client.getBooleanDetails("no-such-flag", true, context);
      assert.equal(details.value, true);
      assert.equal(details.errorCode, "FLAG_NOT_FOUND");
    });

    test("is told that a flag has another type", async () => {
      const details = await client.getBooleanDetails("theme", true, context);
      assert.equal(details.value, true);
      assert.equal(details.errorCode, "TYPE_MISMATCH");
    });

    test("has another answer for another context", async () => {
      const details = await client.getStringDetails("theme", "none", { targetingKey: "user-2" });
      assert.equal(details.value, "daylight");
      assert.equal(details.reason, "DEFAULT");
    });

    test("evaluates with the attributes of the server's configuration", async () => {
      await createFlag(`${mode}-region`, { type: "boolean" }, {
        enabled: true,
        rules: [{ clauses: [{ attribute: "region", operator: "in", values: ["eu"] }], serve: { variation: "on" } }],
        fallthrough: { variation: "off" },
      });
      const elsewhere = { ...context, region: "us" };
      await until("the new flag is served", () => client.getBooleanValue(`${mode}-region`, false, elsewhere));
    });

    test("sees a change, and is told of it", async () => {
      assert.equal(await client.getBooleanValue("dark-mode", false, context), true);
      await configure("dark-mode", { enabled: false });
      await until("the change is told of", () => events.some(({ flags }) => flags.includes("dark-mode")));
      assert.equal(await client.getBooleanValue("dark-mode", true, context), false);
      await configure("dark-mode", { enabled: true });
      await until("the change back is seen", () => client.getBooleanValue("dark-mode", false, context));
    });

    test("comes back after a restart", async () => {
      for (const end of [stop, kill]) {
        const known = events.length;
        await end();
        await until("the provider is stale", () => events.slice(known).some(({ event }) => event === ProviderEvents.Stale));
        if (mode === "in-process") {
          assert.equal(await client.getBooleanValue("dark-mode", false, context), true, "what was last known is served on");
        }
        await start(bound);
        await until("the provider is ready again", () => events.slice(known).some(({ event }) => event === ProviderEvents.Ready));
        await configure("dark-mode", { enabled: false });
        await until("a change is seen", async () => !(await client.getBooleanValue("dark-mode", true, context)));
        await configure("dark-mode", { enabled: true });
        await until("the change back is seen", () => client.getBooleanValue("dark-mode", false, context));
      }
    });

    test("is not cut off for aggressive keep-alives", { timeout: keepAliveFor + 60_000 }, async () => {
      const eager = await connect(`${mode}-eager`, { ...options(), keepAliveTime: 10 });
      for (const end = Date.now() + keepAliveFor; Date.now() < end; await setTimeout(50)) {
        assert.equal(await eager.client.getStringValue("theme", "none", context), "midnight");
      }
      const cut = eager.events.filter(({ event }) => event === ProviderEvents.Stale || event === ProviderEvents.Error);
      assert.deepEqual(cut, []);
    });
  });
}

test("in-process: a flag that cannot be expressed is not there, and is named", async () => {
  const details = await OpenFeature.getClient("in-process").getBooleanDetails(notForFlagd, false, context);
  assert.equal(details.errorCode, "FLAG_NOT_FOUND");
  assert.equal(details.flagMetadata.omittedFlags, notForFlagd);
  const asked = await OpenFeature.getClient("rpc").getBooleanDetails(notForFlagd, false, { ...context, email: "a@x" });
  assert.equal(asked.value, true);
});

test("in-process: the key in the selector is not among the metadata", async () => {
  const details = await OpenFeature.getClient("in-process").getBooleanDetails("dark-mode", false, context);
  assert.equal(details.flagMetadata.scope, environment);
});

test("in-process: a key that is wrong is fatal where the application says so", async () => {
  const options = { ...modes["in-process"](), selector: "key=sdk-wrong", fatalStatusCodes: ["UNAUTHENTICATED"] };
  await assert.rejects(connect("stranger", options), { code: "PROVIDER_FATAL" });
});

test("in-process: an environment that is not the key's is refused", async () => {
  const options = {
    ...modes["in-process"](),
    selector: `flagSetId=default/staging,key=${serverKey}`,
    fatalStatusCodes: ["PERMISSION_DENIED"],
  };
  await assert.rejects(connect("elsewhere", options), { code: "PROVIDER_FATAL" });
});
