const longestKey = 128;

/** isKey tells whether text is a valid key. */
export function isKey(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text);
}

/** suggestKey makes a key of a name: lower case, without accents, words joined by hyphens. */
export function suggestKey(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, "-")
    .slice(0, longestKey)
    .replace(/^[^a-z0-9]+|-+$/g, "");
}

/** uniqueKey appends a number to a key that is taken. */
export function uniqueKey(wanted: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const key = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.includes(key)) {
      return key;
    }
  }
}
