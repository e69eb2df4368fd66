import { ActionIcon, Checkbox, Select, Table, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { errorAt } from "../../../api/problem";
import type { FieldError } from "../../../api/types";
import { NumberField } from "../../../components/NumberField";
import { orEmpty, type StepDraft } from "../../../domain/releaseDraft";
import { percentLimits } from "../../../domain/weights";

interface Props {
  step: StepDraft;
  index: number;
  last: boolean;
  only: boolean;
  segments: readonly string[];
  errors: readonly FieldError[];
  onChange: (part: Partial<StepDraft>) => void;
  onRemove: () => void;
}

/** StepRow edits one step: whom it lets in, how long it holds, its sample, and whether somebody has to approve it. */
export function StepRow({ step, index, last, only, segments, errors, onChange, onRemove }: Props) {
  const name = (what: string) => `Step ${index + 1}: ${what}`;
  return (
    <Table.Tr>
      <Table.Td>
        {step.segment === undefined ? (
          <NumberField
            {...percentLimits}
            aria-label={name("percentage")}
            miw={58}
            hideControls
            suffix="%"
            value={step.percent}
            error={errorAt(errors, "/weight")}
            onChange={(percent = Number.NaN) => onChange({ percent })}
          />
        ) : (
          <Select
            aria-label={name("segment")}
            placeholder="segment"
            allowDeselect={false}
            rightSectionWidth={16}
            comboboxProps={{ width: 200, position: "bottom-start" }}
            data={[...segments]}
            value={step.segment || null}
            error={errorAt(errors, "/segment")}
            onChange={(segment) => onChange({ segment: segment ?? "" })}
          />
        )}
      </Table.Td>
      <Table.Td>
        {last ? (
          "then it is complete"
        ) : (
          <TextInput
            aria-label={name("hold")}
            placeholder="10m"
            leftSection="for"
            leftSectionWidth={28}
            value={step.hold}
            error={errorAt(errors, "/hold")}
            onChange={(event) => onChange({ hold: event.currentTarget.value })}
          />
        )}
      </Table.Td>
      <Table.Td w={70}>
        {!last && (
          <NumberField
            aria-label={name("least exposures")}
            title="How many exposures have to be measured before the next step"
            placeholder="exposures"
            hideControls
            min={1}
            max={1_000_000_000}
            decimals={0}
            value={orEmpty(step.minSample)}
            error={errorAt(errors, "/minSample")}
            onChange={(minSample = 0) => onChange({ minSample })}
          />
        )}
      </Table.Td>
      <Table.Td w={92}>
        <Checkbox
          size="xs"
          label="approval"
          aria-label={name("needs approval")}
          title="Somebody has to approve the step before it is taken"
          checked={step.approval ?? false}
          onChange={(event) => onChange({ approval: event.currentTarget.checked })}
        />
      </Table.Td>
      <Table.Td w={32}>
        {!only && (
          <ActionIcon aria-label={`Remove step ${index + 1}`} onClick={onRemove}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
