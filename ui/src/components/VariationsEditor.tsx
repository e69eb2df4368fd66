import { ActionIcon, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { errorAt } from "../api/problem";
import type { FieldError, FlagType } from "../api/types";
import { anotherVariation, type VariationDraft } from "../domain/variationDraft";
import { AddButton } from "./AddButton";
import classes from "./VariationsEditor.module.css";

interface Props {
  type: FlagType;
  drafts: readonly VariationDraft[];
  /** Pointers as in the flag: /variations/0/value. */
  errors: readonly FieldError[];
  onChange: (drafts: VariationDraft[]) => void;
  disabled?: boolean;
}

export function VariationsEditor({ type, drafts, errors, onChange, disabled = false }: Props) {
  const put = (index: number, draft: VariationDraft) => onChange(drafts.map((old, at) => (at === index ? draft : old)));
  const fixed = type === "boolean" && drafts.length >= 2;
  return (
    <Stack gap={6}>
      {drafts.map((draft, index) => (
        <VariationFields
          key={index}
          number={index + 1}
          type={type}
          draft={draft}
          errors={errors.map((error) => ({ ...error, pointer: withoutIndex(error.pointer, index) }))}
          disabled={disabled}
          onChange={(changed) => put(index, changed)}
          onRemove={drafts.length > 1 ? () => onChange(drafts.filter((_, at) => at !== index)) : undefined}
        />
      ))}
      {!fixed && !disabled && (
        <div>
          <AddButton onClick={() => onChange([...drafts, anotherVariation(drafts, type)])}>Variation</AddButton>
        </div>
      )}
    </Stack>
  );
}

/** withoutIndex makes /variations/3/value the value of the fourth variation, and of no other. */
function withoutIndex(pointer: string, index: number): string {
  const prefix = `/variations/${index}`;
  return pointer === prefix || pointer.startsWith(`${prefix}/`) ? pointer.slice(prefix.length) : `other${pointer}`;
}

interface FieldsProps {
  number: number;
  type: FlagType;
  draft: VariationDraft;
  errors: readonly FieldError[];
  disabled: boolean;
  onChange: (draft: VariationDraft) => void;
  onRemove: (() => void) | undefined;
}

function VariationFields({ number, type, draft, errors, disabled, onChange, onRemove }: FieldsProps) {
  const valueError = errorAt(errors, "/value") ?? errorAt(errors, "");
  const setValue = (value: string) => onChange({ ...draft, value });
  const value = {
    "aria-label": `Value of variation ${number}`,
    value: draft.value,
    error: valueError,
    disabled,
  };
  return (
    <div className={classes.variation}>
      <TextInput
        aria-label={`Key of variation ${number}`}
        placeholder="key"
        value={draft.key}
        error={errorAt(errors, "/key")}
        disabled={disabled}
        onChange={(event) => onChange({ ...draft, key: event.currentTarget.value })}
      />
      {type === "boolean" ? (
        <Select {...value} data={["true", "false"]} allowDeselect={false} onChange={(next) => setValue(next ?? "false")} />
      ) : (
        <Textarea
          {...value}
          autosize
          maxRows={12}
          classNames={type === "string" ? {} : { input: "mono" }}
          placeholder={type === "string" ? "empty text" : type}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      )}
      <TextInput
        className={classes.describe}
        aria-label={`Description of variation ${number}`}
        placeholder="what it does"
        value={draft.description}
        error={errorAt(errors, "/description")}
        disabled={disabled}
        onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
      />
      {onRemove && !disabled && (
        <ActionIcon className={classes.remove} aria-label={`Remove variation ${number}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      )}
    </div>
  );
}
