import { Button, Checkbox, Group, Input, SegmentedControl, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useCreateFlag } from "../../api/flags";
import { errorAt, errorsElsewhere, problemOf } from "../../api/problem";
import type { FieldError, FlagType, Purpose } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { DialogActions } from "../../components/DialogActions";
import { ListField } from "../../components/ListField";
import { ProblemAlert } from "../../components/ProblemAlert";
import { purposeHints, purposes } from "../../components/PurposeBadge";
import { VariationsEditor } from "../../components/VariationsEditor";
import { type NewFlag, newFlag, newFlagBody, withName, withType, withVariations } from "./newFlag";

interface Props {
  project: string;
  onClose: () => void;
}

const shownPointers = ["/key", "/name", "/description", "/type", "/purpose", "/tags", "/owner", "/variations"];

export function CreateFlag({ project, onClose }: Props) {
  const [flag, setFlag] = useState(newFlag);
  const [ownErrors, setOwnErrors] = useState<FieldError[]>([]);
  const create = useCreateFlag(project);
  const navigate = useNavigate();
  const errors = [...ownErrors, ...(create.error ? (problemOf(create.error).errors ?? []) : [])];
  const change = (part: Partial<NewFlag>) => setFlag((before) => ({ ...before, ...part }));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { body, errors: found } = newFlagBody(flag);
    setOwnErrors(found);
    if (found.length === 0) {
      create.mutate(
        { key: flag.key, body },
        {
          onSuccess: ({ key }) =>
            void navigate({ to: "/projects/$project/flags/$flag", params: { project, flag: key } }),
        },
      );
    }
  };
  return (
    <Dialog onClose={onClose} title="Create a flag" size="lg">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Identity flag={flag} errors={errors} onChange={setFlag} />
          <Input.Wrapper label="Type" description="It stays as it is" labelElement="div">
            <SegmentedControl
              fullWidth
              mt={4}
              aria-label="Type"
              data={["boolean", "string", "number", "object"]}
              value={flag.type}
              onChange={(type) => setFlag((before) => withType(before, type as FlagType))}
            />
          </Input.Wrapper>
          <Input.Wrapper label="Variations" labelElement="div" error={errorAt(errors, "/variations")}>
            <VariationsEditor
              type={flag.type}
              drafts={flag.variations}
              errors={errors}
              onChange={(variations) => setFlag((before) => withVariations(before, variations))}
            />
          </Input.Wrapper>
          <Served flag={flag} onChange={change} />
          <Details flag={flag} errors={errors} onChange={change} />
          {create.error && <ProblemAlert error={create.error} errors={errorsElsewhere(errors, shownPointers)} />}
          <DialogActions onCancel={onClose}>
            <Button type="submit" loading={create.isPending}>
              Create flag
            </Button>
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
}

interface IdentityProps {
  flag: NewFlag;
  errors: readonly FieldError[];
  onChange: (change: (before: NewFlag) => NewFlag) => void;
}

function Identity({ flag, errors, onChange }: IdentityProps) {
  return (
    <Group grow align="flex-start" gap="sm">
      <TextInput
        label="Name"
        description="For people; may change"
        data-autofocus
        value={flag.name}
        error={errorAt(errors, "/name")}
        onChange={(event) => {
          const name = event.currentTarget.value;
          onChange((before) => withName(before, name));
        }}
      />
      <TextInput
        label="Key"
        description="For code; never changes, is never used again"
        classNames={{ input: "mono" }}
        required
        value={flag.key}
        error={errorAt(errors, "/key")}
        onChange={(event) => {
          const key = event.currentTarget.value;
          onChange((before) => ({ ...before, key, keyTyped: key !== "" }));
        }}
      />
    </Group>
  );
}

interface PartProps {
  flag: NewFlag;
  onChange: (part: Partial<NewFlag>) => void;
}

function Served({ flag, onChange }: PartProps) {
  const keys = [...new Set(flag.variations.map(({ key }) => key).filter(Boolean))];
  const keyOf = (at: number) => flag.variations[at]?.key || null;
  const indexOf = (chosen: string | null) => flag.variations.findIndex(({ key }) => key === chosen);
  return (
    <Group grow gap="sm">
      <Select
        label="When on, serve"
        data={keys}
        allowDeselect={false}
        value={keyOf(flag.on)}
        onChange={(on) => onChange({ on: indexOf(on) })}
      />
      <Select
        label="When off, serve"
        data={keys}
        allowDeselect={false}
        value={keyOf(flag.off)}
        onChange={(off) => onChange({ off: indexOf(off) })}
      />
    </Group>
  );
}

function Details({ flag, errors, onChange }: PartProps & { errors: readonly FieldError[] }) {
  return (
    <>
      <Group grow align="flex-start" gap="sm">
        <Select
          label="Purpose"
          description={purposeHints[flag.purpose]}
          data={purposes}
          allowDeselect={false}
          value={flag.purpose}
          error={errorAt(errors, "/purpose")}
          onChange={(purpose) => onChange({ purpose: (purpose ?? "release") as Purpose })}
        />
        <ListField
          label="Tags"
          description="Enter or comma after each"
          division="keys"
          values={flag.tags}
          error={errorAt(errors, "/tags")}
          onChange={(tags) => onChange({ tags })}
        />
      </Group>
      <Textarea
        label="Description"
        autosize
        minRows={1}
        value={flag.description}
        error={errorAt(errors, "/description")}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <Checkbox
        label="Client side: browsers and apps may evaluate it with a client SDK key"
        checked={flag.clientSide}
        onChange={(event) => onChange({ clientSide: event.currentTarget.checked })}
      />
    </>
  );
}
