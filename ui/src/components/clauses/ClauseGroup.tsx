import { ActionIcon, Checkbox, Group, SegmentedControl, Stack } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { errorsUnder } from "../../api/problem";
import type { Clause, FieldError } from "../../api/types";
import { withNegation } from "../../domain/clauseOperator";
import { ClauseList } from "./ClauseList";
import classes from "./ClauseList.module.css";
import type { ClauseContext } from "./context";

interface Props {
  label: string;
  clause: Clause;
  errors: readonly FieldError[];
  context: ClauseContext;
  onChange: (clause: Clause) => void;
  onRemove: () => void;
}

/** ClauseGroup edits clauses that are joined by and or by or. */
export function ClauseGroup({ label, clause, errors, context, onChange, onRemove }: Props) {
  const { any, all, ...rest } = clause;
  const kind = all ? "all" : "any";
  const clauses = all ?? any ?? [];
  return (
    <div className={classes.group} role="group" aria-label={label}>
      <Stack gap={6}>
        <Group gap="xs" justify="space-between">
          <SegmentedControl
            aria-label={`${label}: how to join`}
            disabled={context.disabled}
            data={[
              { value: "any", label: "any of" },
              { value: "all", label: "all of" },
            ]}
            value={kind}
            onChange={(chosen) => onChange({ ...rest, [chosen]: clauses })}
          />
          <Group gap="xs">
            <Checkbox
              label="not"
              aria-label={`${label}: negate`}
              disabled={context.disabled}
              checked={clause.negate ?? false}
              onChange={(event) => onChange(withNegation(clause, event.currentTarget.checked))}
            />
            {!context.disabled && (
              <ActionIcon aria-label={`${label}: remove`} onClick={onRemove}>
                <IconX size={16} />
              </ActionIcon>
            )}
          </Group>
        </Group>
        <ClauseList
          label={label}
          clauses={clauses}
          joint={all ? "and" : "or"}
          errors={errorsUnder(errors, `/${kind}`)}
          context={context}
          onChange={(changed) => onChange({ ...rest, [kind]: changed })}
        />
      </Stack>
    </div>
  );
}
