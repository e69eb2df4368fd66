import type { Environment, Flag } from "../../api/types";
import { ChangeList } from "../../components/ChangeList";

interface Props {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** HistoryTab lists the changes of a flag in an environment. */
export function HistoryTab({ project, flag, environment }: Props) {
  return <ChangeList project={project} environment={environment.key} filter={{ key: flag.key }} />;
}
