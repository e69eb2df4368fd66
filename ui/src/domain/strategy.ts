import type { DeploymentStrategy } from "../api/types";
import { formatPercent } from "./weights";

const names: Record<DeploymentStrategy, string> = {
  rolling: "rolling",
  blueGreen: "blue-green",
  canary: "canary",
  shadow: "shadow",
  recreate: "recreate",
};

export const strategies = Object.keys(names) as DeploymentStrategy[];

/** strategyText says how a version goes out, with the share of the traffic that it has got: "canary, 5%". */
export function strategyText(strategy: DeploymentStrategy | undefined, trafficWeight: number | undefined): string {
  return [strategy && names[strategy], trafficWeight && formatPercent(trafficWeight)].filter(Boolean).join(", ");
}
