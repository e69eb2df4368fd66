// Package evaluator is the flag model and its evaluation: what a flag serves to a context. It is pure, with neither
// clock nor I/O nor globals, and is shared by the server, the SDK and everything that exports flags.
//
// Compile turns a Definition, all flags and segments of one environment at one revision, into an immutable Snapshot.
// Snapshot.Apply brings one up to date, compiling only what has changed. Snapshot.Evaluate then answers without
// allocating; Snapshot.Explain answers with a trace, by the same code.
//
// # Order of reading
//
// Read model.go first: it is what users write. compile.go, compile_flag.go and compile_clause.go turn it into what
// flag.go, clause.go and segment.go hold. evaluate.go is the whole path of an answer; match.go is what a clause does.
// rollout.go and murmur.go are the buckets. context.go and attribute.go are what is asked about. explain.go and
// trace.go tell why. The files expression_*.go are flagd's JSONLogic; start at expression.go, and skip them unless
// you need them. links.go and patch.go bring a snapshot up to date.
//
// # Order of evaluation
//
// The first of these that applies decides:
//
//	the flag is off or killed          off variation    DEFAULT, detail off or killed; DISABLED for the code default
//	the code is not available          off variation    DEFAULT, detail unavailable
//	a prerequisite is not met          off variation    DEFAULT, detail prerequisite-failed
//	there is an expression             what it names  TARGETING_MATCH, DEFAULT for the off variation, or ERROR
//	a target lists the targeting key   its variation    TARGETING_MATCH
//	a rule's clauses all match         what it serves   TARGETING_MATCH, or SPLIT for a rollout
//	otherwise                          the fallthrough  SPLIT for a rollout, else STATIC or DEFAULT
//
// STATIC says that nothing in the configuration could give another answer. An off variation of null leaves the answer
// to the caller's code default: the Result has no variation and no value.
//
// # Expressions
//
// FlagConfig.Targeting is flagd's JSONLogic, compiled once like everything else. It means what OpenFeature's
// @openfeature/flagd-core makes of it, coercions of JavaScript included. An expression that cannot mean the same here
// does not compile. If an expression asks for the time, the time comes with the context (Context.At).
//
// # Rollouts
//
// A rollout hashes its seed (the flag key unless set) followed by the bucketing key with 32-bit MurmurHash3, scales
// the hash to a bucket, (hash × 100000) >> 32, and serves the first variation whose cumulative weight is above it:
// flagd's arithmetic, bit for bit. The key is a string that is not empty, or an integer within ±(2^53 − 1) in
// decimal. A context without it gets the off variation, DEFAULT, and a detail; never a random bucket.
//
// # Attributes and operators
//
// Every attribute counts as its JSON form does, so that a process that evaluates and a server that is asked agree:
// numbers of any type are doubles, and a time is the RFC 3339 string that it marshals to. Integers are exact to ±(2^53
// − 1). Beyond that they count as the nearest double. No clause holds such a number, so a clause never takes one
// number for another. A path with dots, such as "app.version", walks into nested objects.
//
// A clause matches if any of its values does. What it does with which type of attribute:
//
//	operator                       values              string            number        boolean  time       list  object
//	in                             string, number,     equal             equal         equal    as string  any   –
//	                               boolean
//	contains startsWith endsWith   string              by bytes          –             –        as string  any   –
//	matches                        RE2 expression      unanchored        –             –        as string  any   –
//	lessThan lessThanOrEqual       number              –                 compared      –        –          any   –
//	greaterThan greaterThanOrEqual
//	before after                   RFC 3339 or epoch   if RFC 3339       epoch         –        compared   any   –
//	                               seconds                               seconds
//	semverEqual semverLessThan …   version             if a version      –             –        –          any   –
//	semverRange                    version range       if a version      –             –        –          any   –
//	inCidr                         network or address  if an IP address  –             –        –          any   –
//	inSegment                      segment key         (looks at the context as a whole)
//	exists                         none                matches           matches       matches  matches    matches matches
//
// "–" stands for the wrong type. A value that fails an "if" is of the wrong type, too. An attribute that is missing,
// null, NaN or of the wrong type matches nothing, negated or not. Only exists tells presence from absence: its
// negation matches a missing attribute. For in, a type that none of the values has is the wrong type: a number never
// equals a string. "any" means that a list matches if any of its elements does. An empty list matches nothing, so its
// negation matches. Structs, byte slices and types that marshal themselves are present, but of the wrong type for
// every operator but exists.
//
// Outcomes therefore have three values, and groups follow Kleene's logic: all is no if any clause is no, otherwise
// unknown if any is unknown; any is yes if any clause is yes, otherwise unknown if any is unknown; negation leaves
// unknown as it is. Only yes matches.
//
// Strings compare by bytes, without normalisation. With ignoreCase, in, contains, startsWith, endsWith and matches
// compare by Unicode simple case folding.
//
// Versions follow SemVer 2.0.0. A leading v and missing minor and patch are allowed (v2 is 2.0.0). Build metadata does
// not count. VersionRange has the syntax of ranges. Times before year 0 or after 9999 are the wrong type. So
// milliseconds that are passed for seconds match nothing.
//
// # Segments
//
// An excluded targeting key is never in a segment. An included one is in it. Any other context is in it if any rule
// matches. The outcome has three values as well: without a targeting key the included list is unknown. A segment that
// does not exist or does not compile is unknown, so neither inSegment nor its negation matches.
//
// # Work
//
// One evaluation takes at most MaxSteps, and so does one EvaluateAll. An evaluation that needs more gives an error
// GENERAL with DetailBudgetExceeded. Evaluating takes one pass over a text for all values of a clause. There are two
// exceptions: contains with a few values, and regular expressions, whose programs are limited. A server passes a
// Budget of its own, so that the work ends when its caller goes.
//
// # Allocation
//
// Evaluating allocates nothing, with these exceptions, all on attributes of a map: a time.Time under a string operator
// or as a bucketing key, a float32, a typed slice or map other than []any, []string, map[string]any and
// map[string]string. Expressions allocate when they make lists (map, filter, merge, missing) or long texts. An
// expression that only puts a text together allocates that text.
package evaluator
