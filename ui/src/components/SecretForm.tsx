import { Button, Group, Stack, TextInput } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { errorAt, problemOf } from "../api/problem";
import { ProblemAlert } from "./ProblemAlert";
import { SecretOnce } from "./SecretOnce";

interface Props<Body extends { name: string }, Made> {
  /** What is made, as in "Name of the key" and "Create key". */
  thing: string;
  /** How the secret is called where it is shown. */
  secretLabel: string;
  placeholder: string;
  create: UseMutationResult<Made, Error, Body>;
  /** What is sent, with the choices of the children. */
  body: (name: string) => Body;
  secretOf: (made: Made) => string | undefined;
  /** The choices besides the name. */
  children: ReactNode;
  /** What stands below the secret. */
  after?: (made: Made) => ReactNode;
}

/** SecretForm makes something that has a secret, and shows the secret once. */
export function SecretForm<Body extends { name: string }, Made>(props: Props<Body, Made>) {
  const { thing, create } = props;
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(props.body(name.trim()), { onSuccess: () => setName("") });
  };
  const made = create.data;
  const secret = made && props.secretOf(made);
  return (
    <Stack gap="xs">
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-start">
          <TextInput
            aria-label={`Name of the ${thing}`}
            placeholder={props.placeholder}
            w={230}
            required
            value={name}
            error={create.error ? errorAt(problemOf(create.error).errors ?? [], "/name") : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {props.children}
          <Button type="submit" loading={create.isPending}>
            Create {thing}
          </Button>
        </Group>
      </form>
      <ProblemAlert error={create.error} />
      {secret && (
        <>
          <SecretOnce label={props.secretLabel} secret={secret} onClose={create.reset} />
          {props.after?.(made)}
        </>
      )}
    </Stack>
  );
}
