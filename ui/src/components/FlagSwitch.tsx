import { Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useUpdateFlagConfig } from "../api/flagConfig";
import { problemOf } from "../api/problem";
import { usePermission } from "../api/session";
import type { Environment, FlagConfig, FlagSummary } from "../api/types";
import { turnOnEffect } from "../domain/serve";
import { FlipDialog } from "./FlipDialog";

interface Props {
  project: string;
  environment: Environment;
  flag: string;
  summary: FlagSummary;
  archived: boolean;
}

/** FlagSwitch flips a flag in one environment: with one click, in production after a look at the difference. */
export function FlagSwitch({ project, environment, flag, summary, archived }: Props) {
  const update = useUpdateFlagConfig(project);
  const allowed = usePermission("editor", project, environment.key);
  const [asking, setAsking] = useState(false);
  const shown = update.isPending ? update.variables.patch.enabled : summary.enabled;

  const flip = () => {
    // A switch that is disabled would lose the focus: further clicks are passed over instead.
    if (update.isPending) {
      return;
    }
    if (environment.production) {
      setAsking(true);
      return;
    }
    update.mutate(
      { environment: environment.key, flag, patch: { enabled: !summary.enabled } },
      { onSuccess: (config) => tellEffect(flag, environment, config), onError: tellFailure },
    );
  };
  return (
    <>
      <Switch
        checked={shown ?? false}
        onChange={flip}
        disabled={!allowed || archived}
        aria-label={`${flag} in ${environment.name || environment.key}`}
        title={allowed ? summary.serving.sentence : "This needs the role editor here."}
        // Colour is for what is served: a flag that is on and killed, or closed, is grey.
        {...(summary.serving.state === "on" ? {} : { color: "gray" })}
        styles={{ track: { minWidth: 34 } }}
      />
      {asking && (
        <FlipDialog
          project={project}
          environment={environment}
          flag={flag}
          summary={summary}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

/** What a flip serves is said at once: a flag that is turned on never silently reaches everyone. */
function tellEffect(flag: string, environment: Environment, config: FlagConfig): void {
  const { state, sentence } = config.serving;
  const opened = state === "on" && turnOnEffect(config).fullyServed !== undefined;
  notifications.show({
    title: `${flag} is ${config.enabled ? "on" : "off"} in ${environment.name || environment.key}`,
    message: sentence,
    color: state === "killed" ? "red" : opened ? "orange" : "cyan",
  });
}

function tellFailure(error: unknown): void {
  const problem = problemOf(error);
  notifications.show({ title: problem.title, message: problem.detail ?? "", color: "red", autoClose: false });
}
