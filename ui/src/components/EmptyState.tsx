import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  title: string;
  /** What to do next. */
  children: ReactNode;
}

export function EmptyState({ title, children }: Props) {
  return (
    <Stack gap="sm" p="lg" w="100%" maw={720} mx="auto" my="lg">
      <Title order={2}>{title}</Title>
      {typeof children === "string" ? <Text>{children}</Text> : children}
    </Stack>
  );
}
