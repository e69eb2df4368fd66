import { Button, Stack } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useRouter } from "@tanstack/react-router";
import { ProblemAlert } from "./ProblemAlert";

/** RouteError stands where a page could not be loaded or has failed. */
export function RouteError({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Stack component="main" p="xl" gap="md" align="flex-start">
      <ProblemAlert error={error} />
      <Button onClick={() => void router.invalidate()}>Try again</Button>
    </Stack>
  );
}
