import { Text } from "@mantine/core";
import type { Release } from "../../../api/types";
import { withLocalTimes } from "../../../domain/localTime";
import { remainingWaits, windowText } from "../../../domain/release";
import classes from "./ReleaseView.module.css";

/** Waits lists what the release waits for before it goes on by itself, and the windows in which it may. */
export function Waits({ release }: { release: Release }) {
  const { windows = [], policy } = release;
  const more = remainingWaits(release);
  const notes = [policy ? `Policy ${policy}` : "", windows.map(windowText).join("; ")].filter(Boolean).join(" · ");
  return (
    <>
      {more.length > 0 && (
        <div>
          <Text size="sm">Waits</Text>
          <ul className={classes.waits} aria-label="What the release waits for">
            {more.map(({ kind, text }) => (
              <li key={kind + text}>{withLocalTimes(text)}</li>
            ))}
          </ul>
        </div>
      )}
      {notes && (
        <Text size="xs" c="dimmed">
          {notes}
        </Text>
      )}
    </>
  );
}
