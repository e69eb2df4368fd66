import type { ChangeKind, DeploymentStrategy } from "./api/types";
import { strategies } from "./domain/strategy";

// What each page keeps in its address. Anything unknown there is dropped.

type Raw = Record<string, unknown>;

function text(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") {
    return value;
  }
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((item) => item === value);
}

export interface SignInSearch {
  /** The one-time token of a sign-in link. */
  token?: string | undefined;
  /** Where to go afterwards, inside this web app. */
  to?: string | undefined;
}

export function signInSearch(raw: Raw): SignInSearch {
  return { token: text(raw.token), to: text(raw.to) };
}

const flagStates = ["on", "off", "releasing", "archived"] as const;
export type FlagState = (typeof flagStates)[number];

export interface FlagsSearch {
  q?: string | undefined;
  purpose?: string | undefined;
  tag?: string | undefined;
  state?: FlagState | undefined;
  /** The environment that the state is about; any unless set. */
  env?: string | undefined;
  create?: true | undefined;
}

export function flagsSearch(raw: Raw): FlagsSearch {
  return {
    q: text(raw.q),
    purpose: text(raw.purpose),
    tag: text(raw.tag),
    state: oneOf(raw.state, flagStates),
    env: text(raw.env),
    create: raw.create === true ? true : undefined,
  };
}

export interface EnvironmentSearch {
  env?: string | undefined;
}

export function environmentSearch(raw: Raw): EnvironmentSearch {
  return { env: text(raw.env) };
}

export interface DeploymentsSearch extends EnvironmentSearch {
  service?: string | undefined;
  strategy?: DeploymentStrategy | undefined;
}

export function deploymentsSearch(raw: Raw): DeploymentsSearch {
  return { ...environmentSearch(raw), service: text(raw.service), strategy: oneOf(raw.strategy, strategies) };
}

export const flagTabs = ["targeting", "variations", "try", "history", "code"] as const;
export type FlagTab = (typeof flagTabs)[number];

export interface FlagSearch extends EnvironmentSearch {
  tab?: FlagTab | undefined;
}

export function flagSearch(raw: Raw): FlagSearch {
  return { ...environmentSearch(raw), tab: oneOf(raw.tab, flagTabs) };
}

export const changeKinds: readonly ChangeKind[] = [
  "flagConfig",
  "flag",
  "release",
  "kill",
  "releasePolicy",
  "deployment",
  "segment",
  "sdkKey",
  "webhook",
  "environment",
  "project",
];

export interface ChangesSearch extends EnvironmentSearch {
  kind?: ChangeKind | undefined;
  key?: string | undefined;
}

export function changesSearch(raw: Raw): ChangesSearch {
  return { ...environmentSearch(raw), kind: oneOf(raw.kind, changeKinds), key: text(raw.key) };
}

export const settingsTabs = ["sdk-keys", "environments", "release-policies", "webhooks", "access-tokens"] as const;
export type SettingsTab = (typeof settingsTabs)[number];

export interface SettingsSearch extends EnvironmentSearch {
  tab?: SettingsTab | undefined;
  webhook?: string | undefined;
}

export function settingsSearch(raw: Raw): SettingsSearch {
  return { ...environmentSearch(raw), tab: oneOf(raw.tab, settingsTabs), webhook: text(raw.webhook) };
}
