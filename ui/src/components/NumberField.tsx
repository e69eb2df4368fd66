import { NumberInput, type NumberInputProps } from "@mantine/core";
import { type ClipboardEvent, useState } from "react";
import { type NumberLimits, pastedNumber, readNumber, trimZeros } from "../domain/typedNumber";

type Inherited =
  | "label"
  | "aria-label"
  | "title"
  | "placeholder"
  | "suffix"
  | "step"
  | "w"
  | "miw"
  | "hideControls"
  | "disabled"
  | "error";

interface Props extends Pick<NumberInputProps, Inherited>, NumberLimits {
  /** undefined: nothing stands there; NaN: what stands there is no number. */
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}

/**
 * NumberField is the only field for numbers. At every moment it shows the number that it holds, or says why it holds
 * none. In the second case its value is NaN, and no form sends NaN.
 */
export function NumberField({ value, onChange, min, max, decimals, required, error, ...rest }: Props) {
  const limits = { min, max, decimals, required };
  const [typed, setTyped] = useState<string | number>();
  const [refused, setRefused] = useState<string>();
  const read = typed === undefined ? undefined : readNumber(typed, limits);
  // What was typed stands for as long as nobody else has changed the value.
  const stands = read !== undefined && Object.is(read.value, value);
  const own = stands ? read.fault : Number.isNaN(value) ? readNumber("", { required: true }).fault : undefined;

  const put = (next: string | number) => {
    const text = typeof next === "string" ? trimZeros(next) : next;
    setTyped(text);
    setRefused(undefined);
    const { value: changed } = readNumber(text, limits);
    if (!Object.is(changed, value)) {
      onChange(changed);
    }
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData("text");
    const text = pastedNumber(pasted);
    const { selectionStart, selectionEnd, value: before } = event.currentTarget;
    const whole = (selectionEnd ?? 0) - (selectionStart ?? 0) >= before.length;
    if (text === undefined || whole) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (text === undefined) {
      setRefused(`“${pasted.trim().slice(0, 40)}” is not a number.`);
    } else if (whole) {
      put(text);
    }
  };
  return (
    <NumberInput
      {...rest}
      clampBehavior="none"
      trimLeadingZeroesOnBlur={false}
      selectAllOnFocus
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      value={stands && typed !== undefined ? typed : Number.isNaN(value) ? "" : (value ?? "")}
      error={own ?? refused ?? error}
      onChange={put}
      onPasteCapture={paste}
      onBlur={() => {
        setRefused(undefined);
        if (stands && !read.fault) {
          setTyped(undefined);
        }
      }}
    />
  );
}
