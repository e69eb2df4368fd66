import { Button, Popover, Stack, Text } from "@mantine/core";
import { useState } from "react";

interface Props {
  /** What is revoked, by name. */
  name: string;
  /** What that means. */
  effect: string;
  disabled: boolean;
  onRevoke: () => void;
}

/** RevokeButton asks once more: a revoked secret does not come back. */
export function RevokeButton({ name, effect, disabled, onRevoke }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow shadow="md" width={260}>
      <Popover.Target>
        <Button
          variant="default"
          size="compact-xs"
          disabled={disabled}
          aria-label={`Revoke ${name}`}
          onClick={() => setOpened(!opened)}
        >
          Revoke
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm">{effect}</Text>
          <Button
            color="red"
            data-autofocus
            onClick={() => {
              setOpened(false);
              onRevoke();
            }}
          >
            Revoke {name}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
