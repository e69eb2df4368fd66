import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useUpdateFlagConfig } from "../../../api/flagConfig";
import { flagsQuery } from "../../../api/flags";
import { errorsUnder, problemOf } from "../../../api/problem";
import { segmentsQuery } from "../../../api/segments";
import { usePermission } from "../../../api/session";
import type { Environment, Flag, FlagConfig, Serving } from "../../../api/types";
import { Panel } from "../../../components/Panel";
import { byRules, configPatch, draftOf } from "../../../domain/configDraft";
import { useRelease } from "../release/useRelease";
import { useServices } from "../useServices";
import { AvailabilityEditor } from "./AvailabilityEditor";
import { ExpressionEditor } from "./ExpressionEditor";
import { FlagdNote } from "./FlagdNote";
import { LeaveGuard } from "./LeaveGuard";
import { Meanwhile } from "./Meanwhile";
import { obstacleOf } from "./obstacle";
import { PrerequisitesEditor } from "./PrerequisitesEditor";
import { ReviewChanges } from "./ReviewChanges";
import { RulesAndShares } from "./RulesAndShares";
import { SaveBar } from "./SaveBar";
import { StateEditor } from "./StateEditor";
import { TargetingNote } from "./TargetingNote";
import { type ConfigEdit, useConfigEdit } from "./useConfigEdit";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
  config: FlagConfig;
}

/** ConfigEditor edits a flag's configuration in one environment; nothing is sent before the difference was shown. */
export function ConfigEditor({ project, flag, environment, config }: Props) {
  const held = useConfigEdit(config);
  const [reviewing, setReviewing] = useState(false);
  const update = useUpdateFlagConfig(project);
  // While this edit is being saved, a change of the configuration comes from this edit.
  const edit = { ...held, behind: held.behind && !update.isPending };
  const { release } = useRelease(project, flag, environment);

  const save = (reason: string) =>
    update.mutate(
      {
        environment: environment.key,
        flag: flag.key,
        patch: configPatch(draftOf(edit.base), edit.draft),
        version: edit.base.version,
        reason,
      },
      {
        onSuccess: () => {
          edit.discard();
          setReviewing(false);
        },
      },
    );
  const change: ConfigEdit["change"] = (part) => {
    update.reset();
    edit.change(part);
  };
  return (
    <>
      {edit.behind && !reviewing && <Meanwhile edit={edit} />}
      <Sections
        project={project}
        flag={flag}
        environment={environment}
        edit={{ ...edit, change }}
        serving={config.serving}
        fleetOpen={config.fleetOpen}
        fleetWarning={config.fleetWarning}
        failure={update.error}
      />
      <TargetingNote warning={config.targetingWarning} />
      <FlagdNote warning={config.flagdWarning} />
      {edit.dirty && (
        <SaveBar
          changes={edit.differences.length}
          obstacle={obstacleOf(draftOf(edit.base), edit.draft)}
          onDiscard={edit.discard}
          onReview={() => setReviewing(true)}
        />
      )}
      {reviewing && (
        <ReviewChanges
          flag={flag.key}
          environment={environment}
          edit={edit}
          release={release}
          saving={update.isPending}
          error={update.error}
          onSave={save}
          onClose={() => setReviewing(false)}
        />
      )}
      <LeaveGuard dirty={edit.dirty} />
    </>
  );
}

interface SectionsProps extends Omit<Props, "config"> {
  edit: ConfigEdit;
  serving: Serving;
  fleetOpen: boolean | undefined;
  fleetWarning: string | undefined;
  failure: unknown;
}

/** Sections stand in the order in which people need them, rules and percentages together. */
function Sections({ project, flag, environment, edit, serving, fleetOpen, fleetWarning, failure }: SectionsProps) {
  const { draft, change } = edit;
  const disabled = !usePermission("editor", project, environment.key) || flag.archived;
  const { flags, segments, services } = useChoices(project, environment.key);
  const errors = failure ? (problemOf(failure).errors ?? []) : [];
  const variations = flag.variations.map(({ key }) => key);
  return (
    <>
      <StateEditor flag={flag} draft={draft} serving={serving} errors={errors} disabled={disabled} onChange={change} />
      {draft.targeting ? (
        <ExpressionEditor
          expression={draft.targeting}
          errors={errorsUnder(errors, "/targeting")}
          disabled={disabled}
          onChange={(targeting) => change({ targeting })}
          onRules={() => change(byRules(draft.offVariation ?? variations[0] ?? ""))}
        />
      ) : (
        <RulesAndShares
          flag={flag}
          draft={draft}
          errors={errors}
          disabled={disabled}
          segments={segments}
          onChange={change}
        />
      )}
      <Panel title="Prerequisites">
        <PrerequisitesEditor
          prerequisites={draft.prerequisites}
          flags={flags.filter(({ key }) => key !== flag.key)}
          errors={errorsUnder(errors, "/prerequisites")}
          disabled={disabled}
          onChange={(prerequisites) => change({ prerequisites })}
        />
      </Panel>
      <Panel title="Availability">
        <AvailabilityEditor
          availability={draft.availability}
          services={services}
          fleetOpen={fleetOpen}
          fleetWarning={fleetWarning}
          errors={errorsUnder(errors, "/availability")}
          disabled={disabled}
          onChange={(availability) => change({ availability })}
        />
      </Panel>
    </>
  );
}

/** useChoices loads what the fields suggest. The editor works without it. */
function useChoices(project: string, environment: string) {
  const { data: flags = [] } = useQuery(flagsQuery(project));
  const { data: segments = [] } = useQuery(segmentsQuery(project));
  const services = useServices(project, environment);
  return { flags, segments: segments.map(({ key }) => key), services };
}
