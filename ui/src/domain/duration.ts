const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** parseDuration reads a duration as the API writes it ("10m0s", "1h30m") into milliseconds. */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text.replace(/\s+/g, "")) {
    return undefined;
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
}

/** formatDuration writes milliseconds in the two largest units that say something: "1h 30m", "45s". */
export function formatDuration(milliseconds: number): string {
  let seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts: string[] = [];
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const amount = Math.floor(seconds / size);
    seconds -= amount * size;
    if (amount > 0) {
      parts.push(`${amount}${unit}`);
    }
  }
  return parts.slice(0, 2).join(" ") || "0s";
}

/** apiDuration writes what a person typed the way the API reads it; days become hours. */
export function apiDuration(text: string): string | undefined {
  const milliseconds = parseDuration(text.trim());
  if (milliseconds === undefined) {
    return undefined;
  }
  return text.includes("d") ? `${milliseconds / 3_600_000}h` : text.replace(/\s+/g, "");
}

/** formatAge says how long ago an instant was. */
export function formatAge(instant: string, now: number): string {
  const age = now - Date.parse(instant);
  if (age < 5_000) {
    return "now";
  }
  const largest = formatDuration(age).split(" ")[0] ?? "";
  return `${largest} ago`;
}
