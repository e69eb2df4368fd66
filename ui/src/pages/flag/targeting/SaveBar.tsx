import { Button } from "@mantine/core";
import classes from "./SaveBar.module.css";

interface Props {
  changes: number;
  /** Why the edit cannot be saved as it is. */
  obstacle: string | undefined;
  onDiscard: () => void;
  onReview: () => void;
}

export function SaveBar({ changes, obstacle, onDiscard, onReview }: Props) {
  return (
    <div className={classes.bar} role="region" aria-label="Unsaved changes">
      <span className={classes.text}>{obstacle ?? `${changes} unsaved ${changes === 1 ? "change" : "changes"}`}</span>
      <Button variant="default" onClick={onDiscard}>
        Discard
      </Button>
      <Button onClick={onReview} disabled={obstacle !== undefined}>
        Review changes
      </Button>
    </div>
  );
}
