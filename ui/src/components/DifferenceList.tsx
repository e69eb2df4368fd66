import { Text } from "@mantine/core";
import type { Difference } from "../domain/configDifference";
import classes from "./DifferenceList.module.css";

/** DifferenceList shows what was beneath what will be, line by line. */
export function DifferenceList({ differences }: { differences: readonly Difference[] }) {
  if (differences.length === 0) {
    return <Text c="dimmed">Nothing changes.</Text>;
  }
  return (
    <dl className={classes.list}>
      {differences.map(({ label, before, after }, index) => (
        <DifferenceLine key={index} label={label} before={before} after={after} />
      ))}
    </dl>
  );
}

interface LineProps {
  label: string;
  before: string | undefined;
  after: string | undefined;
}

function DifferenceLine({ label, before, after }: LineProps) {
  return (
    <>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.sides}>
        {before !== undefined && (
          <del className={classes.before}>
            <span className="quiet">before: </span>
            {before}
          </del>
        )}
        {after !== undefined && (
          <ins className={classes.after}>
            <span className="quiet">after: </span>
            {after}
          </ins>
        )}
      </dd>
    </>
  );
}
