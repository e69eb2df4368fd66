import { Kbd, Modal, Table } from "@mantine/core";
import type { Shortcut } from "./shortcuts";

interface Props {
  shortcuts: readonly Shortcut[];
  opened: boolean;
  onClose: () => void;
}

/** ShortcutsHelp lists what the keyboard does. */
export function ShortcutsHelp({ shortcuts, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" closeButtonProps={{ "aria-label": "Close" }}>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          <Row keys={["Ctrl", "K"]} label="Jump to a flag" />
          {shortcuts.map(({ keys, label }) => (
            <Row key={keys} keys={keys.split(" ")} label={label} />
          ))}
          <Row keys={["Space"]} label="Flip the switch that has the focus" />
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

function Row({ keys, label }: { keys: string[]; label: string }) {
  return (
    <Table.Tr>
      <Table.Td>
        {keys.map((key) => (
          <Kbd key={key} mr={4}>
            {key}
          </Kbd>
        ))}
      </Table.Td>
      <Table.Td>{label}</Table.Td>
    </Table.Tr>
  );
}
