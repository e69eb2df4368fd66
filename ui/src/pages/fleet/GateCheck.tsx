import { Alert, Autocomplete, Button, Group, List, Text, TextInput } from "@mantine/core";
import { IconCheck, IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { gatesQuery } from "../../api/deployments";
import type { Gates } from "../../api/types";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";

interface Props {
  project: string;
  environment: string;
  services: readonly string[];
}

/** GateCheck asks whether a version may be deployed, and whether its service may go back to it. */
export function GateCheck({ project, environment, services }: Props) {
  const [service, setService] = useState("");
  const [version, setVersion] = useState("");
  const [asked, setAsked] = useState<{ service: string; version: string }>();
  const { data, error, isFetching, refetch } = useQuery(gatesQuery(project, environment, asked));
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const question = { service: service.trim(), version: version.trim() };
    if (asked?.service === question.service && asked.version === question.version) {
      void refetch();
    }
    setAsked(question);
  };
  return (
    <Panel title="Is a version safe?">
      <form onSubmit={ask}>
        <Group gap="xs" align="flex-end">
          <Autocomplete
            label="Service"
            required
            flex="1 1 140px"
            data={[...services]}
            value={service}
            onChange={setService}
          />
          <TextInput
            label="Version"
            placeholder="2.2.0"
            required
            flex="1 1 120px"
            value={version}
            onChange={(event) => setVersion(event.currentTarget.value)}
          />
          <Button type="submit" loading={isFetching}>
            Check
          </Button>
        </Group>
      </form>
      <ProblemAlert error={error} />
      {data && <Answer project={project} environment={environment} gates={data} />}
    </Panel>
  );
}

function Answer({ project, environment, gates }: { project: string; environment: string; gates: Gates }) {
  const what = `${gates.service} ${gates.version}`;
  return (
    <div role="status">
      <Verdict safe={gates.safeToDeploy} yes={`${what} is safe to deploy`} no={`${what} is not safe to deploy`} />
      <Verdict
        safe={gates.safeToRollBackTo}
        yes={`${what} is safe to roll back to`}
        no={`${what} is not safe to roll back to`}
      />
      {gates.flags.length > 0 && (
        <List size="sm" mt="xs">
          {gates.flags.map(({ flag, reason }) => (
            <List.Item key={flag}>
              <Link to="/projects/$project/flags/$flag" params={{ project, flag }} search={{ env: environment }}>
                {flag}
              </Link>
              : {reason}
            </List.Item>
          ))}
        </List>
      )}
    </div>
  );
}

function Verdict({ safe, yes, no }: { safe: boolean; yes: string; no: string }) {
  return (
    <Alert
      mt="xs"
      py={6}
      color={safe ? "green" : "red"}
      variant="outline"
      icon={safe ? <IconCheck size={18} /> : <IconHandStop size={18} />}
    >
      <Text size="sm">{safe ? yes : no}</Text>
    </Alert>
  );
}
