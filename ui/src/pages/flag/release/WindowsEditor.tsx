import { ActionIcon, Autocomplete, Group, Input, MultiSelect, Stack, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { errorAt } from "../../../api/problem";
import type { FieldError, ReleaseWindow } from "../../../api/types";
import { AddButton } from "../../../components/AddButton";

interface Props {
  windows: readonly ReleaseWindow[];
  errors: readonly FieldError[];
  onChange: (windows: ReleaseWindow[]) => void;
}

type Day = NonNullable<ReleaseWindow["days"]>[number];

const days: { value: Day; label: string }[] = [
  { value: "monday", label: "Mon" },
  { value: "tuesday", label: "Tue" },
  { value: "wednesday", label: "Wed" },
  { value: "thursday", label: "Thu" },
  { value: "friday", label: "Fri" },
  { value: "saturday", label: "Sat" },
  { value: "sunday", label: "Sun" },
];

/** WindowsEditor edits when a release may start and take steps by itself. */
export function WindowsEditor({ windows, errors, onChange }: Props) {
  const put = (index: number, part: Partial<ReleaseWindow>) =>
    onChange(windows.map((old, at) => (at === index ? { ...old, ...part } : old)));
  return (
    <Input.Wrapper label="Only while a window is open" labelElement="div" error={errorAt(errors, "")}>
      <Stack gap={6}>
        {windows.map((window, index) => (
          <Group key={index} gap={4} align="flex-start" wrap="nowrap">
            <MultiSelect
              flex={1}
              aria-label={`Window ${index + 1}: days`}
              placeholder={window.days?.length ? "" : "Mon–Fri"}
              data={days}
              value={window.days ?? []}
              error={errorAt(errors, `/${index}/days`)}
              onChange={(chosen) => put(index, { days: chosen as Day[] })}
            />
            <TextInput
              w={66}
              aria-label={`Window ${index + 1}: opens`}
              value={window.from}
              error={errorAt(errors, `/${index}/from`)}
              onChange={(event) => put(index, { from: event.currentTarget.value })}
            />
            <TextInput
              w={66}
              aria-label={`Window ${index + 1}: closes`}
              value={window.to}
              error={errorAt(errors, `/${index}/to`)}
              onChange={(event) => put(index, { to: event.currentTarget.value })}
            />
            <Autocomplete
              w={130}
              aria-label={`Window ${index + 1}: time zone`}
              data={Intl.supportedValuesOf("timeZone")}
              limit={20}
              value={window.timeZone}
              error={errorAt(errors, `/${index}/timeZone`)}
              onChange={(timeZone) => put(index, { timeZone })}
            />
            <ActionIcon
              aria-label={`Remove window ${index + 1}`}
              onClick={() => onChange(windows.filter((_, at) => at !== index))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <div>
          <AddButton onClick={() => onChange([...windows, { from: "09:00", to: "16:00", timeZone: ownTimeZone() }])}>
            Window
          </AddButton>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}

function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
