import { isExactNumber } from "./exactJSON";

/** sameJSON tells whether two JSON values are equal; the order of keys does not count, and undefined is absence. */
export function sameJSON(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJSON(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) {
    return isExactNumber(a) && isExactNumber(b) && a.value === b.value;
  }
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameJSON(a[key], b[key]));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/**
 * mergePatch gives the merge patch (RFC 7396) that makes after of before: what is gone becomes null, an array is
 * replaced as a whole, and what is the same is left out.
 */
export function mergePatch(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]];
    if (sameJSON(old, now)) {
      continue;
    }
    if (now === undefined) {
      patch[key] = null;
    } else {
      patch[key] = isObject(old) && isObject(now) ? mergePatch(old, now) : now;
    }
  }
  return patch;
}
