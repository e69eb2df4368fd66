import { expect, test } from "vitest";
import { withLocalTimes } from "./localTime";

test("withLocalTimes writes every instant as the reader has it, and nothing else", () => {
  const [first, second] = ["2026-11-21T08:30:05Z", "2026-11-22T00:00:00.25Z"];
  const local = (instant: string) => new Date(instant).toLocaleString();
  expect(withLocalTimes(`for ${first}, until ${second}.`)).toBe(`for ${local(first)}, until ${local(second)}.`);
  expect(withLocalTimes("for checkout >=2.3.0-rc.1 on 2026-11-21")).toBe("for checkout >=2.3.0-rc.1 on 2026-11-21");
});
