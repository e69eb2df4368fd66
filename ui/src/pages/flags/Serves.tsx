import type { FlagSummary } from "../../api/types";
import { ReleaseMark } from "../../components/ReleaseMark";
import { SharesBar } from "../../components/SharesBar";
import { servesShort, sharesText } from "../../domain/serve";
import classes from "./FlagMatrix.module.css";

interface Props {
  summary: FlagSummary;
  variations: readonly string[];
}

/** Serves tells in a few characters what a flag serves: a percentage where it splits, else the variation. */
export function Serves({ summary, variations }: Props) {
  const { enabled, killed, serves, rules, targets, release } = summary;
  if (killed) {
    return (
      <>
        <span className={classes.killed} title={sharesText(serves)}>
          killed
        </span>
        <ReleaseMark release={release} />
      </>
    );
  }
  return (
    <>
      <span className={enabled ? undefined : classes.off} title={sharesText(serves)}>
        {servesShort(summary)}
      </span>
      {serves.length > 1 && (
        <span className={classes.bar}>
          <SharesBar weights={serves} variations={variations} />
        </span>
      )}
      {enabled && rules + targets > 0 && <span className={classes.rules}>{extrasText(rules, targets)}</span>}
      <ReleaseMark release={release} />
    </>
  );
}

function extrasText(rules: number, targets: number): string {
  const parts = [rules > 0 ? `${rules} ${rules === 1 ? "rule" : "rules"}` : "", targets > 0 ? `${targets} keys` : ""];
  return `+ ${parts.filter(Boolean).join(", ")}`;
}
