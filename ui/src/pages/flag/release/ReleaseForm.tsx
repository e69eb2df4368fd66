import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { flagConfigQuery } from "../../../api/flagConfig";
import { errorAt, errorsElsewhere, errorsUnder, problemOf } from "../../../api/problem";
import { releasePoliciesQuery } from "../../../api/releasePolicies";
import { usePutRelease } from "../../../api/releases";
import { segmentsQuery } from "../../../api/segments";
import type { Environment, FieldError, Flag, Release } from "../../../api/types";
import { ProblemAlert } from "../../../components/ProblemAlert";
import { draftOfRelease, newReleaseDraft, type ReleaseDraft, specOf, withPolicy } from "../../../domain/releaseDraft";
import { useEnvironments } from "../../../shell/useProject";
import { useServices } from "../useServices";
import { GuardsEditor } from "./GuardsEditor";
import { RollbackSelect } from "./RollbackSelect";
import { StepsEditor } from "./StepsEditor";
import { TriggerEditor } from "./TriggerEditor";
import { WindowsEditor } from "./WindowsEditor";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
  /** The release that is replaced or done once more. */
  previous: Release | undefined;
  onClose: () => void;
}

/** The fields whose errors stand beside them. */
const shownFields = ["/variation", "/target", "/policy", "/trigger", "/steps", "/windows", "/guards"];

export function ReleaseForm({ project, flag, environment, previous, onClose }: Props) {
  const services = useServices(project, environment.key);
  const environments = useEnvironments();
  const { data: policies = [] } = useQuery(releasePoliciesQuery(project));
  const { data: segments = [] } = useQuery(segmentsQuery(project));
  const { data: config } = useQuery(flagConfigQuery(project, environment.key, flag.key));
  const [draft, setDraft] = useState<ReleaseDraft>(() =>
    previous
      ? draftOfRelease(previous)
      : newReleaseDraft(releasedVariation(flag), services.length === 1 ? services[0] : ""),
  );
  const [ownErrors, setOwnErrors] = useState<FieldError[]>([]);
  const put = usePutRelease(project, environment.key, flag.key);
  const errors = [...ownErrors, ...(put.error ? (problemOf(put.error).errors ?? []) : [])];
  const change = (part: Partial<ReleaseDraft>) => setDraft((before) => ({ ...before, ...part }));
  const adjust = (part: Partial<ReleaseDraft>) => change({ ...part, adjusted: true });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { spec, errors: found } = specOf(draft, policies);
    setOwnErrors(found);
    if (found.length === 0) {
      put.mutate({ spec, version: previous?.version }, { onSuccess: onClose });
    }
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Set up a release">
      <Stack gap="sm">
        <Select
          label="Release the variation"
          allowDeselect={false}
          data={flag.variations.map(({ key }) => key)}
          value={draft.variation}
          error={errorAt(errors, "/variation")}
          onChange={(variation) => change({ variation: variation ?? "" })}
        />
        {config && config.rules.length > 0 && (
          <Select
            label="To"
            allowDeselect={false}
            data={[
              { value: "", label: "everyone else: whom no rule matches" },
              ...config.rules.map(({ id, description }) => ({ value: id, label: `the rule ${description || id}` })),
            ]}
            value={draft.rule}
            error={errorAt(errors, "/target/rule")}
            onChange={(rule) => change({ rule: rule ?? "" })}
          />
        )}
        <Select
          label="Release policy"
          description={policies.find(({ key }) => key === draft.policy)?.description}
          allowDeselect={false}
          data={[
            { value: "", label: "none" },
            ...policies.map(({ key, name }) => ({ value: key, label: name || key })),
          ]}
          value={draft.policy}
          error={errorAt(errors, "/policy")}
          onChange={(key) =>
            setDraft((before) =>
              withPolicy(
                before,
                policies.find((policy) => policy.key === key),
              ),
            )
          }
        />
        <TriggerEditor
          draft={draft}
          services={services}
          upstream={environments.filter(({ key }) => key !== environment.key)}
          errors={errorsUnder(errors, "/trigger")}
          onChange={change}
        />
        <StepsEditor
          steps={draft.steps}
          segments={segments.map(({ key }) => key)}
          errors={errorsUnder(errors, "/steps")}
          onChange={(steps) => adjust({ steps })}
        />
        <WindowsEditor
          windows={draft.windows}
          errors={errorsUnder(errors, "/windows")}
          onChange={(windows) => adjust({ windows })}
        />
        <GuardsEditor
          guards={draft.guards ?? []}
          errors={errorsUnder(errors, "/guards")}
          onChange={(guards) => adjust({ guards: guards.length > 0 ? guards : undefined })}
        />
        {draft.triggers.includes("deployment") && (
          <RollbackSelect value={draft.onRollback} onChange={(onRollback) => change({ onRollback })} />
        )}
        {put.error && <ProblemAlert error={put.error} errors={errorsElsewhere(errors, shownFields)} />}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed">
            Nothing is served before it starts.
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={put.isPending}>
              Prepare the release
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

/** What is released is most often the first variation that is not the one for off. */
function releasedVariation({ variations }: Flag): string {
  return variations.find(({ key }) => key !== "off")?.key ?? variations[0]?.key ?? "";
}
