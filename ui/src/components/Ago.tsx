import { formatAge } from "../domain/duration";
import { useNow } from "./useNow";

/** Ago says how long ago an instant was; the instant itself shows on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow(10_000);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {formatAge(at, now)}
    </time>
  );
}
