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
// A method that patches takes a [Patch], which holds the fields to change and nothing else. [IfMatch] makes a change
// fail if somebody else has changed the same thing meanwhile. [Reason] says why the change is made:
//
//	c.UpdateFlag(ctx, "default", "new-checkout", client.Patch{"owner": "shop"}, client.IfMatch(flag.Version), client.Reason("moved"))
//
// # Another attempt
//
// A call is tried again while the server cannot be reached, is busy (429) or fails (5xx), until the time of the call
// is over. The bound of the waits doubles each time, and each wait is a random time in the upper half of its bound. A
// wait is never shorter than the Retry-After of the answer. Only what is safe to repeat is tried again: GET, PUT and
// DELETE, operations that change nothing, and operations that take an Idempotency-Key. Every attempt of a call
// carries the same key, so the server applies the call once. Set the key with [IdempotencyKey] if a call must be
// applied once even when the program itself is started several times.
//
// # Errors
//
// A [ProblemError] is an answer that refuses the request. It names the fields that are wrong. By errors.Is it is one
// of [ErrInvalid], [ErrUnauthorized], [ErrForbidden], [ErrNotFound] and [ErrConflict]. A conflict over a version also
// holds the current version and the current state. An [UnreachableError] says that no attempt got an answer in time.
// An [AnswerError] says that something answers which is not a Tidegate server.
package client
