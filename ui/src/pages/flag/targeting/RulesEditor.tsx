import { Button, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { errorsUnder } from "../../../api/problem";
import type { FieldError, Rule } from "../../../api/types";
import type { ClauseContext } from "../../../components/clauses/context";
import { Panel } from "../../../components/Panel";
import { newRuleId } from "../../../domain/ruleId";
import { openingOf } from "../../../domain/serve";
import { RuleCard } from "./RuleCard";

interface Props {
  rules: readonly Rule[];
  variations: readonly string[];
  off: string | null;
  errors: readonly FieldError[];
  context: ClauseContext;
  onChange: (rules: Rule[]) => void;
}

/** RulesEditor edits the rules in their order: the first that matches decides. */
export function RulesEditor({ rules, variations, off, errors, context, onChange }: Props) {
  const add = () => onChange([...rules, newRule(variations, off)]);
  const actions = !context.disabled && (
    <Button variant="default" size="compact-xs" leftSection={<IconPlus size={12} />} onClick={add}>
      Add rule
    </Button>
  );
  return (
    <Panel title={`Rules (${rules.length})`} actions={actions}>
      <Stack gap="xs">
        {rules.length === 0 && (
          <Text size="sm" c="dimmed">
            No rules: everyone gets what stands below.
          </Text>
        )}
        {rules.map((rule, index) => (
          <RuleCard
            key={rule.id}
            rule={rule}
            index={index}
            last={index === rules.length - 1}
            variations={variations}
            off={off}
            errors={errorsUnder(errors, `/${index}`)}
            context={context}
            onChange={(changed) => onChange(rules.map((old, at) => (at === index ? changed : old)))}
            onMove={(by) => onChange(moved(rules, index, by))}
            onRemove={() => onChange(rules.filter((_, at) => at !== index))}
          />
        ))}
      </Stack>
    </Panel>
  );
}

function newRule(variations: readonly string[], off: string | null): Rule {
  const variation = openingOf({}, variations, off)?.opened ?? variations[0] ?? "";
  return {
    id: newRuleId(),
    clauses: [{ attribute: "", operator: "in", values: [] }],
    serve: { variation },
  };
}

function moved(rules: readonly Rule[], index: number, by: 1 | -1): Rule[] {
  const result = [...rules];
  const [rule] = result.splice(index, 1);
  if (rule) {
    result.splice(index + by, 0, rule);
  }
  return result;
}
