import { Tooltip } from "@mantine/core";
import type { ReactElement } from "react";

interface Props {
  allowed: boolean;
  /** The role that is needed, for instance "editor". */
  role: string;
  children: ReactElement;
}

/** Hinted says beside a control that is closed to the person what would open it. */
export function Hinted({ allowed, role, children }: Props) {
  if (allowed) {
    return children;
  }
  return (
    <Tooltip label={`This needs the role ${role} here.`}>
      <span tabIndex={0} aria-label={`This needs the role ${role} here.`} role="note">
        {children}
      </span>
    </Tooltip>
  );
}
