import { MultiSelect, TagsInput } from "@mantine/core";
import type { Clause } from "../../api/types";
import { parseValue, showValue, valueKind } from "../../domain/clauseValues";
import { operators } from "../../domain/operators";
import classes from "./ClauseList.module.css";
import type { ClauseContext } from "./context";

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
  const shown = (clause.values ?? []).map((value) => showValue(value, kind));
  const field = {
    className: classes.values ?? "",
    "aria-label": `${label}: values`,
    value: shown,
    error,
    disabled: context.disabled,
    onChange: (typed: string[]) => onChange({ ...clause, values: typed.map((text) => parseValue(text, kind)) }),
  };
  if (kind === "none") {
    return <span />;
  }
  if (kind === "segment") {
    const known = [...new Set([...context.segments, ...shown])];
    return <MultiSelect {...field} searchable data={known} placeholder={shown.length > 0 ? "" : "segments"} />;
  }
  const hint = clause.operator ? operators[clause.operator].hint : undefined;
  return (
    <TagsInput
      {...field}
      splitChars={kind === "text" && clause.operator === "matches" ? [] : [","]}
      placeholder={shown.length > 0 ? "" : (hint ?? "values, Enter after each")}
    />
  );
}
