import { Alert, Button, Stack, Text } from "@mantine/core";
import { DifferenceList } from "../../../components/DifferenceList";
import type { Side } from "../../../domain/threeWay";
import { ConflictQuestion } from "./ConflictQuestion";
import type { ConfigEdit } from "./useConfigEdit";

/**
 * Meanwhile shows what others have changed since the edit began, asks about what both sides changed, and puts the edit on
 * top of the rest.
 */
export function Meanwhile({ edit }: { edit: ConfigEdit }) {
  const { conflicts, answers } = edit;
  const open = conflicts.filter(({ id }) => answers[id] === undefined).length;
  return (
    <Alert color="orange" variant="outline" title="Changed meanwhile by somebody else">
      <Stack gap="xs" align="flex-start">
        <DifferenceList differences={edit.meanwhile} />
        {conflicts.length > 0 && <Text size="sm">You changed the same, differently. Which counts?</Text>}
        {conflicts.map((conflict) => (
          <ConflictQuestion
            key={conflict.id}
            conflict={conflict}
            answer={answers[conflict.id]}
            onAnswer={(side: Side) => edit.answer(conflict.id, side)}
          />
        ))}
        <Button variant="default" disabled={open > 0} onClick={edit.rebase}>
          Put my changes on top
        </Button>
        <Text size="xs" c="dimmed">
          {open > 0
            ? `${open} ${open === 1 ? "question has" : "questions have"} no answer yet.`
            : "What the others changed stays."}
        </Text>
      </Stack>
    </Alert>
  );
}
