/** localTime writes an instant as an input of type datetime-local has it. */
export function localTime(instant: string): string {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** withLocalTimes writes the instants in what the API says (RFC 3339 in UTC) as the reader's clock and language have them. */
export function withLocalTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (instant) => new Date(instant).toLocaleString());
}
