import { useQuery } from "@tanstack/react-query";
import { flagConfigQuery } from "../../../api/flagConfig";
import type { Environment, Flag } from "../../../api/types";
import { ProblemAlert } from "../../../components/ProblemAlert";
import { Rows } from "../../../components/Rows";
import { ReleasePanel } from "../release/ReleasePanel";
import { ConfigEditor } from "./ConfigEditor";
import classes from "./Targeting.module.css";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** Targeting shows the configuration and the release beside each other: both decide who gets what. */
export function Targeting({ project, flag, environment }: Props) {
  const config = useQuery(flagConfigQuery(project, environment.key, flag.key));
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <ProblemAlert error={config.error} />
        {config.isPending && <Rows count={5} height={80} />}
        {config.data && (
          <ConfigEditor
            key={environment.key}
            project={project}
            flag={flag}
            environment={environment}
            config={config.data}
          />
        )}
      </div>
      <div className={classes.column}>
        <ReleasePanel key={environment.key} project={project} flag={flag} environment={environment} />
      </div>
    </div>
  );
}
