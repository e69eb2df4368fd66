// One flag of each type, and those that are off, as both clients read them.
import { createFlag, killFlag } from "./flagd.mjs";

const two = (on, off) => [
  { key: "on", value: on },
  { key: "off", value: off },
];

const banner = { text: "Welcome", lines: [1, 2.5], nested: { bold: true, link: null } };

/** Flags by key: how they are created, configured in production, and what an application then reads. */
export const flags = {
  "dark-mode": {
    flag: { type: "boolean" },
    config: { enabled: true },
    read: { kind: "Boolean", codeDefault: false, value: true, variant: "on" },
  },
  theme: {
    flag: { type: "string", variations: two("midnight", "daylight") },
    config: { enabled: true, targets: [{ variation: "on", values: ["user-1"] }], fallthrough: { variation: "off" } },
    read: { kind: "String", codeDefault: "none", value: "midnight", variant: "on", reason: "TARGETING_MATCH" },
  },
  "page-size": {
    flag: { type: "number", variations: two(37.5, 0) },
    config: {
      enabled: true,
      fallthrough: { rollout: { weights: [{ variation: "on", weight: 100000 }, { variation: "off", weight: 0 }] } },
    },
    read: { kind: "Number", codeDefault: -1, value: 37.5, variant: "on" },
  },
  banner: {
    flag: { type: "object", variations: two(banner, {}) },
    config: { enabled: true },
    read: { kind: "Object", codeDefault: {}, value: banner, variant: "on" },
  },
  "switched-off": {
    flag: { type: "string", variations: two("new", "old") },
    config: { enabled: false },
    read: { kind: "String", codeDefault: "none", value: "old", variant: "off", reason: "DEFAULT", detail: "off" },
  },
  // The code default is the opposite of the off variation: an application must get the latter.
  dark: {
    flag: { type: "boolean" },
    config: { enabled: false },
    read: { kind: "Boolean", codeDefault: true, value: false, variant: "off", reason: "DEFAULT", detail: "off" },
  },
  killed: {
    flag: { type: "boolean" },
    config: { enabled: true },
    killed: true,
    read: { kind: "Boolean", codeDefault: true, value: false, variant: "off", reason: "DEFAULT", detail: "killed" },
  },
};

/** Boolean flags that leave the answer to the code default of the application: how they are configured, and the reason. */
export const codeDefaultFlags = {
  "left-to-the-code": { config: { enabled: false, offVariation: null }, reason: "DISABLED" },
  "not-available": {
    config: { enabled: true, offVariation: null, availability: { service: "another", version: ">=1" } },
    reason: "DEFAULT",
  },
};

/** Creates all of these flags, with further properties. */
export async function createFlags(properties = {}) {
  for (const [key, { flag, config, killed }] of Object.entries(flags)) {
    await createFlag(key, { ...flag, ...properties }, config);
    if (killed) {
      await killFlag(key);
    }
  }
  for (const [key, { config }] of Object.entries(codeDefaultFlags)) {
    await createFlag(key, { type: "boolean", ...properties }, config);
  }
}
