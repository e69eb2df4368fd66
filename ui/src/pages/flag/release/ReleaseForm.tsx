import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { errorAt, errorsElsewhere, errorsUnder, problemOf } from "../../../api/problem";
import { usePutRelease } from "../../../api/releases";
import type { Environment, FieldError, Flag, Release } from "../../../api/types";
import { ProblemAlert } from "../../../components/ProblemAlert";
import { draftOfRelease, newReleaseDraft, type ReleaseDraft, specOf } from "../../../domain/release";
import { useServices } from "../useServices";
import { StepsEditor } from "./StepsEditor";
import { TriggerEditor } from "./TriggerEditor";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
  /** The release that is replaced or done once more. */
  previous: Release | undefined;
  onClose: () => void;
}

const rollbackChoices = [
  { value: "revert", label: "revert the release" },
  { value: "pause", label: "pause the release" },
  { value: "ignore", label: "do nothing" },
];

export function ReleaseForm({ project, flag, environment, previous, onClose }: Props) {
  const services = useServices(project, environment.key);
  const [draft, setDraft] = useState<ReleaseDraft>(() =>
    previous ? draftOfRelease(previous) : newReleaseDraft(releasedVariation(flag), services.length === 1 ? services[0] : ""),
  );
  const [ownErrors, setOwnErrors] = useState<FieldError[]>([]);
  const put = usePutRelease(project, environment.key, flag.key);
  const errors = [...ownErrors, ...(put.error ? (problemOf(put.error).errors ?? []) : [])];
  const change = (part: Partial<ReleaseDraft>) => setDraft((before) => ({ ...before, ...part }));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { spec, errors: found } = specOf(draft);
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
        <TriggerEditor draft={draft} services={services} errors={errorsUnder(errors, "/trigger")} onChange={change} />
        <StepsEditor steps={draft.steps} errors={errorsUnder(errors, "/steps")} onChange={(steps) => change({ steps })} />
        {draft.trigger === "deployment" && (
          <Select
            label="When that deployment fails or is rolled back"
            allowDeselect={false}
            data={rollbackChoices}
            value={draft.onRollback}
            onChange={(choice) => change({ onRollback: (choice ?? "revert") as ReleaseDraft["onRollback"] })}
          />
        )}
        {put.error && (
          <ProblemAlert error={put.error} errors={errorsElsewhere(errors, ["/variation", "/trigger", "/steps"])} />
        )}
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
