import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { segmentQuery } from "../../api/segments";
import { Dialog } from "../../components/Dialog";
import { ProblemAlert } from "../../components/ProblemAlert";
import { Rows } from "../../components/Rows";
import { SegmentForm } from "./SegmentForm";
import { draftOfSegment, emptySegment } from "./segmentDraft";

interface Props {
  project: string;
  /** The segment to edit; a new one unless given. */
  segmentKey: string | undefined;
  onClose: () => void;
}

export function SegmentDialog({ project, segmentKey, onClose }: Props) {
  const segment = useQuery({ ...segmentQuery(project, segmentKey ?? ""), enabled: segmentKey !== undefined });
  return (
    <Dialog size="xl" onClose={onClose} title={segmentKey === undefined ? "Create a segment" : `Segment ${segmentKey}`}>
      <Stack gap="sm">
        <ProblemAlert error={segment.error} />
        {segmentKey === undefined && (
          <SegmentForm project={project} initial={emptySegment} current={undefined} onClose={onClose} />
        )}
        {segmentKey !== undefined && !segment.data && !segment.error && <Rows count={4} />}
        {segment.data && (
          <SegmentForm
            project={project}
            initial={draftOfSegment(segment.data)}
            current={segment.data}
            onClose={onClose}
          />
        )}
      </Stack>
    </Dialog>
  );
}
