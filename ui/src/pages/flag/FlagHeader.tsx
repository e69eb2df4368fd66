import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { IconArchive, IconPencil } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { usePermission } from "../../api/session";
import type { Flag } from "../../api/types";
import { Ago } from "../../components/Ago";
import { Copy } from "../../components/Copy";
import { Hinted } from "../../components/Hinted";
import { PurposeBadge } from "../../components/PurposeBadge";
import { ArchiveFlag } from "./ArchiveFlag";
import { EditFlag } from "./EditFlag";

interface Props {
  project: string;
  flag: Flag;
}

export function FlagHeader({ project, flag }: Props) {
  const allowed = usePermission("editor", project);
  const [dialog, setDialog] = useState<"edit" | "archive">();
  const close = () => setDialog(undefined);
  useEffect(() => {
    document.title = `${flag.key} · Tidegate`;
  }, [flag.key]);
  return (
    <header>
      <Group justify="space-between" gap="xs" align="flex-start">
        <Group gap={6}>
          <Link to="/projects/$project/flags" params={{ project }}>
            Flags
          </Link>
          <span aria-hidden>/</span>
          <Title order={1} ff="monospace" style={{ overflowWrap: "anywhere" }}>
            {flag.key}
          </Title>
          <Copy value={flag.key} label="Copy the key" />
        </Group>
        {!flag.archived && (
          <Hinted allowed={allowed} role="editor">
            <Group gap="xs">
              <Button
                variant="default"
                leftSection={<IconPencil size={14} />}
                disabled={!allowed}
                onClick={() => setDialog("edit")}
              >
                Edit details
              </Button>
              <Button
                variant="default"
                leftSection={<IconArchive size={14} />}
                disabled={!allowed}
                onClick={() => setDialog("archive")}
              >
                Archive
              </Button>
            </Group>
          </Hinted>
        )}
      </Group>
      <Facts flag={flag} />
      {flag.description && (
        <Text size="sm" mt={4} style={{ whiteSpace: "pre-line" }}>
          {flag.description}
        </Text>
      )}
      {dialog === "edit" && <EditFlag project={project} flag={flag} onClose={close} />}
      {dialog === "archive" && <ArchiveFlag project={project} flag={flag} onClose={close} />}
    </header>
  );
}

function Facts({ flag }: { flag: Flag }) {
  return (
    <Group gap={8} mt={4}>
      {flag.name !== flag.key && <Text size="sm">{flag.name}</Text>}
      <Badge size="sm" variant="default" tt="none" fw={400}>
        {flag.type}
      </Badge>
      <PurposeBadge purpose={flag.purpose} />
      {flag.clientSide && (
        <Badge size="sm" variant="default" tt="none" fw={400}>
          client side
        </Badge>
      )}
      {flag.tags.map((tag) => (
        <Badge key={tag} size="sm" variant="default" tt="none" fw={400}>
          #{tag}
        </Badge>
      ))}
      <Text size="xs" c="dimmed">
        {flag.owner && `${flag.owner}, `}
        created <Ago at={flag.createdAt} />
      </Text>
    </Group>
  );
}
