import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { Environment, Flag } from "../../api/types";
import { FlagSwitch } from "../../components/FlagSwitch";
import { KillButton } from "../../components/KillButton";
import { PurposeBadge } from "../../components/PurposeBadge";
import classes from "./FlagMatrix.module.css";
import { Serves } from "./Serves";

interface Props {
  project: string;
  flag: Flag;
  environments: readonly Environment[];
  index: number;
  /** Where the row stands in a list of which only a part is drawn. */
  top?: number;
}

export const FlagRow = memo(function FlagRow({ project, flag, environments, index, top }: Props) {
  const placed = top === undefined ? {} : { className: `${classes.row} ${classes.placed}`, style: { top } };
  return (
    <div className={classes.row} role="row" aria-rowindex={index + 2} {...placed}>
      <div className={classes.flag} role="rowheader">
        <Link
          className={classes.key}
          to="/projects/$project/flags/$flag"
          params={{ project, flag: flag.key }}
          title={flag.description || undefined}
        >
          {flag.key}
        </Link>
        <span className={classes.name}>{flag.name === flag.key ? "" : flag.name}</span>
        <PurposeBadge purpose={flag.purpose} />
      </div>
      {environments.map((environment) => (
        <div className={classes.cell} role="cell" key={environment.key}>
          <span className={classes.environment}>{environment.name || environment.key}</span>
          <Cell project={project} flag={flag} environment={environment} />
        </div>
      ))}
    </div>
  );
});

interface CellProps {
  project: string;
  flag: Flag;
  environment: Environment;
}

function Cell({ project, flag, environment }: CellProps) {
  const summary = flag.environments[environment.key];
  if (!summary) {
    return null;
  }
  return (
    <>
      <FlagSwitch
        project={project}
        environment={environment}
        flag={flag.key}
        summary={summary}
        archived={flag.archived}
      />
      <Link
        className={classes.serves}
        to="/projects/$project/flags/$flag"
        params={{ project, flag: flag.key }}
        search={{ env: environment.key }}
        aria-label={`Configuration of ${flag.key} in ${environment.name || environment.key}`}
      >
        <Serves summary={summary} variations={flag.variations.map(({ key }) => key)} />
      </Link>
      {!flag.archived && (
        <KillButton
          compact
          className={summary.killed ? undefined : classes.kill}
          project={project}
          environment={environment}
          flag={flag.key}
          killed={summary.killed ?? false}
        />
      )}
    </>
  );
}
