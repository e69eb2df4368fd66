import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";

interface Props {
  children: string;
  onClick: () => void;
}

/** AddButton appends one more to a list that is being edited. */
export function AddButton({ children, onClick }: Props) {
  return (
    <Button variant="subtle" size="compact-xs" leftSection={<IconPlus size={12} />} onClick={onClick}>
      {children}
    </Button>
  );
}
