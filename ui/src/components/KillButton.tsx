import { ActionIcon, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowBackUp, IconHandStop } from "@tabler/icons-react";
import { useKill } from "../api/kills";
import { problemOf } from "../api/problem";
import { usePermission } from "../api/session";
import type { Environment } from "../api/types";
import { KillEffect } from "./KillEffect";
import { ReasonPopover } from "./ReasonPopover";

interface Props {
  project: string;
  environment: Environment;
  flag: string;
  killed: boolean;
  /** compact draws a sign in place of the words, for the matrix. */
  compact?: boolean;
  className?: string | undefined;
}

/** KillButton closes a flag in an environment whatever its configuration and its release say, or restores it. */
export function KillButton({ project, environment, flag, killed, compact = false, className }: Props) {
  const allowed = usePermission("releaser", project, environment.key);
  const kill = useKill(project);
  const where = `${flag} in ${environment.name || environment.key}`;
  const label = `${killed ? "Restore" : "Kill"} ${where}`;
  const confirm = (reason: string) =>
    kill.mutate(
      { environment: environment.key, flag, reason, restore: killed },
      {
        onSuccess: () =>
          notifications.show({
            title: `${where} is ${killed ? "restored" : "killed"}`,
            message: "",
            color: killed ? "cyan" : "red",
          }),
        onError: (error) => {
          const { title, detail } = problemOf(error);
          notifications.show({ title, message: detail ?? "", color: "red", autoClose: false });
        },
      },
    );
  return (
    <ReasonPopover
      question={`${label}?`}
      effect={<KillEffect project={project} environment={environment} flag={flag} killed={killed} />}
      action={killed ? "Restore now" : "Kill now"}
      danger={!killed}
      onConfirm={confirm}
      target={(toggle) =>
        compact ? (
          <ActionIcon
            className={className}
            variant="subtle"
            color={killed ? "cyan" : "red"}
            c="inherit"
            size="sm"
            aria-label={label}
            title={allowed ? label : "This needs the role releaser here."}
            disabled={!allowed || kill.isPending}
            onClick={toggle}
          >
            {killed ? <IconArrowBackUp size={15} /> : <IconHandStop size={15} />}
          </ActionIcon>
        ) : (
          <Button
            color={killed ? "cyan" : "red"}
            variant="outline"
            {...(killed ? {} : { c: "var(--mantine-color-error)" })}
            size="compact-sm"
            leftSection={killed ? <IconArrowBackUp size={15} /> : <IconHandStop size={15} />}
            title={allowed ? undefined : "This needs the role releaser here."}
            disabled={!allowed || kill.isPending}
            loading={kill.isPending}
            onClick={toggle}
          >
            {killed ? "Restore" : "Kill"}
          </Button>
        )
      }
    />
  );
}
