import type { Segment, SegmentRule, SegmentWrite } from "../../api/types";

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
  key: "", name: "", description: "", included: [], excluded: [], rules: [],
};

export function draftOfSegment({ key, name, description, included, excluded, rules }: Segment): SegmentDraft {
  return { key, name, description, included, excluded, rules };
}

export function segmentBody({ key, name, ...rest }: SegmentDraft): SegmentWrite {
  return { name: name || key, ...rest };
}
