import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { fleetQuery } from "../../api/deployments";
import { Panel } from "../../components/Panel";
import { ProblemAlert } from "../../components/ProblemAlert";
import { SharesBar } from "../../components/SharesBar";
import { fleetShares } from "../../domain/fleet";
import classes from "./DeploymentTable.module.css";

interface Props {
  project: string;
  environment: string;
}

/** FleetSummary shows which versions are alive now; it is not there while no SDK says what it runs in. */
export function FleetSummary({ project, environment }: Props) {
  const { data: fleet, error } = useQuery(fleetQuery(project, environment));
  const services = fleet?.services ?? [];
  if (error) {
    return <ProblemAlert error={error} />;
  }
  if (services.length === 0) {
    return null;
  }
  return (
    <Panel title="Live instances">
      <div className={classes.fleet}>
        {services.map((service) => (
          <Fragment key={service.service}>
            <strong>{service.service}</strong>
            <div>
              <SharesBar
                weights={fleetShares(service)}
                variations={service.versions.map(({ version }) => version)}
                height={8}
              />
              <div className={classes.versions}>
                {service.versions.map(({ version, instances }) => (
                  <span key={version}>
                    {version}: {instances}
                  </span>
                ))}
              </div>
            </div>
          </Fragment>
        ))}
      </div>
    </Panel>
  );
}
