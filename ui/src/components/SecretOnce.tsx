import { Alert, Group } from "@mantine/core";
import { Copy } from "./Copy";

interface Props {
  label: string;
  secret: string;
  onClose: () => void;
}

/** SecretOnce shows a secret that was just made. It cannot be shown again: only its hash is stored. */
export function SecretOnce({ label, secret, onClose }: Props) {
  return (
    <Alert
      color="green"
      variant="outline"
      title={`${label}: copy it now, it is shown only once`}
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
    >
      <Group gap="xs" wrap="nowrap">
        <code style={{ overflowWrap: "anywhere" }} data-testid="secret">
          {secret}
        </code>
        <Copy value={secret} label={`Copy the ${label}`} />
      </Group>
    </Alert>
  );
}
