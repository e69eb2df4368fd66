import type { Clause, Operator } from "../api/types";
import { convertValue, valueKind } from "./clauseValues";
import { operators } from "./operators";

/** withNegation leaves the field out where it is false, as the server does. */
export function withNegation({ negate: _, ...clause }: Clause, negate: boolean): Clause {
  return negate ? { ...clause, negate } : clause;
}

/** withOperator takes an operator, negated by a leading "!", and makes of the values what it needs. */
export function withOperator(clause: Clause, choice: string): Clause {
  const operator = choice.replace("!", "") as Operator;
  const { ignoreCase, ...rest } = withNegation(clause, choice.startsWith("!"));
  const changed: Clause = {
    ...rest,
    operator,
    ...(ignoreCase && operators[operator].folds ? { ignoreCase } : {}),
  };
  if (operators[operator].values === "none") {
    delete changed.values;
    return changed;
  }
  if (operators[operator].values === "segment") {
    delete changed.attribute;
  }
  return { ...changed, values: (clause.values ?? []).map((value) => convertValue(value, valueKind(changed))) };
}
