import { Button, Group, Input, Stack, Table } from "@mantine/core";
import { errorAt, errorsUnder } from "../../../api/problem";
import type { FieldError } from "../../../api/types";
import { AddButton } from "../../../components/AddButton";
import { presets, type StepDraft, withSegment, withStep } from "../../../domain/releaseDraft";
import { StepRow } from "./StepRow";

interface Props {
  steps: readonly StepDraft[];
  /** The keys of the segments that may be let in first. */
  segments: readonly string[];
  errors: readonly FieldError[];
  onChange: (steps: StepDraft[]) => void;
}

/** StepsEditor edits how far a release opens, how long each step holds and what else it waits for. */
export function StepsEditor({ steps, segments, errors, onChange }: Props) {
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
        <Table.ScrollContainer minWidth={346}>
          <Table verticalSpacing={3} horizontalSpacing={4} withRowBorders={false}>
            <Table.Tbody>
              {steps.map((step, index) => (
                <StepRow
                  key={index}
                  step={step}
                  index={index}
                  last={index === steps.length - 1}
                  only={steps.length === 1}
                  segments={segments}
                  errors={errorsUnder(errors, `/${index}`)}
                  onChange={(part) => onChange(steps.map((old, at) => (at === index ? { ...old, ...part } : old)))}
                  onRemove={() => onChange(steps.filter((_, at) => at !== index))}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Group gap={4}>
          <AddButton onClick={() => onChange(withStep(steps))}>Step</AddButton>
          {segments.length > 0 && <AddButton onClick={() => onChange(withSegment(steps))}>Segment first</AddButton>}
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}
