import { Button, FileButton, Group, TagsInput, type TagsInputProps, Text, TextInput } from "@mantine/core";
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import { addedText, addToList, type Division, isQuoteOpen, splitList, textOf } from "../domain/listText";

interface Props
  extends Pick<
    TagsInputProps,
    "label" | "description" | "className" | "placeholder" | "disabled" | "error" | "renderPill"
  > {
  /** Names the field, where no label does. */
  name?: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** What divides the values in what is typed, pasted or read from a file. */
  division: Division;
  /** The plural of the values' name. With it the field tells their number, and they may come from a file. */
  many?: string;
  /** How a value that was typed is kept. */
  encode?: (typed: string) => string;
}

const shownTags = 100;
const typedDividers: Record<Division, string> = { keys: ", ;\t", values: ",;\t", lines: "" };

/**
 * ListField is the only field for lists of texts. It takes what people paste, tells what it dropped, and draws the first of
 * many.
 */
export function ListField({ name, values, onChange, division, many, encode = (typed) => typed, ...rest }: Props) {
  const [typed, setTyped] = useState("");
  const [told, setTold] = useState("");
  const [sought, setSought] = useState("");
  const found = sought === "" ? values : values.filter((value) => value.includes(sought));
  const shown = found.slice(0, shownTags);

  const add = (text: string, from: Division = division) => {
    const outcome = addToList(values, splitList(text, from).map(encode));
    setTold(addedText(outcome));
    if (outcome.added > 0) {
      onChange(outcome.list);
    }
  };
  const enter = () => {
    setTyped("");
    add(typed);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const something = typed.trim() !== "";
    const ends = event.key === "Enter" || (typedDividers[division].includes(event.key) && !isQuoteOpen(typed));
    if (something && ends && !event.nativeEvent.isComposing) {
      event.preventDefault();
      enter();
    } else if (event.key === "Backspace" && !something && shown.length < values.length) {
      // The last value is out of sight, and a value that nobody sees must not be removed.
      event.preventDefault();
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    event.stopPropagation();
    const pasted = event.clipboardData.getData("text");
    if (typed === "" || splitList(pasted, division).length > 1) {
      event.preventDefault();
      add(pasted);
    }
  };
  const label = name ?? String(rest.label);
  return (
    <div className={rest.className}>
      <TagsInput
        {...rest}
        className=""
        {...(name ? { "aria-label": name } : {})}
        placeholder={values.length > 0 ? "" : (rest.placeholder ?? "")}
        value={shown}
        // Values are added by add. This only removes values.
        onChange={(left) => {
          setTold("");
          const kept = new Set(left);
          const gone = new Set(shown.filter((value) => !kept.has(value)));
          onChange(values.filter((value) => !gone.has(value)));
        }}
        searchValue={typed}
        onSearchChange={setTyped}
        onKeyDown={onKeyDown}
        onPasteCapture={onPaste}
        onBlur={() => typed.trim() !== "" && enter()}
        acceptValueOnBlur={false}
        splitChars={[]}
      />
      <Group gap="xs" mt={2}>
        {many && !rest.disabled && (
          <FromFile
            label={label}
            onText={(text) => add(text, division === "keys" ? "values" : division)}
            onFault={setTold}
          />
        )}
        {many && values.length > 1 && (
          <Text size="xs" c="dimmed">
            {values.length.toLocaleString("en")} {many}
            {found.length > shownTags && `, the first ${shownTags}${sought ? " found" : ""} shown`}
          </Text>
        )}
        {values.length > shownTags && (
          <TextInput
            aria-label={`${label}: find`}
            placeholder="find"
            w={120}
            value={sought}
            onChange={(event) => setSought(event.currentTarget.value)}
          />
        )}
        <Text size="xs" role="status" aria-label={`${label}: what was added`}>
          {told}
        </Text>
      </Group>
    </div>
  );
}

interface FromFileProps {
  label: string;
  onText: (text: string) => void;
  onFault: (fault: string) => void;
}

function FromFile({ label, onText, onFault }: FromFileProps) {
  const reset = useRef<() => void>(null);
  const read = async (file: File) => {
    const text = textOf(new Uint8Array(await file.arrayBuffer()));
    reset.current?.();
    if (text === undefined) {
      onFault(`${file.name} is not a text file.`);
    } else {
      onText(text);
    }
  };
  return (
    <FileButton
      resetRef={reset}
      onChange={(file) => file && void read(file)}
      inputProps={{ "aria-label": `${label}: file` }}
    >
      {(props) => (
        <Button {...props} variant="subtle" size="compact-xs" aria-label={`${label}: from a file`}>
          From a file…
        </Button>
      )}
    </FileButton>
  );
}
