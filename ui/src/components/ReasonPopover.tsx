import { Button, Popover, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactElement, type ReactNode, useState } from "react";

interface Props {
  /** target gets what toggles the question. */
  target: (toggle: () => void) => ReactElement;
  /** question names what is about to be done to what. */
  question?: string;
  /** effect says what will happen. */
  effect: ReactNode;
  /** action is the button's text. */
  action: string;
  danger?: boolean;
  onConfirm: (reason: string) => void;
}

// The question does not fade out. While it faded, it could be answered once more, and might be another question by
// then: "Kill now" after "Restore now".
const atOnce = { exitDuration: 0 };

/**
 * ReasonPopover asks once more, and for a reason. The reason may stay empty: urgent actions take one click and Enter.
 */
export function ReasonPopover({ target, question, effect, action, danger = false, onConfirm }: Props) {
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setOpened(false);
    setReason("");
    onConfirm(reason);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow shadow="md" width={300} transitionProps={atOnce}>
      <Popover.Target>{target(() => setOpened(!opened))}</Popover.Target>
      <Popover.Dropdown>
        <Stack component="form" onSubmit={submit} gap="xs">
          {question && (
            <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
              {question}
            </Text>
          )}
          <Text size="sm" component="div">
            {effect}
          </Text>
          {/* The focus is here, not on the button: there, a space in a reason typed at once would press it. */}
          <TextInput
            data-autofocus
            aria-label="Reason"
            placeholder="Reason"
            value={reason}
            maxLength={300}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button type="submit" {...(danger ? { color: "red" } : {})}>
            {action}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
