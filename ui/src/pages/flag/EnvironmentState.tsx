import type { Flag } from "../../api/types";
import { ReleaseMark } from "../../components/ReleaseMark";
import classes from "./FlagPage.module.css";

interface Props {
  flag: Flag | undefined;
  environment: string;
}

/** EnvironmentState tells beside an environment's name what the flag serves there. */
export function EnvironmentState({ flag, environment }: Props) {
  const summary = flag?.environments[environment];
  if (!summary) {
    return null;
  }
  const { state, short, sentence } = summary.serving;
  return (
    <>
      <span className={classes.dot} data-on={state === "on"} />
      <span className={classes.state} title={sentence}>
        {short}
      </span>
      <ReleaseMark release={summary.release} />
    </>
  );
}
