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

// While a question faded out it could be answered once more, and by then be another one: "Kill now" after "Restore now".
const atOnce = { exitDuration: 0 };

/** ReasonPopover asks once more, and for a reason, which may stay empty: what is urgent is one click and Enter, in the field. */
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
          {/* The focus is here and not on the button: a space in a reason that is typed at once would press it. */}
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
