import { Group, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

interface Props {
  title: string;
  /** A figure or a word beside the title. */
  beside?: ReactNode;
  children?: ReactNode;
}

/** PageTitle heads a page and names it in the browser's tab. */
export function PageTitle({ title, beside, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Tidegate`;
  }, [title]);
  return (
    <Group justify="space-between" gap="xs" mih={36}>
      <Group gap="xs">
        <Title order={1}>{title}</Title>
        {beside !== undefined && (
          <Text c="dimmed" component="span">
            {beside}
          </Text>
        )}
      </Group>
      {children}
    </Group>
  );
}
