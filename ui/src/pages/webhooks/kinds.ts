import type { WebhookKind } from "../../api/types";

export const kindNames: Record<WebhookKind, string> = {
  github: "GitHub deployment statuses",
  argocd: "Argo CD notifications",
  "argo-rollouts": "Argo Rollouts notifications",
  flagger: "Flagger",
  codedeploy: "AWS CodeDeploy",
  generic: "anything else (JSON)",
};
