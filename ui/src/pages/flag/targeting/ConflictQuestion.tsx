import { Radio, Stack } from "@mantine/core";
import type { Conflict, Side } from "../../../domain/threeWay";

interface Props {
  conflict: Conflict;
  answer: Side | undefined;
  onAnswer: (side: Side) => void;
}

/** ConflictQuestion shows both sides of a conflict and asks which counts. Neither is chosen beforehand. */
export function ConflictQuestion({ conflict, answer, onAnswer }: Props) {
  const { label, mine, theirs } = conflict;
  return (
    <Radio.Group label={label} value={answer ?? null} onChange={(side) => onAnswer(side as Side)}>
      <Stack gap={4} mt={4}>
        <Radio value="theirs" size="xs" label={`Theirs: ${theirs}`} />
        <Radio value="mine" size="xs" label={`Mine: ${mine}`} />
      </Stack>
    </Radio.Group>
  );
}
