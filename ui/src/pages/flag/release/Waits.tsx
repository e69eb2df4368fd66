import { Text } from "@mantine/core";
import type { Release } from "../../../api/types";
import { windowText } from "../../../domain/release";
import classes from "./ReleaseView.module.css";

/** Waits lists what the release waits for before it goes on by itself, and the windows in which it may. */
export function Waits({ release: { waits = [], windows = [], policy, reason } }: { release: Release }) {
  // What stands in the reason already is not said twice.
  const more = waits.filter(({ text }) => !reason.includes(text));
  const notes = [policy ? `Policy ${policy}` : "", windows.map(windowText).join("; ")].filter(Boolean).join(" · ");
  return (
    <>
      {more.length > 0 && (
        <div>
          <Text size="sm">Waits</Text>
          <ul className={classes.waits} aria-label="What the release waits for">
            {more.map(({ kind, text }) => (
              <li key={kind + text}>{text}</li>
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
