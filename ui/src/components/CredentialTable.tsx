import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import { Ago } from "./Ago";
import { RevokeButton } from "./RevokeButton";

interface Credential {
  id: string;
  name: string;
  prefix: string;
  createdAt: string;
  revokedAt?: string;
}

interface Props<C extends Credential> {
  credentials: readonly C[];
  /** What to show between the name and the beginning of the secret, by its heading. */
  columns: Record<string, (credential: C) => ReactNode>;
  minWidth: number;
  /** What revoking one means. */
  effect: string;
  revoking: boolean;
  onRevoke: (id: string) => void;
}

/** CredentialTable lists secrets of one kind by how they begin, and revokes them. */
export function CredentialTable<C extends Credential>({
  credentials,
  columns,
  minWidth,
  effect,
  revoking,
  onRevoke,
}: Props<C>) {
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {["Name", ...Object.keys(columns), "Begins with", "Created"].map((heading) => (
              <Table.Th key={heading}>{heading}</Table.Th>
            ))}
            <Table.Th>
              <span className="quiet">What can be done</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {credentials.map((credential) => (
            <Table.Tr key={credential.id}>
              <Table.Td>{credential.name}</Table.Td>
              {Object.entries(columns).map(([heading, cell]) => (
                <Table.Td key={heading}>{cell(credential)}</Table.Td>
              ))}
              <Table.Td>
                <code>{credential.prefix}…</code>
              </Table.Td>
              <Table.Td>
                <Ago at={credential.createdAt} />
              </Table.Td>
              <Table.Td ta="right">
                {credential.revokedAt ? (
                  <>
                    revoked <Ago at={credential.revokedAt} />
                  </>
                ) : (
                  <RevokeButton
                    name={credential.name}
                    effect={effect}
                    disabled={revoking}
                    onRevoke={() => onRevoke(credential.id)}
                  />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
