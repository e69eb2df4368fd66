const palette = ["cyan", "orange", "grape", "lime", "pink", "indigo", "yellow", "teal"];

/** variationColor gives a variation its colour. One named off is quiet. */
export function variationColor(variation: string, variations: readonly string[]): string {
  const index = variations.indexOf(variation);
  if (variation === "off" || index < 0) {
    return "light-dark(var(--mantine-color-gray-5), var(--mantine-color-dark-2))";
  }
  return `var(--mantine-color-${palette[index % palette.length]}-7)`;
}
