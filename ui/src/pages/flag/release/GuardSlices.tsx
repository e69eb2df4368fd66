import type { GuardSlice, ReleaseGuard } from "../../../api/types";
import { formatShare } from "../../../domain/guard";
import classes from "./Guards.module.css";

interface Props {
  guard: ReleaseGuard;
  slices: readonly GuardSlice[];
}

/** GuardSlices shows what was measured by variation and version, where there is more than one of either. */
export function GuardSlices({ guard, slices }: Props) {
  if (slices.length < 3) {
    return null;
  }
  return (
    <details>
      <summary>By variation and version</summary>
      <table className={classes.slices}>
        <thead>
          <tr>
            <th>Contexts</th>
            <th>Variation</th>
            <th>Version</th>
            <th>{guard.name}</th>
          </tr>
        </thead>
        <tbody>
          {slices.map(({ arm, variation = "", version = "", value, sample }) => (
            <tr key={[arm, variation, version].join("/")}>
              <td>{arm}</td>
              <td>{variation}</td>
              <td>{version}</td>
              <td>{value === undefined ? "–" : `${format(guard, value)} of ${sample.toLocaleString()}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function format({ kind }: ReleaseGuard, value: number): string {
  return kind === "rate" ? formatShare(value) : String(Number(value.toPrecision(3)));
}
