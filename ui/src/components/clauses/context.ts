/** ClauseContext is what every editor of a clause knows, however deep in groups. */
export interface ClauseContext {
  /** Attributes to suggest. */
  attributes: readonly string[];
  /** The project's segments, for inSegment. */
  segments: readonly string[];
  disabled: boolean;
}
