import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { WebhookDelivery } from "../../api/types";
import { deliveriesQuery, deliveryQuery, useReplay } from "../../api/webhooks";
import { Ago } from "../../components/Ago";
import { CodeBlock } from "../../components/CodeBlock";
import { Dialog } from "../../components/Dialog";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { OutcomeView } from "./OutcomeView";

interface Props {
  project: string;
  id: string;
}

/** Deliveries are the last events that a webhook received, with what came of them. */
export function Deliveries({ project, id }: Props) {
  const { data: deliveries, error, isPending } = useQuery(deliveriesQuery(project, id));
  const [shown, setShown] = useState<string>();
  const replay = useReplay(project, id);
  return (
    <>
      <ProblemAlert error={error ?? replay.error} />
      {isPending && <Rows count={3} />}
      {deliveries?.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing yet. Events whose sender does not know the secret are answered with 401 and not kept.
        </Text>
      )}
      {deliveries && deliveries.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing={6} aria-label="Deliveries, newest first">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Received</Table.Th>
                <Table.Th>Answer</Table.Th>
                <Table.Th>What came of it</Table.Th>
                <Table.Th>
                  <span className="quiet">What can be done</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {deliveries.map((delivery) => (
                <Row
                  key={delivery.id}
                  delivery={delivery}
                  busy={replay.isPending}
                  onReplay={() => replay.mutate(delivery.id)}
                  onShow={() => setShown(delivery.id)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {shown && <Payload project={project} id={id} delivery={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

interface RowProps {
  delivery: WebhookDelivery;
  busy: boolean;
  onReplay: () => void;
  onShow: () => void;
}

function Row({ delivery, busy, onReplay, onShow }: RowProps) {
  const { receivedAt, event, outcome, replayOf, replayable } = delivery;
  return (
    <Table.Tr>
      <Table.Td>
        <Ago at={receivedAt} />
        <Text size="xs" c="dimmed">
          {[event, replayOf && "replay"].filter(Boolean).join(", ")}
        </Text>
      </Table.Td>
      <Table.Td>{outcome.status}</Table.Td>
      <Table.Td>
        <OutcomeView outcome={outcome} />
      </Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap" justify="flex-end">
          <Button variant="default" size="compact-xs" disabled={!replayable} onClick={onShow}>
            Payload
          </Button>
          <Button variant="default" size="compact-xs" disabled={!replayable || busy} onClick={onReplay}>
            Replay
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

interface PayloadProps extends Props {
  delivery: string;
  onClose: () => void;
}

function Payload({ project, id, delivery, onClose }: PayloadProps) {
  const { data, error, isPending } = useQuery(deliveryQuery(project, id, delivery));
  return (
    <Dialog title="Payload" size="xl" onClose={onClose}>
      <Stack>
        <ProblemAlert error={error} />
        {isPending && <Rows count={3} />}
        {data?.payload && <CodeBlock code={data.payload} label="payload" />}
      </Stack>
    </Dialog>
  );
}
