import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { follow } from "../api/events";
import type { StreamState } from "../api/projectStream";

const StreamContext = createContext<StreamState>("connecting");

/** Stream keeps everything below it current while it is mounted. */
export function Stream({ project, children }: { project: string; children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<StreamState>("connecting");
  useEffect(() => follow(client, project, setState), [client, project]);
  return <StreamContext value={state}>{children}</StreamContext>;
}

export function useStreamState(): StreamState {
  return useContext(StreamContext);
}
