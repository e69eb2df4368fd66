import { Select } from "@mantine/core";
import type { ReleasePolicy } from "../../../api/types";

type OnRollback = ReleasePolicy["onRollback"];

const choices = [
  { value: "revert", label: "revert the release" },
  { value: "pause", label: "pause the release" },
  { value: "ignore", label: "do nothing" },
];

interface Props {
  value: OnRollback;
  onChange: (value: OnRollback) => void;
}

/** RollbackSelect says what becomes of a release whose deployment does not last. */
export function RollbackSelect({ value, onChange }: Props) {
  return (
    <Select
      label="When that deployment fails or is rolled back"
      allowDeselect={false}
      data={choices}
      value={value}
      onChange={(choice) => onChange((choice ?? "revert") as OnRollback)}
    />
  );
}
