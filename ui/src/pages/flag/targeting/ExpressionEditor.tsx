import { Button, JsonInput, Text } from "@mantine/core";
import { useState } from "react";
import type { FieldError, FlagConfig } from "../../../api/types";
import { Panel } from "../../../components/Panel";
import { readExpression, writeExpression } from "../../../domain/expression";

type Expression = NonNullable<FlagConfig["targeting"]>;

interface Props {
  expression: Expression;
  errors: readonly FieldError[];
  disabled: boolean;
  onChange: (expression: Expression) => void;
  /** Goes back to rules. */
  onRules: () => void;
}

/** ExpressionEditor edits an expression in flagd's JSONLogic, which decides in place of rules, percentages and targets. */
export function ExpressionEditor({ expression, errors, disabled, onChange, onRules }: Props) {
  const [typed, setTyped] = useState<string>();
  const written = writeExpression(expression);
  // The typed text stays as long as it means the same as the draft, or cannot be read yet.
  const read = typed === undefined ? expression : readExpression(typed);
  const text = typed !== undefined && (!read || writeExpression(read) === written) ? typed : written;
  const type = (value: string) => {
    setTyped(value);
    const next = readExpression(value);
    if (next) {
      onChange(next);
    }
  };
  const faults = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  const unread = read ? [] : ["This is not a JSON object yet; the last one that was counts."];
  return (
    <Panel
      title="Expression"
      actions={
        !disabled && (
          <Button size="compact-sm" variant="subtle" onClick={onRules}>
            Decide by rules
          </Button>
        )
      }
    >
      <JsonInput
        aria-label="Expression"
        autosize
        minRows={6}
        maxRows={30}
        value={text}
        readOnly={disabled}
        error={[...unread, ...faults].join(" ") || undefined}
        onChange={type}
        spellCheck={false}
      />
      <Text size="sm" c="dimmed" mt="xs">
        flagd&rsquo;s JSONLogic: it gives the key of a variation, or null for what is served when off.
      </Text>
    </Panel>
  );
}
