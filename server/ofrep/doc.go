// Package ofrep answers the OpenFeature Remote Evaluation Protocol, version 0.3: single and bulk evaluation, and the
// event stream that tells a client to evaluate again.
//
// An evaluation touches nothing but memory: the key is found in a table, the snapshot behind an atomic pointer. There
// is no database, no lock and no log line on this path.
//
// A client SDK key sees the flags that are marked clientSide and no others; a flag that it may not see is answered like
// one that does not exist. It is never told of a rule.
package ofrep
