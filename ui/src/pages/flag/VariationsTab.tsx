import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useUpdateFlag } from "../../api/flags";
import { errorsElsewhere, problemOf } from "../../api/problem";
import { usePermission } from "../../api/session";
import type { FieldError, Flag } from "../../api/types";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { VariationsEditor } from "../../components/VariationsEditor";
import { draftVariation, readVariations, type VariationDraft } from "../../domain/variationDraft";

interface Props {
  project: string;
  flag: Flag;
}

interface Edit {
  /** The version that the edit was begun on. */
  version: number;
  drafts: VariationDraft[];
}

/** VariationsTab edits the values that a flag can have. They are the same in all environments. */
export function VariationsTab({ project, flag }: Props) {
  const [edit, setEdit] = useState<Edit>();
  const [ownErrors, setOwnErrors] = useState<FieldError[]>([]);
  const update = useUpdateFlag(project, flag.key);
  const allowed = usePermission("editor", project) && !flag.archived;
  const errors = [...ownErrors, ...(update.error ? (problemOf(update.error).errors ?? []) : [])];

  const change = (drafts: VariationDraft[]) => {
    update.reset();
    setOwnErrors([]);
    setEdit((before) => ({ version: before?.version ?? flag.version, drafts }));
  };
  const save = ({ drafts, version }: Edit) => {
    const { variations, errors: found } = readVariations(flag.type, drafts);
    setOwnErrors(found);
    if (found.length === 0) {
      update.mutate({ body: { variations }, version }, { onSuccess: () => setEdit(undefined) });
    }
  };
  return (
    <Panel title={`Variations (${flag.type})`}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          The same in every environment: a changed value is served at once wherever its variation is.
        </Text>
        <VariationsEditor
          type={flag.type}
          drafts={edit?.drafts ?? flag.variations.map(draftVariation)}
          errors={errors}
          disabled={!allowed}
          onChange={change}
        />
        {update.error && <ProblemAlert error={update.error} errors={errorsElsewhere(errors, ["/variations"])} />}
        {edit && (
          <Group gap="xs">
            <Button loading={update.isPending} onClick={() => save(edit)}>
              Save variations
            </Button>
            <Button variant="default" onClick={() => setEdit(undefined)}>
              Discard
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
