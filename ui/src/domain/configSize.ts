import { type ConfigDraft, configPatch } from "./configDraft";
import { writeJSON } from "./exactJSON";

/** The server takes 1 MiB for a change of a configuration, and 32 MiB for a segment. */
const maxBytes = 1 << 20;

/** oversizeText says why an edit is too large to be sent, how many keys would do, and where the others find room. */
export function oversizeText(base: ConfigDraft, draft: ConfigDraft): string | undefined {
  const patch = configPatch(base, draft);
  const bytes = new TextEncoder().encode(writeJSON(patch)).length;
  if (bytes <= maxBytes) {
    return undefined;
  }
  const keys = (patch.targets ?? []).reduce((sum, { values }) => sum + values.length, 0);
  const fits = Math.floor((keys * maxBytes) / bytes);
  const room =
    keys > 0
      ? `room for about ${fits.toLocaleString("en")} of these ${keys.toLocaleString("en")} keys`
      : "1 MB of room";
  return `A flag has ${room}. Put them into a segment, which takes 32 MB, and add a rule for the segment.`;
}
