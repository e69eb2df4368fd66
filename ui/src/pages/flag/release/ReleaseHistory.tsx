import { Spoiler, Text } from "@mantine/core";
import type { ReleaseEvent } from "../../../api/types";
import { Ago } from "../../../components/Ago";
import { withLocalTimes } from "../../../domain/localTime";
import { turns } from "../../../domain/release";
import { formatPercent } from "../../../domain/weights";
import classes from "./ReleaseView.module.css";

/** ReleaseHistory lists what has become of a release, newest first. */
export function ReleaseHistory({ events }: { events: readonly ReleaseEvent[] }) {
  if (events.length === 0) {
    return null;
  }
  return (
    <Spoiler maxHeight={180} showLabel="Whole history" hideLabel="Less">
      <ol className={classes.history} aria-label="History of the release">
        {turns(events).map(({ at, phase, weight, reason, actor }, index) => (
          <li key={index} className={classes.event}>
            <Ago at={at} />
            <span>{formatPercent(weight)}</span>
            <span>
              {withLocalTimes(reason) || phase}{" "}
              <Text span size="xs" c="dimmed">
                {actor.name}
              </Text>
            </span>
          </li>
        ))}
      </ol>
    </Spoiler>
  );
}
