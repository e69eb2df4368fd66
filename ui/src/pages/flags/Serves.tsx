import type { FlagSummary } from "../../api/types";
import { ReleaseMark } from "../../components/ReleaseMark";
import { SharesBar } from "../../components/SharesBar";
import classes from "./FlagMatrix.module.css";

interface Props {
  summary: FlagSummary;
  variations: readonly string[];
}

/** Serves tells in the server's own words what a flag serves. */
export function Serves({ summary, variations }: Props) {
  const { serving, serves, release } = summary;
  return (
    <>
      <span className={classes.short} data-state={serving.state} title={serving.sentence}>
        {serving.short}
      </span>
      {serving.state === "on" && serves.length > 1 && (
        <span className={classes.bar}>
          <SharesBar weights={serves} variations={variations} />
        </span>
      )}
      <ReleaseMark release={release} />
    </>
  );
}
