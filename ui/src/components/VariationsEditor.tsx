import { ActionIcon, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { ClipboardEvent, KeyboardEvent } from "react";
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

/**
 * withoutIndex turns /variations/3/value into /value for the fourth variation. For others it gives no field's
 * pointer.
 */
function withoutIndex(pointer: string, index: number): string {
  const prefix = `/variations/${index}`;
  return pointer === prefix || pointer.startsWith(`${prefix}/`) ? pointer.slice(prefix.length) : `other${pointer}`;
}

/** enterOnce keeps Enter from putting a line break into a value of one line. Shift Enter puts one in on purpose. */
function enterOnce(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key === "Enter" && !event.shiftKey && !event.currentTarget.value.includes("\n")) {
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  }
}

/** pasteLine leaves out the line break that comes along when one whole line is copied. */
function pasteLine(event: ClipboardEvent<HTMLTextAreaElement>, put: (value: string) => void) {
  const line = /^([^\r\n]+)[\r\n]+$/.exec(event.clipboardData.getData("text"))?.[1];
  if (line !== undefined) {
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    put(value.slice(0, selectionStart) + line + value.slice(selectionEnd));
  }
}

/** linesText tells of line breaks, which are easily overlooked. */
function linesText(value: string): string | undefined {
  const lines = value.split("\n").length;
  return lines > 1 ? `${lines} lines` : undefined;
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
        <Select
          {...value}
          data={["true", "false"]}
          allowDeselect={false}
          onChange={(next) => setValue(next ?? "false")}
        />
      ) : (
        <Textarea
          {...value}
          autosize
          maxRows={12}
          classNames={type === "string" ? {} : { input: "mono" }}
          placeholder={type === "string" ? "empty text" : type}
          description={type === "string" ? linesText(draft.value) : undefined}
          onChange={(event) => setValue(event.currentTarget.value)}
          onKeyDown={(event) => type !== "object" && enterOnce(event)}
          onPaste={(event) => type !== "object" && pasteLine(event, setValue)}
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
