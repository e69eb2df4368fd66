import { Button } from "@mantine/core";
import type { useApproveRelease } from "../../../api/releases";
import type { Environment, Release } from "../../../api/types";
import { ReasonPopover } from "../../../components/ReasonPopover";
import { nextApproval, stepText } from "../../../domain/release";

interface Props {
  release: Release;
  environment: Environment;
  disabled: boolean;
  approve: ReturnType<typeof useApproveRelease>;
}

/** ApproveButton approves the next step that needs it. */
export function ApproveButton({ release, environment, disabled, approve }: Props) {
  const index = nextApproval(release);
  const step = index === undefined ? undefined : release.steps[index];
  if (index === undefined || !step) {
    return null;
  }
  const label = `Approve step ${index + 1}: ${stepText(step)}`;
  const later = index > release.step + 1;
  return (
    <ReasonPopover
      question={`${label}, ${release.flag} in ${environment.name || environment.key}?`}
      effect="Nothing is opened now: the step is taken once its turn has come and nothing else holds it. Who approved it is kept."
      action="Approve now"
      onConfirm={(reason) => approve.mutate({ step: index, reason })}
      target={(toggle) => (
        // This approval opens nothing now. People must not confuse it with one that does.
        <Button variant="default" disabled={disabled || approve.isPending} onClick={toggle}>
          {later ? `${label} (ahead)` : label}
        </Button>
      )}
    />
  );
}
