import { Button, Popover, Stack, Text } from "@mantine/core";
import { useState } from "react";

interface Props {
  /** What is revoked, by name. */
  name: string;
  /** What that means. */
  effect: string;
  /** What is done to it. */
  verb?: string;
  disabled: boolean;
  onRevoke: () => void;
}

/** RevokeButton asks once more: what is revoked, such as a secret, does not come back. */
export function RevokeButton({ name, effect, verb = "Revoke", disabled, onRevoke }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow shadow="md" width={260}>
      <Popover.Target>
        <Button
          variant="default"
          size="compact-xs"
          disabled={disabled}
          aria-label={`${verb} ${name}`}
          onClick={() => setOpened(!opened)}
        >
          {verb}
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
            {verb} {name}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
