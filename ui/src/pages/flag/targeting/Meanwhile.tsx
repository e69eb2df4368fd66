import { Alert, Button, Stack } from "@mantine/core";
import { DifferenceList } from "../../../components/DifferenceList";
import type { ConfigEdit } from "./useConfigEdit";

/** Meanwhile shows what others have changed since the edit began, and puts the edit on top of it. */
export function Meanwhile({ edit }: { edit: ConfigEdit }) {
  return (
    <Alert color="orange" variant="outline" title="Changed meanwhile by somebody else">
      <Stack gap="xs" align="flex-start">
        <DifferenceList differences={edit.meanwhile} />
        <Button variant="default" onClick={edit.rebase}>
          Put my changes on top
        </Button>
      </Stack>
    </Alert>
  );
}
