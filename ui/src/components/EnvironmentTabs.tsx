import { Alert } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import type { Environment } from "../api/types";
import classes from "./EnvironmentTabs.module.css";

interface Props {
  environments: readonly Environment[];
  selected: string;
  /** What stands beside an environment's name, for instance the flag's state there. */
  beside?: (environment: Environment) => ReactNode;
}

/** EnvironmentTabs choose the environment of a page, kept in its address as env. */
export function EnvironmentTabs({ environments, selected, beside }: Props) {
  const tabs = useRef<HTMLElement>(null);
  const { env } = useSearch({ strict: false });
  const unknown = env !== undefined && !environments.some(({ key }) => key === env);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice moves the mark that is looked for.
  useEffect(() => {
    // On a narrow screen the chosen one may be out of sight.
    tabs.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [selected]);
  const nav = (
    <nav className={classes.tabs} aria-label="Environment" ref={tabs}>
      {environments.map((environment) => (
        <Link
          key={environment.key}
          to="."
          search={(search: object) => ({ ...search, env: environment.key })}
          className={classes.tab}
          activeOptions={{ exact: true, explicitUndefined: true }}
          aria-current={environment.key === selected ? "page" : undefined}
        >
          {environment.name || environment.key}
          {beside?.(environment)}
        </Link>
      ))}
    </nav>
  );
  return unknown ? (
    <>
      {nav}
      <Alert role="alert" color="orange" variant="outline" title={`There is no environment “${env}” in this project`}>
        Choose one above. Nothing is shown, so that no other is taken for it.
      </Alert>
    </>
  ) : (
    nav
  );
}
