import type { Segment, SegmentRule, SegmentWrite } from "../../api/types";
import { type Difference, keyDifferences } from "../../domain/configDifference";
import { documentDifferences } from "../../domain/documentDifference";

/** SegmentDraft is a segment while it is edited or made. */
export interface SegmentDraft {
  key: string;
  name: string;
  description: string;
  included: string[];
  excluded: string[];
  rules: SegmentRule[];
}

export const emptySegment: SegmentDraft = {
  key: "",
  name: "",
  description: "",
  included: [],
  excluded: [],
  rules: [],
};

export function draftOfSegment({ key, name, description, included, excluded, rules }: Segment): SegmentDraft {
  return { key, name, description, included, excluded, rules };
}

export function segmentBody({ key, name, ...rest }: SegmentDraft): SegmentWrite {
  return { name: name || key, ...rest };
}

/** segmentDifferences says what an edit changes. Lists may be long: only the keys that come and go are said. */
export function segmentDifferences(before: SegmentDraft, after: SegmentDraft): Difference[] {
  const { included, excluded, ...rest } = before;
  const { included: includedThen, excluded: excludedThen, ...restThen } = after;
  return [
    ...documentDifferences(rest, restThen),
    ...keyDifferences("Always in", included, includedThen),
    ...keyDifferences("Never in", excluded, excludedThen),
  ];
}
