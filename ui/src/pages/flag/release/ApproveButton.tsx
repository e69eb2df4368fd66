import { Button } from "@mantine/core";
import type { useApproveRelease } from "../../../api/releases";
import type { Release } from "../../../api/types";
import { ReasonPopover } from "../../../components/ReasonPopover";
import { nextApproval, stepText } from "../../../domain/release";

interface Props {
  release: Release;
  disabled: boolean;
  approve: ReturnType<typeof useApproveRelease>;
}

/** ApproveButton approves the next step that needs it. */
export function ApproveButton({ release, disabled, approve }: Props) {
  const index = nextApproval(release);
  const step = index === undefined ? undefined : release.steps[index];
  if (index === undefined || !step) {
    return null;
  }
  const label = `Approve step ${index + 1}: ${stepText(step)}`;
  return (
    <ReasonPopover
      effect="The step is taken when nothing else holds it. Who approved it is kept."
      action="Approve now"
      onConfirm={(reason) => approve.mutate({ step: index, reason })}
      target={(toggle) => (
        <Button disabled={disabled || approve.isPending} onClick={toggle}>
          {label}
        </Button>
      )}
    />
  );
}
