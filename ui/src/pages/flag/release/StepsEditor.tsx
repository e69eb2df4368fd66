import { ActionIcon, Button, Group, Input, NumberInput, Stack, Table, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { errorAt } from "../../../api/problem";
import type { FieldError } from "../../../api/types";
import { presets, type ReleaseDraft, withStep } from "../../../domain/release";

type Steps = ReleaseDraft["steps"];

interface Props {
  steps: Steps;
  errors: readonly FieldError[];
  onChange: (steps: Steps) => void;
}

/** StepsEditor edits how far a release opens and how long each step holds. */
export function StepsEditor({ steps, errors, onChange }: Props) {
  const put = (index: number, part: Partial<Steps[number]>) =>
    onChange(steps.map((old, at) => (at === index ? { ...old, ...part } : old)));
  const last = steps.length - 1;
  return (
    <Input.Wrapper label="Steps" labelElement="div" error={errorAt(errors, "")}>
      <Stack gap={6}>
        <Group gap={4}>
          {presets.map((preset) => (
            <Button key={preset.label} variant="default" size="compact-xs" onClick={() => onChange(preset.steps)}>
              {preset.label}
            </Button>
          ))}
        </Group>
        <Table verticalSpacing={3} horizontalSpacing={4} withRowBorders={false}>
          <Table.Tbody>
            {steps.map(({ percent, hold }, index) => (
              <Table.Tr key={index}>
                <Table.Td>
                  <NumberInput
                    aria-label={`Step ${index + 1}: percentage`}
                    min={0}
                    max={100}
                    decimalScale={3}
                    suffix="%"
                    value={percent}
                    error={errorAt(errors, `/${index}/weight`)}
                    onChange={(value) => typeof value === "number" && put(index, { percent: value })}
                  />
                </Table.Td>
                <Table.Td>
                  {index === last ? (
                    "then it is complete"
                  ) : (
                    <TextInput
                      aria-label={`Step ${index + 1}: hold`}
                      placeholder="10m"
                      leftSection="for"
                      leftSectionWidth={30}
                      value={hold}
                      error={errorAt(errors, `/${index}/hold`)}
                      onChange={(event) => put(index, { hold: event.currentTarget.value })}
                    />
                  )}
                </Table.Td>
                <Table.Td w={32}>
                  {steps.length > 1 && (
                    <ActionIcon
                      aria-label={`Remove step ${index + 1}`}
                      onClick={() => onChange(steps.filter((_, at) => at !== index))}
                    >
                      <IconX size={16} />
                    </ActionIcon>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <div>
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconPlus size={12} />}
            onClick={() => onChange(withStep(steps))}
          >
            Step
          </Button>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}
