import { writeJSON } from "./exactJSON";
import { sameJSON } from "./mergePatch";

export type Side = "mine" | "theirs";

/** Conflict is a thing that both sides changed in different ways: somebody has to say which side counts. */
export interface Conflict {
  /** Tells it from the other conflicts of the same merge. */
  id: string;
  label: string;
  mine: string;
  theirs: string;
}

/** Three is the same thing as it was, as it is edited here, and as others have saved it. */
export interface Three<T> {
  base: T;
  mine: T;
  theirs: T;
}

/** Answers are the sides that were chosen, by the id of the conflict. */
export type Answers = Readonly<Record<string, Side>>;

/** ThreeWay merges what two sides made of the same base. What is theirs stays; it counts as long as a conflict has no answer. */
export class ThreeWay {
  readonly conflicts: Conflict[] = [];

  constructor(private readonly answers: Answers) {}

  /** whole takes the side that changed, and asks where both did, differently. */
  whole<T>(three: Three<T>, id: string, label: string, text: (side: T) => string): T {
    return this.within(three, () => {
      this.conflicts.push({ id, label, mine: text(three.mine), theirs: text(three.theirs) });
      return three[this.answers[id] ?? "theirs"];
    });
  }

  /** within takes the side that changed; where both did, differently, it leaves the parts to merge. */
  within<T>({ base, mine, theirs }: Three<T>, merge: () => T): T {
    if (sameJSON(mine, theirs) || sameJSON(mine, base)) {
      return theirs;
    }
    return sameJSON(theirs, base) ? mine : merge();
  }

  /** keyed merges element by element; merge gives undefined for an element that goes. */
  keyed<T>(
    three: Three<ReadonlyMap<string, T>>,
    merge: (key: string, element: Three<T | undefined>) => T | undefined,
  ): Map<string, T> {
    const { base, mine, theirs } = three;
    const merged = new Map<string, T>();
    for (const key of new Set([...theirs.keys(), ...mine.keys()])) {
      const element = { base: base.get(key), mine: mine.get(key), theirs: theirs.get(key) };
      const result = this.within(element, () => merge(key, element));
      if (result !== undefined) {
        merged.set(key, result);
      }
    }
    return merged;
  }

  /**
   * attempt gives the result of merging. If the result is not acceptable, it forgets the conflicts of this attempt.
   */
  attempt<T>(merge: () => T, will: (merged: T) => boolean): T | undefined {
    const before = this.conflicts.length;
    const merged = merge();
    if (will(merged)) {
      return merged;
    }
    this.conflicts.length = before;
    return undefined;
  }

  /** elements merges lists in which each element stands once and the order has no meaning. */
  elements<T>(three: Three<readonly T[]>): T[] {
    const byValue = (list: readonly T[]) => new Map(list.map((element) => [writeJSON(element), element]));
    const maps = { base: byValue(three.base), mine: byValue(three.mine), theirs: byValue(three.theirs) };
    return [...this.keyed(maps, (_, { theirs }) => theirs).values()];
  }

  /** order sorts the keys that are left. It asks where both sides moved what they have in common. */
  order(
    three: Three<readonly string[]>,
    left: ReadonlySet<string>,
    id: string,
    label: string,
    text: (keys: readonly string[]) => string,
  ): string[] {
    const common = new Set(three.base.filter((key) => three.mine.includes(key) && three.theirs.includes(key)));
    const among = (keys: readonly string[]) => keys.filter((key) => common.has(key));
    const sorted = { base: among(three.base), mine: among(three.mine), theirs: among(three.theirs) };
    const order = this.whole(sorted, id, label, text);
    const [first, second] = sameJSON(order, sorted.theirs) ? [three.theirs, three.mine] : [three.mine, three.theirs];
    const result = first.filter((key) => left.has(key));
    for (const key of second.filter((one) => left.has(one) && !result.includes(one))) {
      result.splice(placeOf(key, second, result), 0, key);
    }
    return result;
  }
}

/** placeOf puts a key before what followed it, else behind what it followed, else at the end. */
function placeOf(key: string, source: readonly string[], result: readonly string[]): number {
  const at = source.indexOf(key);
  const next = source.slice(at + 1).find((one) => result.includes(one));
  if (next !== undefined) {
    return result.indexOf(next);
  }
  const last = at === source.length - 1;
  const before = source.slice(0, at).findLast((one) => result.includes(one));
  return last || before === undefined ? result.length : result.indexOf(before) + 1;
}
