import type { Release } from "../../../api/types";
import { useNow } from "../../../components/useNow";
import { formatDuration, parseDuration } from "../../../domain/duration";
import { holdProgress, stepText } from "../../../domain/release";
import { toPercent } from "../../../domain/weights";
import classes from "./ReleaseView.module.css";

type StepState = "done" | "now" | "ahead";

/** StepPlot draws the steps of a release as stairs, with the time that has passed on the present one. */
export function StepPlot({ release }: { release: Release }) {
  const now = useNow(500);
  return (
    <ol className={classes.steps} aria-label="Steps of the release">
      {release.steps.map((one, index) => {
        const state = stateOf(release, index);
        const passed = release.phase === "completed" ? 1 : holdProgress(release, now);
        return (
          <li
            key={index}
            className={classes.step}
            data-state={state}
            aria-current={state === "now" ? "step" : undefined}
          >
            <span className={classes.share}>{stepText(one)}</span>
            <div className={classes.column}>
              <div className={classes.bar} style={{ height: `${toPercent(one.weight ?? 0)}%` }}>
                {state === "now" && <div className={classes.progress} style={{ width: `${passed * 100}%` }} />}
              </div>
            </div>
            <span className={classes.hold}>{holdText(one.hold)}</span>
          </li>
        );
      })}
    </ol>
  );
}

function stateOf({ phase, step }: Release, index: number): StepState {
  if (phase === "reverted" || index > step) {
    return "ahead";
  }
  return index === step ? "now" : "done";
}

function holdText(hold: string | undefined): string {
  const milliseconds = parseDuration(hold ?? "");
  return milliseconds ? formatDuration(milliseconds) : "end";
}
