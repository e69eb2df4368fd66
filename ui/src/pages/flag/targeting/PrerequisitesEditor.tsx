import { ActionIcon, Group, Select, Stack, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { errorAt, errorsUnder } from "../../../api/problem";
import type { FieldError, Flag, Prerequisite } from "../../../api/types";
import { AddButton } from "../../../components/AddButton";

interface Props {
  prerequisites: readonly Prerequisite[];
  /** The project's flags, without the one that is edited. */
  flags: readonly Flag[];
  errors: readonly FieldError[];
  disabled: boolean;
  onChange: (prerequisites: Prerequisite[]) => void;
}

/** PrerequisitesEditor lists the flags that have to serve a variation before this one serves anything but off. */
export function PrerequisitesEditor({ prerequisites, flags, errors, disabled, onChange }: Props) {
  const put = (index: number, part: Partial<Prerequisite>) =>
    onChange(prerequisites.map((old, at) => (at === index ? { ...old, ...part } : old)));
  return (
    <Stack gap={6}>
      {prerequisites.map(({ flag, variation }, index) => {
        const variations = flags.find(({ key }) => key === flag)?.variations.map(({ key }) => key) ?? [];
        const own = errorsUnder(errors, `/${index}`);
        return (
          <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
            <Select
              aria-label={`Prerequisite ${index + 1}: flag`}
              flex={2}
              searchable
              placeholder="flag"
              disabled={disabled}
              data={withCurrent(
                flags.map(({ key }) => key),
                flag,
              )}
              value={flag || null}
              error={errorAt(own, "/flag") ?? errorAt(own, "")}
              onChange={(key) => put(index, { flag: key ?? "", variation: firstVariation(flags, key) })}
            />
            <Text size="sm" pt={5}>
              serves
            </Text>
            <Select
              aria-label={`Prerequisite ${index + 1}: variation`}
              flex={1}
              allowDeselect={false}
              disabled={disabled}
              data={withCurrent(variations, variation)}
              value={variation || null}
              error={errorAt(own, "/variation")}
              onChange={(key) => put(index, { variation: key ?? "" })}
            />
            {!disabled && (
              <ActionIcon
                aria-label={`Remove prerequisite ${index + 1}`}
                onClick={() => onChange(prerequisites.filter((_, at) => at !== index))}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </Group>
        );
      })}
      {!disabled && (
        <div>
          <AddButton onClick={() => onChange([...prerequisites, { flag: "", variation: "" }])}>Prerequisite</AddButton>
        </div>
      )}
    </Stack>
  );
}

/** A value that is set stays visible, even if it no longer exists. */
function withCurrent(keys: readonly string[], current: string): string[] {
  return current && !keys.includes(current) ? [current, ...keys] : [...keys];
}

function firstVariation(flags: readonly Flag[], key: string | null): string {
  return flags.find((flag) => flag.key === key)?.variations[0]?.key ?? "";
}
