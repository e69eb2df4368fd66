import type { Flag } from "../../api/types";
import { ReleaseMark } from "../../components/ReleaseMark";
import { servesShort } from "../../domain/serve";
import classes from "./FlagPage.module.css";

interface Props {
  flag: Flag | undefined;
  environment: string;
}

/** EnvironmentState tells beside an environment's name what the flag does there. */
export function EnvironmentState({ flag, environment }: Props) {
  const summary = flag?.environments[environment];
  if (!summary) {
    return null;
  }
  return (
    <>
      <span className={classes.dot} data-on={summary.enabled && !summary.killed} />
      <span className={classes.state}>{summary.killed ? "killed" : summary.enabled ? servesShort(summary) : "off"}</span>
      <ReleaseMark release={summary.release} />
    </>
  );
}
