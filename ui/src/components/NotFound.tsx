import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";

export function NotFound() {
  return (
    <Stack component="main" p="xl" gap="xs" align="flex-start">
      <Title order={1}>There is no such page</Title>
      <Text>The address may be mistyped, or what it named is gone.</Text>
      <Anchor component={Link} to="/">
        All flags
      </Anchor>
    </Stack>
  );
}
