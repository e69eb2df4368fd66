import { describe, expect, test } from "vitest";
import { apiDuration, formatAge, formatDuration, parseDuration } from "./duration";

describe("durations", () => {
  test.each([
    ["10m0s", 600_000],
    ["1h30m0s", 5_400_000],
    ["1.5s", 1_500],
    ["2d", 172_800_000],
    ["", undefined],
    ["10", undefined],
    ["10 minutes", undefined],
  ])("%s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test("are written short", () => {
    expect(formatDuration(5_400_000)).toBe("1h 30m");
    expect(formatDuration(400)).toBe("0s");
    expect(formatAge("2026-01-01T00:00:00Z", Date.parse("2026-01-01T02:03:00Z"))).toBe("2h ago");
  });

  test("are sent as the API reads them", () => {
    expect(apiDuration("2d")).toBe("48h");
    expect(apiDuration("1h 30m")).toBe("1h30m");
    expect(apiDuration("soon")).toBeUndefined();
  });
});
