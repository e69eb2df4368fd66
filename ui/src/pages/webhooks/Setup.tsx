import { Stack, Text } from "@mantine/core";
import type { Webhook } from "../../api/types";
import { CodeBlock } from "../../components/CodeBlock";

/** Setup is what to do at the tool; $SECRET stands for the secret, which was shown once. */
export function Setup({ setup }: { setup: NonNullable<Webhook["setup"]> }) {
  return (
    <Stack gap="xs">
      {setup.map(({ title, text }) => (
        <div key={title}>
          <Text size="sm">{title}</Text>
          <CodeBlock code={text} label={title} />
        </div>
      ))}
    </Stack>
  );
}
