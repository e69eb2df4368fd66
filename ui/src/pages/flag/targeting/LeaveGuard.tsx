import { Button, Group, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { Dialog } from "../../../components/Dialog";

/** LeaveGuard asks before an unsaved edit is lost to another page or environment. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && leaves(current, next),
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") {
    return null;
  }
  return (
    <Dialog onClose={blocker.reset} title="Discard the unsaved changes?">
      <Text size="sm">They have not been saved, and leaving this page loses them.</Text>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={blocker.reset} data-autofocus>
          Stay
        </Button>
        <Button color="red" onClick={blocker.proceed}>
          Discard
        </Button>
      </Group>
    </Dialog>
  );
}

interface Place {
  pathname: string;
  search: object;
}

function leaves(current: Place, next: Place): boolean {
  return current.pathname !== next.pathname || JSON.stringify(current.search) !== JSON.stringify(next.search);
}
