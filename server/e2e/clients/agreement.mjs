// Reads {flags: [{key, type}], contexts} from standard input, evaluates every flag for every context with OpenFeature's
// provider for flagd, by RPC and in-process, and writes {mode: {flag: [{variant, value, errorCode, reason}, …]}} to standard output.
// An answer that is left to the code default has neither variant nor value.
import { readFileSync } from "node:fs";
import { FlagdProvider } from "@openfeature/flagd-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { hostPort } from "./flagd-process.mjs";
import { required } from "./flagd.mjs";

const { flags, contexts } = JSON.parse(readFileSync(0, "utf8"));
const codeDefaults = { boolean: false, string: "", number: 0, object: {} };
const modes = {
  // Answers that providers remember are not asked for again: here, each shall be the server's.
  rpc: { resolverType: "rpc", cache: "disabled", ...hostPort("FLAGD_FLAGD_ADDR") },
  inProcess: {
    resolverType: "in-process",
    selector: `key=${required("FLAGD_SDK_KEY")}`,
    ...hostPort("FLAGD_FLAGD_SYNC_ADDR"),
  },
};

const answers = {};
for (const [mode, options] of Object.entries(modes)) {
  await OpenFeature.setProviderAndWait(mode, new FlagdProvider({ deadlineMs: 20_000, ...options }));
  const client = OpenFeature.getClient(mode);
  answers[mode] = {};
  for (const { key, type } of flags) {
    const resolve = `get${type[0].toUpperCase()}${type.slice(1)}Details`;
    answers[mode][key] = await Promise.all(
      contexts.map(async (context) => {
        const { variant, value, errorCode, reason } = await client[resolve](key, codeDefaults[type], context);
        return variant ? { variant, value, errorCode, reason } : { errorCode, reason };
      }),
    );
  }
}
await OpenFeature.close();
process.stdout.write(JSON.stringify(answers));
