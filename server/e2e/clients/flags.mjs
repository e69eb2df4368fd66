// One flag of each type, and the two that are off, as both clients read them.

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
    read: { kind: "String", codeDefault: "none", value: "old", variant: "off", reason: "DISABLED" },
  },
};

/** A flag that is off and leaves the answer to the code default of the application. */
export const codeDefaultFlag = {
  key: "left-to-the-code",
  flag: { type: "boolean" },
  config: { enabled: false, offVariation: null },
};
