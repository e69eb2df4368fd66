import { Text } from "@mantine/core";
import type { FlagConfig } from "../../../api/types";

/** FlagdNote says why applications that evaluate a definition for flagd do not get the flag. */
export function FlagdNote({ warning }: { warning: FlagConfig["flagdWarning"] }) {
  if (!warning) {
    return null;
  }
  return (
    <Text size="sm" c="dimmed">
      Applications that evaluate flags with flagd&rsquo;s in-process provider do not get this flag: {warning.reason}
      {warning.pointer && (
        <>
          {" "}
          (at <code>{warning.pointer}</code>)
        </>
      )}
      . Everything else serves it.
    </Text>
  );
}
