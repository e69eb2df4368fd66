import { expect, test } from "vitest";
import { errorAt, errorsElsewhere, errorsUnder, errorWithin } from "./problem";

const errors = [
  { pointer: "/rules/0/clauses/1/values", detail: "needs a value" },
  { pointer: "/rules/01", detail: "is no rule" },
  { pointer: "/fallthrough", detail: "sums to 90 %" },
  { pointer: "", detail: "is too large" },
];

test("a pointer finds its field, and nothing that merely begins alike", () => {
  expect(errorAt(errors, "/fallthrough")).toBe("sums to 90 %");
  expect(errorAt(errors, "/rules/0")).toBeUndefined();
  expect(errorWithin(errors, "/rules/0")).toBe("needs a value");
  expect(errorsUnder(errors, "/rules/0")).toEqual([{ pointer: "/clauses/1/values", detail: "needs a value" }]);
});

test("what no field shows is left over", () => {
  expect(errorsElsewhere(errors, ["/rules", "/fallthrough"])).toEqual([{ pointer: "", detail: "is too large" }]);
});
