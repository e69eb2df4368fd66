import { Group } from "@mantine/core";
import { errorsUnder } from "../../api/problem";
import type { Clause, FieldError } from "../../api/types";
import { isGroup } from "../../domain/operators";
import { AddButton } from "../AddButton";
import { ClauseGroup } from "./ClauseGroup";
import classes from "./ClauseList.module.css";
import { Comparison } from "./Comparison";
import type { ClauseContext } from "./context";

interface Props {
  /** Names the controls for screen readers: "Rule 1". */
  label: string;
  clauses: readonly Clause[];
  /** How the clauses are joined. */
  joint: "and" | "or";
  errors: readonly FieldError[];
  context: ClauseContext;
  onChange: (clauses: Clause[]) => void;
}

const newClause: Clause = { attribute: "", operator: "in", values: [] };

/** ClauseList edits clauses and, within groups, itself. */
export function ClauseList({ label, clauses, joint, errors, context, onChange }: Props) {
  const put = (index: number, clause: Clause) => onChange(clauses.map((old, at) => (at === index ? clause : old)));
  const remove = (index: number) => onChange(clauses.filter((_, at) => at !== index));
  return (
    <ol className={classes.list}>
      {clauses.map((clause, index) => {
        const Editor = isGroup(clause) ? ClauseGroup : Comparison;
        return (
          <li className={classes.item} key={index}>
            <span className={classes.joint}>{index === 0 ? "if" : joint}</span>
            <Editor
              label={`${label}, condition ${index + 1}`}
              clause={clause}
              errors={errorsUnder(errors, `/${index}`)}
              context={context}
              onChange={(changed) => put(index, changed)}
              onRemove={() => remove(index)}
            />
          </li>
        );
      })}
      {!context.disabled && (
        <li className={classes.item}>
          <span className={classes.joint} />
          <Group gap={4}>
            <AddButton onClick={() => onChange([...clauses, newClause])}>Condition</AddButton>
            <AddButton onClick={() => onChange([...clauses, { any: [newClause] }])}>Group</AddButton>
          </Group>
        </li>
      )}
    </ol>
  );
}
