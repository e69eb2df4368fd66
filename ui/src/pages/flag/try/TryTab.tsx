import { Button, Group, Kbd, Stack, Text, Textarea } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useExplain } from "../../../api/flagConfig";
import type { Environment, Flag } from "../../../api/types";
import { Panel } from "../../../components/Panel";
import { ProblemAlert } from "../../../components/ProblemAlert";
import { parseJSON } from "../../../domain/exactJSON";
import { isObject } from "../../../domain/mergePatch";
import { Answer } from "./Answer";
import classes from "./TryTab.module.css";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
}

const firstContext = JSON.stringify({ targetingKey: "user-1", country: "FR" }, null, 2);

/** TryTab evaluates the flag for a context, and shows why it is so. */
export function TryTab({ project, flag, environment }: Props) {
  const [text, setText] = useState(firstContext);
  const [error, setError] = useState<string>();
  const explain = useExplain(project, environment.key, flag.key);

  const run = () => {
    const read = readContext(text);
    setError(typeof read === "string" ? read : undefined);
    if (typeof read !== "string") {
      explain.mutate(read);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    }
  };
  return (
    <div className={classes.columns}>
      <Panel title="Context">
        <Stack component="form" onSubmit={submit} gap="xs">
          <Textarea
            aria-label="Context as JSON"
            classNames={{ input: "mono" }}
            autosize
            minRows={7}
            spellCheck={false}
            value={text}
            error={error}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          <Group gap="xs">
            <Button type="submit" loading={explain.isPending}>
              Evaluate
            </Button>
            <Text size="xs" c="dimmed">
              <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd>
            </Text>
          </Group>
        </Stack>
      </Panel>
      <Panel title="Answer">
        <ProblemAlert error={explain.error} />
        {explain.data && <Answer explanation={explain.data} />}
        {!explain.data && !explain.error && (
          <Text size="sm" c="dimmed">
            What this context gets in {environment.name || environment.key}, and why. Nothing is counted or recorded.
          </Text>
        )}
      </Panel>
    </div>
  );
}

/** readContext gives the context, or why it is none. */
function readContext(text: string): Record<string, unknown> | string {
  try {
    const context = parseJSON(text);
    return isObject(context) ? context : "The context has to be a JSON object.";
  } catch (cause) {
    return `This is not JSON: ${String(cause)}`;
  }
}
