import type { FieldError, Problem } from "./types";

/** ProblemError is every failure of a request: a problem document (RFC 9457), or status 0 where no answer came. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ProblemError";
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** problemOf makes a problem of whatever was thrown, so that every failure can be shown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) {
    return thrown.problem;
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { type: "about:blank", title: "Something went wrong in the web app", status: 0, detail };
}

export function hasStatus(thrown: unknown, status: number): boolean {
  return thrown instanceof ProblemError && thrown.status === status;
}

/** isProblem tells a problem document from the answer of a proxy that stands before the server. */
export function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "title" in body && "status" in body;
}

/** errorAt gives the message for exactly this field. */
export function errorAt(errors: readonly FieldError[], pointer: string): string | undefined {
  const messages = errors.filter((error) => error.pointer === pointer).map((error) => error.detail);
  return messages.length > 0 ? messages.join(" ") : undefined;
}

/** errorsUnder gives the errors of a field and of everything inside it, their pointers relative to the field. */
export function errorsUnder(errors: readonly FieldError[], pointer: string): FieldError[] {
  return errors
    .filter((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`))
    .map((error) => ({ ...error, pointer: error.pointer.slice(pointer.length) }));
}

/** errorWithin joins the messages of a field and of everything inside it. */
export function errorWithin(errors: readonly FieldError[], pointer: string): string | undefined {
  const messages = errorsUnder(errors, pointer).map((error) => error.detail);
  return messages.length > 0 ? messages.join(" ") : undefined;
}

/** errorsElsewhere gives the errors that none of the pointers covers: those have to be shown above the form. */
export function errorsElsewhere(errors: readonly FieldError[], pointers: readonly string[]): FieldError[] {
  return errors.filter(
    (error) => !pointers.some((pointer) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`)),
  );
}
