import { Button, Group } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ChangeFilter, changesQuery } from "../api/changes";
import type { Change } from "../api/types";
import { changeDifferences, changeSubject, changeTitle } from "../domain/changeText";
import { Ago } from "./Ago";
import classes from "./ChangeList.module.css";
import { DifferenceList } from "./DifferenceList";
import { EmptyState } from "./EmptyState";
import { ProblemAlert } from "./ProblemAlert";
import { Rows } from "./Rows";

interface Props {
  project: string;
  environment: string;
  filter: ChangeFilter;
}

/** ChangeList is the timeline of an environment, newest first, with what each change did. */
export function ChangeList({ project, environment, filter }: Props) {
  const changes = useInfiniteQuery(changesQuery(project, environment, filter));
  const items = changes.data?.pages.flatMap((page) => page.items) ?? [];
  if (changes.isPending) {
    return <Rows count={8} height={48} />;
  }
  return (
    <>
      <ProblemAlert error={changes.error} />
      {items.length === 0 && !changes.error && (
        <EmptyState title="No changes">
          Every change in this environment will be listed here, with who made it and why.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ol className={classes.list} aria-label="Changes">
          {items.map((change) => (
            <ChangeItem key={`${change.revision} ${change.kind} ${change.key}`} project={project} change={change} />
          ))}
        </ol>
      )}
      {changes.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={changes.isFetchingNextPage} onClick={() => void changes.fetchNextPage()}>
            Older changes
          </Button>
        </Group>
      )}
    </>
  );
}

function ChangeItem({ project, change }: { project: string; change: Change }) {
  const differences = changeDifferences(change);
  return (
    <li className={classes.change}>
      <div className={classes.head}>
        <span>{changeTitle(change)}</span>
        <span className={classes.what}>
          <ChangeKey project={project} change={change} />
        </span>
        {change.reason && <span className={classes.reason}>“{change.reason}”</span>}
        <span className={classes.meta}>
          {change.actor.name}
          {change.actor.kind !== "user" && ` (${change.actor.kind})`}, <Ago at={change.at} />, revision{" "}
          {change.revision}
        </span>
      </div>
      {differences.length > 0 && (
        <div className={classes.differences}>
          <DifferenceList differences={differences} />
        </div>
      )}
    </li>
  );
}

function ChangeKey({ project, change }: { project: string; change: Change }) {
  const { kind, key, environment } = change;
  if (kind === "flag" || kind === "flagConfig" || kind === "release") {
    return (
      <Link
        className="link"
        to="/projects/$project/flags/$flag"
        params={{ project, flag: key }}
        search={{ env: environment }}
      >
        {key}
      </Link>
    );
  }
  return <>{changeSubject(change)}</>;
}
