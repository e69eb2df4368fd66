import type { Difference } from "./configDifference";
import { writeJSON } from "./exactJSON";
import { isObject, sameJSON } from "./mergePatch";

/** Counters that change with every write say nothing. */
const bookkeeping = new Set(["version", "revision", "updatedAt", "updatedBy"]);

/** documentDifferences compares two JSON documents field by field; undefined is a document that is not there. */
export function documentDifferences(before: unknown, after: unknown, path = ""): Difference[] {
  if (sameJSON(before, after)) {
    return [];
  }
  if (isObject(before) && isObject(after)) {
    const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return fields
      .filter((field) => path !== "" || !bookkeeping.has(field))
      .flatMap((field) => documentDifferences(before[field], after[field], path ? `${path}.${field}` : field));
  }
  return [
    {
      label: path || "Document",
      ...(before === undefined ? {} : { before: valueText(before) }),
      ...(after === undefined ? {} : { after: valueText(after) }),
    },
  ];
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : writeJSON(value);
}
