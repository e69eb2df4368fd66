import { Pill, UnstyledButton } from "@mantine/core";
import { showValue, valueType } from "../../domain/clauseValues";
import classes from "./TypedPill.module.css";

interface Props {
  value: unknown;
  disabled: boolean;
  onReplace: (value: unknown) => void;
  onRemove: (() => void) | undefined;
}

/** TypedPill shows a value, and says what it is where the same characters could be something else. */
export function TypedPill({ value, disabled, onReplace, onRemove }: Props) {
  const text = showValue(value, "text");
  const type = valueType(value);
  const other = type?.other;
  return (
    <Pill withRemoveButton={!disabled} disabled={disabled} {...(onRemove ? { onRemove } : {})}>
      {text}
      {type && other && !disabled ? (
        <UnstyledButton
          className={classes.type ?? ""}
          aria-label={`${text} is ${type.is}: make it ${other.is}`}
          title={`This is ${type.is}. Make it ${other.is}.`}
          onClick={() => onReplace(other.value)}
        >
          {type.is}
        </UnstyledButton>
      ) : (
        type && <span className={classes.type}>{type.is}</span>
      )}
    </Pill>
  );
}
