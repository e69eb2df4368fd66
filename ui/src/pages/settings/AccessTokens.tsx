import { Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { accessTokensQuery, useCreateAccessToken, useRevokeAccessToken } from "../../api/accessTokens";
import type { Role } from "../../api/types";
import { CredentialTable } from "../../components/CredentialTable";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { SecretForm } from "../../components/SecretForm";
import { useEnvironments, useProject } from "../../shell/useProject";

/** AccessTokens makes and revokes the tokens of people and of automation. */
export function AccessTokens() {
  return (
    <Panel title="Access tokens">
      <Stack gap="sm">
        <CreateToken />
        <TokenTable />
      </Stack>
    </Panel>
  );
}

const roles = [
  { value: "viewer", label: "viewer: looks" },
  { value: "editor", label: "editor: changes flags" },
  { value: "releaser", label: "releaser: and releases" },
  { value: "admin", label: "admin: everything" },
];
const everywhere = " everywhere";

function CreateToken() {
  const project = useProject();
  const environments = useEnvironments();
  const [role, setRole] = useState<Role>("releaser");
  const [scope, setScope] = useState(everywhere);
  const scopes = [
    { value: everywhere, label: "all projects" },
    { value: "", label: "this project" },
    ...environments.map(({ key }) => ({ value: key, label: `this project's ${key}` })),
  ];
  return (
    <SecretForm
      thing="token"
      secretLabel="access token"
      placeholder="Who uses it, for instance ci"
      create={useCreateAccessToken()}
      body={(name) => ({ name, role, ...scopeOf(scope, project) })}
      secretOf={({ token }) => token}
    >
      <Select
        aria-label="Role"
        w={190}
        allowDeselect={false}
        data={roles}
        value={role}
        onChange={(chosen) => setRole((chosen ?? "viewer") as Role)}
      />
      <Select
        aria-label="Where it holds"
        w={210}
        allowDeselect={false}
        data={scopes}
        value={scope}
        onChange={(chosen) => setScope(chosen ?? "")}
      />
    </SecretForm>
  );
}

function scopeOf(scope: string, project: string): { project?: string; environment?: string } {
  if (scope === everywhere) {
    return {};
  }
  return scope === "" ? { project } : { project, environment: scope };
}

function TokenTable() {
  const tokens = useQuery(accessTokensQuery);
  const revoke = useRevokeAccessToken();
  return (
    <>
      <ProblemAlert error={tokens.error ?? revoke.error} />
      {tokens.isPending && <Rows count={3} />}
      {tokens.data && tokens.data.length > 0 && (
        <CredentialTable
          credentials={tokens.data}
          columns={{
            Role: ({ role }) => role,
            Where: ({ project, environment }) => [project ?? "all projects", environment].filter(Boolean).join(" / "),
          }}
          minWidth={560}
          effect="Whoever uses this token is refused from now on."
          revoking={revoke.isPending}
          onRevoke={revoke.mutate}
        />
      )}
    </>
  );
}
