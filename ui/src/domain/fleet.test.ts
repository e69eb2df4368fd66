import { expect, test } from "vitest";
import type { FleetService } from "../api/types";
import { servedText, shadowText } from "./fleet";

function service(part: Partial<FleetService>): FleetService {
  return { service: "checkout", instances: 0, shadows: 0, streaming: 0, current: 0, versions: [], members: [], ...part };
}

test("the fleet is told in a sentence", () => {
  expect(servedText(service({ instances: 43, streaming: 43, current: 41 }), 118)).toBe(
    "43 instances are alive. 41 of 43 have revision 118.",
  );
  expect(servedText(service({ instances: 1, streaming: 1, current: 1 }), 7)).toBe("1 instance is alive. 1 of 1 has revision 7.");
  expect(servedText(service({ instances: 3 }), 7)).toBe("3 instances are alive.");
});

test("shadows are mentioned where there are some", () => {
  expect(shadowText(service({}))).toBe("");
  expect(shadowText(service({ shadows: 2 }))).toBe("2 shadows are not counted.");
});
