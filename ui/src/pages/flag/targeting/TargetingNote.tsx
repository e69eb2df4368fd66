import { Alert } from "@mantine/core";
import type { FlagConfig } from "../../../api/types";

/** TargetingNote says where the saved expression may give a name that no variation has. */
export function TargetingNote({ warning }: { warning: FlagConfig["targetingWarning"] }) {
  if (!warning) {
    return null;
  }
  return (
    <Alert color="yellow" variant="outline" title="The expression may fail">
      At <code>{warning.pointer}</code> {warning.reason}: whoever it gives that to gets an error, and the code default.
    </Alert>
  );
}
