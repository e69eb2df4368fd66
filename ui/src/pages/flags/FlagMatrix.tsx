import { useMediaQuery } from "@mantine/hooks";
import { IconLock } from "@tabler/icons-react";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import type { Environment, Flag } from "../../api/types";
import classes from "./FlagMatrix.module.css";
import { FlagRow } from "./FlagRow";

interface Props {
  project: string;
  flags: readonly Flag[];
  environments: readonly Environment[];
}

/** Longer lists draw only the rows in view. */
const longList = 150;
const rowHeight = 38;
/** On a narrow screen the environments stand below the flag, so many on a line. */
const across = 3;

function linesOf(environments: readonly Environment[]): number {
  return Math.max(1, Math.ceil(environments.length / across));
}

export function FlagMatrix({ project, flags, environments }: Props) {
  const Body = flags.length > longList ? WindowedRows : AllRows;
  return (
    <div
      className={classes.matrix}
      role="table"
      aria-label="Flags by environment"
      aria-rowcount={flags.length + 1}
      style={{
        "--environments": environments.length,
        "--across": Math.min(across, environments.length),
        "--lines": linesOf(environments),
      }}
    >
      <div className={classes.stuck} role="rowgroup">
        <div className={classes.head} role="row" aria-rowindex={1}>
          <div role="columnheader">Flag</div>
          {environments.map(({ key, name, production }) => (
            <div role="columnheader" key={key}>
              {name || key}
              {production && <Asks />}
            </div>
          ))}
        </div>
      </div>
      <Body project={project} flags={flags} environments={environments} />
    </div>
  );
}

function Asks() {
  return (
    <span role="img" aria-label="asks before changes" title="Asks before changes">
      {" "}
      <IconLock size={14} className={classes.asks} />
    </span>
  );
}

function AllRows({ project, flags, environments }: Props) {
  return (
    <div className={classes.rows} role="rowgroup">
      {flags.map((flag, index) => (
        <FlagRow key={flag.key} project={project} flag={flag} environments={environments} index={index} />
      ))}
    </div>
  );
}

function WindowedRows({ project, flags, environments }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const narrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const height = narrow ? 40 + 52 * linesOf(environments) : rowHeight;
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: flags.length,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured again when their height changes.
  useLayoutEffect(() => rows.measure(), [rows, height]);
  return (
    <div className={classes.rows} role="rowgroup" ref={list} style={{ height: flags.length * height }}>
      {rows.getVirtualItems().map(({ index, start }) => {
        const flag = flags[index];
        return (
          flag && (
            <FlagRow
              key={flag.key}
              project={project}
              flag={flag}
              environments={environments}
              index={index}
              top={start - top}
            />
          )
        );
      })}
    </div>
  );
}
