import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useStreamState } from "./Stream";

/** The banner waits this long. If a stream comes back sooner, as after a restart of the server, it shows nothing. */
const patience = 2_000;

/** ReconnectBanner says that what is shown may be old. */
export function ReconnectBanner() {
  const lost = useStreamState() === "lost";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!lost) {
      return setShown(false);
    }
    const timer = window.setTimeout(() => setShown(true), patience);
    return () => window.clearTimeout(timer);
  }, [lost]);
  if (!shown) {
    return null;
  }
  return (
    <Alert role="status" color="orange" variant="outline" radius={0} py={6} icon={<IconPlugConnectedX size={18} />}>
      The connection to the server is lost: what you see may be old. Reconnecting…
    </Alert>
  );
}
