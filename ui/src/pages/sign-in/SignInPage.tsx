import { Button, Code, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useCallback, useEffect, useRef, useState } from "react";
import { useSignIn } from "../../api/session";
import { ProblemAlert } from "../../components/ProblemAlert";
import { insideApp } from "./insideApp";
import classes from "./SignInPage.module.css";

const route = getRouteApi("/sign-in");

/** SignInPage redeems the token of a sign-in link by itself, and takes an access token else. */
export function SignInPage() {
  const { token: linkToken, to } = route.useSearch();
  const navigate = useNavigate();
  const signIn = useSignIn();
  const { mutate } = signIn;
  const [token, setToken] = useState("");

  const enter = useCallback(
    (secret: string) => mutate(secret, { onSuccess: () => void navigate({ to: insideApp(to), replace: true }) }),
    [mutate, navigate, to],
  );
  useRedeemOnce(linkToken, enter);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter(token.trim());
  };
  return (
    <main className={classes.page}>
      <Stack component="form" onSubmit={submit} className={classes.card} gap="md">
        <Title order={1}>Sign in to Tidegate</Title>
        <ProblemAlert error={signIn.error} />
        <PasswordInput
          size="sm"
          label="Access token"
          description="It begins with tg_."
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          autoComplete="current-password"
          data-autofocus
          required
        />
        <Button type="submit" size="sm" loading={signIn.isPending}>
          Sign in
        </Button>
        <Text size="sm" c="dimmed">
          No token at hand? Run <Code>flagd sign-in-link</Code> where the server runs: it prints a link that signs you
          in once.
        </Text>
      </Stack>
    </main>
  );
}

/** A link's token holds once: it is sent once, however often the page renders. */
function useRedeemOnce(token: string | undefined, redeem: (token: string) => void): void {
  const redeemed = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (token && redeemed.current !== token) {
      redeemed.current = token;
      redeem(token);
    }
  }, [token, redeem]);
}
