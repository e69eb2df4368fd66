import { Group, Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { Environment, Flag } from "../../api/types";
import { purposes } from "../../components/PurposeBadge";
import { tagsOf } from "../../domain/flagFilter";
import type { FlagState, FlagsSearch } from "../../search";

interface Props {
  search: FlagsSearch;
  flags: readonly Flag[];
  environments: readonly Environment[];
  onChange: (part: FlagsSearch) => void;
}

export function FlagFilters({ search, flags, environments, onChange }: Props) {
  return (
    <Group gap="xs" role="search" aria-label="Flags">
      <SearchField value={search.q ?? ""} onChange={(q) => onChange({ q: q || undefined })} />
      <Select
        aria-label="Purpose"
        placeholder="Any purpose"
        w={140}
        clearable
        data={purposes}
        value={search.purpose ?? null}
        onChange={(purpose) => onChange({ purpose: purpose ?? undefined })}
      />
      <Select
        aria-label="Tag"
        placeholder="Any tag"
        w={130}
        clearable
        searchable
        data={tagsOf(flags)}
        value={search.tag ?? null}
        onChange={(tag) => onChange({ tag: tag ?? undefined })}
      />
      <Select
        aria-label="State"
        placeholder="Any state"
        w={190}
        clearable
        data={stateChoices(environments)}
        value={search.state ? [search.state, search.env].filter(Boolean).join(" ") : null}
        onChange={(choice) => onChange(stateOf(choice))}
      />
    </Group>
  );
}

function stateChoices(environments: readonly Environment[]) {
  const inEach = (state: FlagState, words: string) =>
    environments.map(({ key, name }) => ({ value: `${state} ${key}`, label: `${words} ${name || key}` }));
  return [
    { value: "releasing", label: "Release under way" },
    ...inEach("on", "On in"),
    ...inEach("off", "Off in"),
    { value: "archived", label: "Archived" },
  ];
}

function stateOf(choice: string | null): FlagsSearch {
  const [state, env] = (choice ?? "").split(" ");
  return { state: (state || undefined) as FlagState | undefined, env };
}

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
}

/** SearchField shows at once what is typed; the address follows. */
function SearchField({ value, onChange }: FieldProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <TextInput
      id="flag-search"
      aria-label="Search flags"
      placeholder="Search flags  /"
      leftSection={<IconSearch size={14} />}
      flex="1 1 180px"
      type="search"
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.currentTarget.blur();
        }
      }}
    />
  );
}
