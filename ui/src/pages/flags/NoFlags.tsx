import { Text } from "@mantine/core";
import { CodeBlock } from "../../components/CodeBlock";
import { EmptyState } from "../../components/EmptyState";
import type { FlagsSearch } from "../../search";

interface Props {
  project: string;
  /** Whether there are flags that the filters hide. */
  filtered: boolean;
  search: FlagsSearch;
}

/** NoFlags says what to do where there is no flag to show. */
export function NoFlags({ project, filtered, search }: Props) {
  if (filtered) {
    return <EmptyState title="No flag matches">Take a word out of the search, or a filter away.</EmptyState>;
  }
  if (search.state === "archived") {
    return (
      <EmptyState title="No archived flags">
        A flag that is archived stays here, since its key is never used again.
      </EmptyState>
    );
  }
  const create = `curl -X PUT ${window.location.origin}/api/v1/projects/${project}/flags/new-checkout \\
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"type": "boolean", "name": "New checkout"}'`;
  return (
    <EmptyState title="Create the first flag">
      <Text>
        Press <kbd>n</kbd>, or send this with an access token from Settings. A new flag is off in every environment, so
        that code which asks for it can be deployed at once.
      </Text>
      <CodeBlock code={create} label="curl command" />
    </EmptyState>
  );
}
