import { ActionIcon, Alert, Autocomplete, Group, Select, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconX } from "@tabler/icons-react";
import { errorAt } from "../../../api/problem";
import type { Availability, FieldError } from "../../../api/types";
import { AddButton } from "../../../components/AddButton";

interface Props {
  availability: Availability | null | undefined;
  services: readonly string[];
  /** Whether availability of scope fleet is open now. */
  fleetOpen: boolean | undefined;
  /** In what the fleet contradicts it; undefined or empty if in nothing. */
  fleetWarning?: string | undefined;
  errors: readonly FieldError[];
  disabled: boolean;
  onChange: (availability: Availability | null) => void;
}

const scopes = [
  { value: "instance", label: "each instance that has it" },
  { value: "fleet", label: "nobody, until all instances have it" },
];

const oldInstance = [
  { value: "close", label: "close until it is gone" },
  { value: "hold", label: "stay open, and warn" },
];

/** AvailabilityEditor says where the code for the flag exists: anywhere else the flag stays off. */
export function AvailabilityEditor({
  availability,
  services,
  fleetOpen,
  fleetWarning,
  errors,
  disabled,
  onChange,
}: Props) {
  if (!availability) {
    return (
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          Wherever the flag is asked for.
        </Text>
        {!disabled && (
          <AddButton onClick={() => onChange({ service: services[0] ?? "", version: ">=" })}>
            Only where the code is deployed
          </AddButton>
        )}
      </Group>
    );
  }
  const put = (part: Partial<Availability>) => onChange({ ...availability, ...part });
  return (
    <Group gap="xs" align="flex-end">
      <Autocomplete
        label="Service"
        flex="1 1 120px"
        data={[...services]}
        disabled={disabled}
        value={availability.service}
        error={errorAt(errors, "/service")}
        onChange={(service) => put({ service })}
      />
      <TextInput
        label="Version"
        placeholder=">=2.3.0"
        flex="1 1 100px"
        disabled={disabled}
        value={availability.version}
        error={errorAt(errors, "/version")}
        onChange={(event) => put({ version: event.currentTarget.value })}
      />
      <Select
        label="Opens for"
        flex="2 1 190px"
        allowDeselect={false}
        disabled={disabled}
        data={scopes}
        value={availability.scope ?? "instance"}
        onChange={(scope) => {
          const { onOldInstance: _, ...rest } = availability;
          onChange(scope === "fleet" ? { ...availability, scope } : { ...rest, scope: "instance" });
        }}
      />
      {availability.scope === "fleet" && (
        <Select
          label="If an old instance appears"
          flex="2 1 190px"
          allowDeselect={false}
          disabled={disabled}
          data={oldInstance}
          value={availability.onOldInstance ?? "close"}
          error={errorAt(errors, "/onOldInstance")}
          onChange={(value) => put({ onOldInstance: value === "hold" ? "hold" : "close" })}
        />
      )}
      {!disabled && (
        <ActionIcon aria-label="Remove availability" mb={2} onClick={() => onChange(null)}>
          <IconX size={16} />
        </ActionIcon>
      )}
      {availability.scope === "fleet" && fleetWarning && (
        <Alert role="alert" color="orange" variant="outline" w="100%" py={6} icon={<IconAlertTriangle size={18} />}>
          {fleetWarning}
        </Alert>
      )}
      {availability.scope === "fleet" && fleetOpen !== undefined && !fleetWarning && (
        <Text size="xs" c="dimmed" w="100%">
          {fleetOpen ? "Open now: every live instance has it." : "Closed now: not every live instance has it."}
        </Text>
      )}
    </Group>
  );
}
