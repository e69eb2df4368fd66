/** newRuleId makes an id that no other rule has had: history compares rules by it. */
export function newRuleId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return `r-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
