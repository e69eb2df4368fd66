const palette = ["cyan", "orange", "grape", "lime", "pink", "indigo", "yellow", "teal"];

/** variationColor gives a variation its colour. One named off is quiet. */
export function variationColor(variation: string, variations: readonly string[]): string {
  const index = variations.indexOf(variation);
  if (variation === "off" || index < 0) {
    return "var(--quiet-share)";
  }
  return `var(--mantine-color-${palette[index % palette.length]}-7)`;
}
