import { Skeleton, Stack } from "@mantine/core";

/** Rows holds the place of a list that is loading, in the height that it will have. */
export function Rows({ count = 8, height = 36 }: { count?: number; height?: number }) {
  return (
    <Stack gap={4} aria-busy="true" aria-label="Loading" role="status">
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={height} radius="sm" />
      ))}
    </Stack>
  );
}
