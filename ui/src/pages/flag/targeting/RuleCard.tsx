import { ActionIcon, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { errorsUnder } from "../../../api/problem";
import type { FieldError, Rule } from "../../../api/types";
import { ClauseList } from "../../../components/clauses/ClauseList";
import type { ClauseContext } from "../../../components/clauses/context";
import classes from "./RuleCard.module.css";
import { ServeEditor } from "./ServeEditor";

interface Props {
  rule: Rule;
  index: number;
  last: boolean;
  variations: readonly string[];
  off: string | null;
  errors: readonly FieldError[];
  context: ClauseContext;
  onChange: (rule: Rule) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

export function RuleCard({ rule, index, last, variations, off, errors, context, onChange, onMove, onRemove }: Props) {
  const label = `Rule ${index + 1}`;
  return (
    <section className={classes.rule} aria-label={label}>
      <header className={classes.head}>
        <span className={classes.number}>{label}</span>
        <TextInput
          className={classes.description}
          variant="unstyled"
          aria-label={`${label}: description`}
          placeholder="what it is for"
          disabled={context.disabled}
          value={rule.description ?? ""}
          onChange={(event) => onChange({ ...rule, description: event.currentTarget.value })}
        />
        {!context.disabled && (
          <>
            <ActionIcon aria-label={`${label}: earlier`} disabled={index === 0} onClick={() => onMove(-1)}>
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon aria-label={`${label}: later`} disabled={last} onClick={() => onMove(1)}>
              <IconArrowDown size={16} />
            </ActionIcon>
            <ActionIcon aria-label={`${label}: remove`} onClick={onRemove}>
              <IconTrash size={16} />
            </ActionIcon>
          </>
        )}
      </header>
      <div className={classes.body}>
        <ClauseList
          label={label}
          clauses={rule.clauses}
          joint="and"
          errors={errorsUnder(errors, "/clauses")}
          context={context}
          onChange={(clauses) => onChange({ ...rule, clauses })}
        />
        <div className={classes.serve}>
          <span className={classes.serveLabel}>serve</span>
          <ServeEditor
            label={label}
            serve={rule.serve}
            variations={variations}
            off={off}
            errors={errorsUnder(errors, "/serve")}
            disabled={context.disabled}
            onChange={(serve) => onChange({ ...rule, serve })}
          />
        </div>
      </div>
    </section>
  );
}
