import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** The way back; "Cancel" unless it leads somewhere. */
  cancel?: string;
  onCancel: () => void;
  /** The button that does it. */
  children: ReactNode;
}

/** DialogActions ends a dialog: the way back, and the button that does it. */
export function DialogActions({ cancel = "Cancel", onCancel, children }: Props) {
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onCancel}>
        {cancel}
      </Button>
      {children}
    </Group>
  );
}
