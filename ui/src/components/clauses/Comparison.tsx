import { ActionIcon, Autocomplete, Select, Tooltip } from "@mantine/core";
import { IconLetterCase, IconX } from "@tabler/icons-react";
import { errorAt, errorWithin } from "../../api/problem";
import type { Clause, FieldError } from "../../api/types";
import { withOperator } from "../../domain/clauseOperator";
import { operatorChoices, operators } from "../../domain/operators";
import classes from "./ClauseList.module.css";
import { ClauseValues } from "./ClauseValues";
import type { ClauseContext } from "./context";

interface Props {
  label: string;
  clause: Clause;
  errors: readonly FieldError[];
  context: ClauseContext;
  onChange: (clause: Clause) => void;
  onRemove: () => void;
}

const choices = operatorChoices();

/** Comparison edits one condition: an attribute, an operator, values. */
export function Comparison({ label, clause, errors, context, onChange, onRemove }: Props) {
  const operator = clause.operator ?? "in";
  const entry = operators[operator];
  const isSegment = entry.values === "segment";
  return (
    <div className={classes.comparison}>
      <Autocomplete
        aria-label={`${label}: attribute`}
        placeholder={isSegment ? "the context" : "attribute"}
        data={[...context.attributes]}
        disabled={context.disabled || isSegment}
        // A condition that was just added is there to be filled in.
        autoFocus={clause.attribute === "" && !context.disabled}
        value={clause.attribute ?? ""}
        error={errorAt(errors, "/attribute") ?? errorAt(errors, "")}
        onChange={(attribute) => onChange({ ...clause, attribute })}
      />
      <Select
        className={classes.operator}
        aria-label={`${label}: operator`}
        searchable
        allowDeselect={false}
        disabled={context.disabled}
        data={choices}
        value={`${clause.negate ? "!" : ""}${operator}`}
        error={errorAt(errors, "/operator")}
        onChange={(choice) => choice && onChange(withOperator(clause, choice))}
      />
      <ClauseValues
        label={label}
        clause={clause}
        error={errorWithin(errors, "/values")}
        context={context}
        onChange={onChange}
      />
      <div className={classes.controls}>
        {entry.folds && <IgnoreCase label={label} clause={clause} disabled={context.disabled} onChange={onChange} />}
        {!context.disabled && (
          <ActionIcon aria-label={`${label}: remove`} onClick={onRemove}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </div>
    </div>
  );
}

type IgnoreCaseProps = Pick<Props, "label" | "clause" | "onChange"> & { disabled: boolean };

function IgnoreCase({ label, clause, disabled, onChange }: IgnoreCaseProps) {
  const { ignoreCase = false, ...rest } = clause;
  return (
    <Tooltip label={ignoreCase ? "Upper and lower case are alike" : "Upper and lower case differ"}>
      <ActionIcon
        aria-label={`${label}: ignore case`}
        aria-pressed={ignoreCase}
        variant={ignoreCase ? "light" : "subtle"}
        color={ignoreCase ? "cyan" : "gray"}
        disabled={disabled}
        onClick={() => onChange(ignoreCase ? rest : { ...rest, ignoreCase: true })}
      >
        <IconLetterCase size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
