import { expect, test } from "vitest";
import type { Fleet, FleetService } from "../api/types";
import { darkText, servedText, shadowText } from "./fleet";

function service(part: Partial<FleetService>): FleetService {
  return {
    service: "checkout",
    instances: 0,
    shadows: 0,
    streaming: 0,
    current: 0,
    versions: [],
    members: [],
    ...part,
  };
}

test("the fleet is told in a sentence", () => {
  expect(servedText(service({ instances: 43, streaming: 43, current: 41 }), 118)).toBe(
    "43 instances are alive. 41 of 43 have revision 118.",
  );
  expect(servedText(service({ instances: 1, streaming: 1, current: 1 }), 7)).toBe(
    "1 instance is alive. 1 of 1 has revision 7.",
  );
  expect(servedText(service({ instances: 3 }), 7)).toBe("3 instances are alive.");
});

test("shadows are mentioned where there are some", () => {
  expect(shadowText(service({}))).toBe("");
  expect(shadowText(service({ shadows: 2 }))).toBe("2 shadows are not counted.");
});

test("darkText names the instances that a kill has not reached", () => {
  const member = (id: string, revision?: number, more = {}) => ({
    id,
    version: "2.1.0",
    startedAt: "",
    seenAt: "",
    ...(revision === undefined ? {} : { revision }),
    ...more,
  });
  const fleet = (...members: FleetService["members"]): Fleet => ({
    revision: 9,
    services: [{ service: "shop", instances: 0, shadows: 0, streaming: 0, current: 0, versions: [], members }],
  });
  expect(darkText(fleet(), 9)).toBe("");
  expect(darkText(fleet(member("a", 9), member("b", 10)), 9)).toBe("Dark on 2 of 2.");
  expect(darkText(fleet(member("a", 9), member("b", 8), member("c", 1, { shadow: true })), 9)).toBe(
    "Dark on 1 of 2. Not yet: b (shop 2.1.0).",
  );
  expect(darkText(fleet(member("a", 9), member("b", 8, { doubtful: true }), member("c")), 9)).toBe(
    "Dark on 1 of 1. Perhaps gone, and not known to be dark: b (shop 2.1.0). " +
      "1 instance does not say what it serves; whoever asks the server each time gets the killed flag.",
  );
});
