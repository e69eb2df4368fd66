import { Stack } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { usePermission } from "../../api/session";
import { EnvironmentTabs } from "../../components/EnvironmentTabs";
import { PageTitle } from "../../components/PageTitle";
import { type SettingsTab, settingsTabs } from "../../search";
import { useEnvironment, useEnvironments, useProject } from "../../shell/useProject";
import classes from "../flag/FlagPage.module.css";
import { ReleasePolicies } from "../policies/ReleasePolicies";
import { Webhooks } from "../webhooks/Webhooks";
import { AccessTokens } from "./AccessTokens";
import { Environments } from "./Environments";
import { SDKKeys } from "./SDKKeys";

const route = getRouteApi("/app/projects/$project/settings");

const labels: Record<SettingsTab, string> = {
  "sdk-keys": "SDK keys",
  environments: "Environments",
  "release-policies": "Release policies",
  webhooks: "Webhooks",
  "access-tokens": "Access tokens",
};

export function SettingsPage() {
  const project = useProject();
  const { tab = "sdk-keys", env, webhook } = route.useSearch();
  const environments = useEnvironments();
  const environment = useEnvironment(env);
  const admin = usePermission("admin");
  return (
    <Stack gap="sm">
      <PageTitle title="Settings" />
      <nav className={classes.tabs} aria-label="Parts of the settings">
        {settingsTabs
          .filter((item) => item !== "access-tokens" || admin)
          .map((item) => (
            <Link
              key={item}
              to="."
              search={(search: object) => ({ ...search, tab: item, webhook: undefined })}
              className={classes.tab}
              activeOptions={{ exact: true, explicitUndefined: true }}
              aria-current={item === tab ? "page" : undefined}
            >
              {labels[item]}
            </Link>
          ))}
      </nav>
      {tab === "sdk-keys" && (
        <>
          <EnvironmentTabs environments={environments} selected={environment?.key ?? ""} />
          {environment && <SDKKeys key={environment.key} project={project} environment={environment} />}
        </>
      )}
      {tab === "environments" && <Environments project={project} />}
      {tab === "release-policies" && <ReleasePolicies project={project} />}
      {tab === "webhooks" && <Webhooks project={project} selected={webhook} />}
      {tab === "access-tokens" && admin && <AccessTokens />}
    </Stack>
  );
}
