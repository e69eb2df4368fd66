// Package client calls the REST API of a Tidegate server: it is for tools of your own, and flagd's own commands stand
// on it.
//
//	c, err := client.New("https://flags.example.com", os.Getenv("FLAGD_TOKEN"))
//	flag, err := c.GetFlag(ctx, "default", "new-checkout")
//
// A [Client] has a method for every operation of the API, with the types of package openapi. The methods that list
// pages have a sibling that goes through all of them: AllFlags beside ListFlags.
//
// # Changes
//
// What the API patches takes a [Patch], which holds the fields to change and nothing else. [IfMatch] lets a change fail
// if somebody has changed the same meanwhile, and [Reason] says why the change is made:
//
//	c.UpdateFlag(ctx, "default", "new-checkout", client.Patch{"owner": "shop"}, client.IfMatch(flag.Version), client.Reason("moved"))
//
// # Another attempt
//
// A call is tried again while the server cannot be reached, is busy (429) or fails (5xx), until the time of the call
// is over. The waits double, are random in their upper half, and are never shorter than the Retry-After of the
// answer. Only what is safe to repeat is tried again: GET, PUT and DELETE, operations that change nothing, and those
// that take an Idempotency-Key. Every attempt of a call carries the same key, so that the server applies it once.
// [IdempotencyKey] sets the key, where a call is to be applied once however often the program itself is started.
//
// # Errors
//
// A [ProblemError] is an answer that says no, with the fields that are wrong. It is one of [ErrInvalid],
// [ErrUnauthorized], [ErrForbidden], [ErrNotFound] and [ErrConflict] by errors.Is; a conflict over a version tells
// the current one and what there is now. An [UnreachableError] says that no attempt had an answer in time, and an
// [AnswerError] that something answers which is no Tidegate server.
package client
