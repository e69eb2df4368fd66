// Package ofrep answers the OpenFeature Remote Evaluation Protocol, version 0.3: single and bulk evaluation, and the
// event stream that tells a client to evaluate again.
//
// An evaluation uses only memory: the key is in a table, and the snapshot is behind an atomic pointer. There is no
// database, no lock and no log line on this path.
//
// A client SDK key sees only flags that are marked clientSide. For any other flag, the answer is the same as for a
// flag that does not exist. Answers to client keys never name a rule.
package ofrep
