import { MultiSelect, Text } from "@mantine/core";
import type { Clause } from "../../api/types";
import { parseValue, showValue, typedValue, valueKind, valueType } from "../../domain/clauseValues";
import { operators } from "../../domain/operators";
import { ListField } from "../ListField";
import classes from "./ClauseList.module.css";
import type { ClauseContext } from "./context";
import { TypedPill } from "./TypedPill";

interface Props {
  label: string;
  clause: Clause;
  error: string | undefined;
  context: ClauseContext;
  onChange: (clause: Clause) => void;
}

/** ClauseValues edits the alternatives of a condition, as tags. */
export function ClauseValues({ label, clause, error, context, onChange }: Props) {
  const kind = valueKind(clause);
  const { values = [] } = clause;
  const shown = values.map((value) => showValue(value, kind));
  const put = (changed: string[]) => onChange({ ...clause, values: changed.map((text) => parseValue(text, kind)) });
  const field = { error, disabled: context.disabled };
  if (kind === "none") {
    return <span />;
  }
  if (kind === "segment") {
    return (
      <MultiSelect
        {...field}
        className={classes.values ?? ""}
        aria-label={`${label}: values`}
        searchable
        data={[...new Set([...context.segments, ...shown])]}
        value={shown}
        placeholder={shown.length > 0 ? "" : "segments"}
        onChange={put}
      />
    );
  }
  const replace = (text: string, value: unknown) =>
    put(shown.map((one) => (one === text ? showValue(value, kind) : one)));
  // An expression or a range may hold whatever divides other values.
  const whole = clause.operator === "matches" || clause.operator === "semverRange";
  const hint = clause.operator ? operators[clause.operator].hint : undefined;
  return (
    <div className={classes.values}>
      <ListField
        {...field}
        name={`${label}: values`}
        values={shown}
        onChange={put}
        division={whole ? "lines" : "values"}
        encode={(typed) => showValue(typedValue(typed, kind), kind)}
        placeholder={hint ?? "values, Enter after each"}
        {...(kind === "any"
          ? {
              renderPill: ({ option, onRemove, disabled }) => (
                <TypedPill
                  value={parseValue(String(option.value), kind)}
                  disabled={disabled ?? false}
                  onReplace={(value) => replace(String(option.value), value)}
                  onRemove={onRemove}
                />
              ),
            }
          : {})}
      />
      {kind === "any" && values.some(valueType) && (
        <Text size="xs" c="dimmed">
          Text matches text alone, a number numbers alone. What stands on a value changes which it is.
        </Text>
      )}
    </div>
  );
}
