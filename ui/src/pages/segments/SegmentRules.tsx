import { ActionIcon, Button, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { errorsUnder } from "../../api/problem";
import { segmentsQuery } from "../../api/segments";
import type { FieldError, SegmentRule } from "../../api/types";
import { ClauseList } from "../../components/clauses/ClauseList";
import { attributesOf } from "../../domain/attributes";
import { newRuleId } from "../../domain/ruleId";
import { useProject } from "../../shell/useProject";

interface Props {
  rules: readonly SegmentRule[];
  errors: readonly FieldError[];
  disabled: boolean;
  onChange: (rules: SegmentRule[]) => void;
}

/** SegmentRules edits the rules of a segment: whoever matches any of them is in. */
export function SegmentRules({ rules, errors, disabled, onChange }: Props) {
  const { data: segments = [] } = useQuery(segmentsQuery(useProject()));
  const context = { attributes: attributesOf(rules), segments: segments.map(({ key }) => key), disabled };
  const put = (index: number, rule: SegmentRule) => onChange(rules.map((old, at) => (at === index ? rule : old)));
  return (
    <Input.Wrapper label="Or whoever matches one of these rules" labelElement="div">
      <Stack gap="sm" mt={4}>
        {rules.map((rule, index) => (
          <Stack key={rule.id} gap={6} role="group" aria-label={`Rule ${index + 1}`}>
            <Group gap="xs">
              <Text size="xs" c="dimmed">
                Rule {index + 1}
              </Text>
              <TextInput
                flex={1}
                variant="unstyled"
                aria-label={`Rule ${index + 1}: description`}
                placeholder="what it is for"
                disabled={disabled}
                value={rule.description ?? ""}
                onChange={(event) => put(index, { ...rule, description: event.currentTarget.value })}
              />
              {!disabled && (
                <ActionIcon
                  aria-label={`Rule ${index + 1}: remove`}
                  onClick={() => onChange(rules.filter((_, at) => at !== index))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </Group>
            <ClauseList
              label={`Rule ${index + 1}`}
              clauses={rule.clauses}
              joint="and"
              errors={errorsUnder(errors, `/${index}/clauses`)}
              context={context}
              onChange={(clauses) => put(index, { ...rule, clauses })}
            />
          </Stack>
        ))}
        {!disabled && (
          <div>
            <Button
              variant="default"
              size="compact-xs"
              leftSection={<IconPlus size={12} />}
              onClick={() =>
                onChange([...rules, { id: newRuleId(), clauses: [{ attribute: "", operator: "in", values: [] }] }])
              }
            >
              Add rule
            </Button>
          </div>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
