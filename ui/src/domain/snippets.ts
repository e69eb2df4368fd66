import type { Flag, FlagType, Variation } from "../api/types";
import { writeJSON } from "./exactJSON";

interface Language {
  /** The method of an OpenFeature client, by flag type. */
  methods: Record<FlagType, string>;
  fallback: (type: FlagType, variation: Variation | undefined) => string;
}

const go: Language = {
  methods: { boolean: "BooleanValue", string: "StringValue", number: "FloatValue", object: "ObjectValue" },
  fallback: (type, variation) => (type === "object" ? "map[string]any{}" : literal(type, variation)),
};

const typescript: Language = {
  methods: { boolean: "getBooleanValue", string: "getStringValue", number: "getNumberValue", object: "getObjectValue" },
  fallback: (type, variation) => (type === "object" ? "{}" : literal(type, variation)),
};

/** literal writes what the application gets when nothing answers: the value for off, else an empty one. */
function literal(type: FlagType, variation: Variation | undefined): string {
  const empty: Record<FlagType, unknown> = { boolean: false, string: "", number: 0, object: {} };
  return writeJSON(variation?.value ?? empty[type]);
}

function call(language: Language, flag: Flag) {
  const off = flag.variations.find(({ key }) => key === "off") ?? flag.variations.at(-1);
  return { method: language.methods[flag.type], fallback: language.fallback(flag.type, off) };
}

/** goSnippet evaluates the flag with OpenFeature's Go SDK. */
export function goSnippet(flag: Flag, origin: string): string {
  const { method, fallback } = call(go, flag);
  return `import (
	"github.com/open-feature/go-sdk/openfeature"
	tidegate "github.com/tidegate-io/tidegate/sdk"
)

provider := tidegate.NewProvider("${origin}", os.Getenv("SDK_KEY"))
if err := openfeature.SetProviderAndWait(provider); err != nil {
	return err
}
client := openfeature.NewClient("my-service")
user := openfeature.NewEvaluationContext("user-1", map[string]any{"country": "FR"})
value, err := client.${method}(ctx, "${flag.key}", ${fallback}, user)`;
}

/** typescriptSnippet evaluates the flag with OpenFeature's server SDK over OFREP. */
export function typescriptSnippet(flag: Flag, origin: string): string {
  const { method, fallback } = call(typescript, flag);
  return `import { OpenFeature } from "@openfeature/server-sdk";
import { OFREPProvider } from "@openfeature/ofrep-provider";

await OpenFeature.setProviderAndWait(
  new OFREPProvider({
    baseUrl: "${origin}",
    headers: [["Authorization", \`Bearer \${process.env.SDK_KEY}\`]],
  }),
);
const client = OpenFeature.getClient();
const value = await client.${method}("${flag.key}", ${fallback}, {
  targetingKey: "user-1",
  country: "FR",
});`;
}

/** curlSnippet evaluates the flag over OFREP. */
export function curlSnippet(flag: Flag, origin: string): string {
  return `curl ${origin}/ofrep/v1/evaluate/flags/${flag.key} \\
  -H "Authorization: Bearer $SDK_KEY" -H "Content-Type: application/json" \\
  -d '{"context": {"targetingKey": "user-1", "country": "FR"}}'`;
}
