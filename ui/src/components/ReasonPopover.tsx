import { Button, Popover, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactElement, useState } from "react";

interface Props {
  /** target gets what toggles the question. */
  target: (toggle: () => void) => ReactElement;
  /** effect says what will happen. */
  effect: string;
  /** action is the button's text. */
  action: string;
  danger?: boolean;
  onConfirm: (reason: string) => void;
}

// While a question faded out it could be answered once more, and by then be another one: "Kill now" after "Restore now".
const atOnce = { exitDuration: 0 };

/** ReasonPopover asks once more, and for a reason, which may stay empty: what is urgent is one click and Enter. */
export function ReasonPopover({ target, effect, action, danger = false, onConfirm }: Props) {
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setOpened(false);
    setReason("");
    onConfirm(reason);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow shadow="md" width={280} transitionProps={atOnce}>
      <Popover.Target>{target(() => setOpened(!opened))}</Popover.Target>
      <Popover.Dropdown>
        <Stack component="form" onSubmit={submit} gap="xs">
          <Text size="sm">{effect}</Text>
          <TextInput
            aria-label="Reason"
            placeholder="Reason"
            value={reason}
            maxLength={300}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button type="submit" {...(danger ? { color: "red" } : {})} data-autofocus>
            {action}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
