// Package flagdjson writes an environment in the definition format of OpenFeature's flagd, so that flagd and its
// in-process providers give the same answers as the evaluator. If this cannot be promised for a flag, the flag is left
// out, and is named with the reason. Nothing is approximated.
//
// # Three outcomes in a language with two
//
// A clause on an attribute that is missing or of the wrong type does not match, and its negation does not match either
// (see evaluator). JSONLogic has no such third outcome, and its comparisons coerce: a missing attribute is smaller
// than 5. So a clause has two expressions. One is true when the clause is yes. The other is true when the clause is
// no, and is written where the clause stands under a negation. Both ask for the type of the attribute first:
//
//	a string    cat(x, "") === x
//	a boolean   x === true or x === false
//	a number    not a string, without a length, and its text begins with a digit or a minus sign
//	a version   a string that sem_ver reads, without what it reads and the evaluator does not
//
// A list matches if any of its elements does. merge([x]) makes a list of any x, so one expression does for lists and
// for single values: some(merge([x]), yes) and none(merge([x]), not no).
//
// # What else is written how
//
//	segments        $evaluators, one for "in" and one for "not in"; segments within segments are inlined
//	prerequisites   the other flag's expression, inlined, compared with the variation that is needed
//	availability    serviceName and sem_ver on serviceVersion; of scope fleet, what is true now
//	rollouts        fractional over cat(seed, key), which is the evaluator's arithmetic bit for bit
//	ignoreCase      every spelling that is equal under simple case folding, if they are few
//	off variation   the default variant, or named; none: no default variant, or the state DISABLED
//	off, killed     targeting that gives null, for the reason DEFAULT, and "detail" in the flag's metadata
//
// # What cannot be said
//
// Regular expressions, networks, times, large lists, seeds that are not ASCII (flagd's JavaScript hashes them
// differently from all others), and attributes whose path JavaScript reads in another way (list.0, name.length). A
// flag cannot be said either if it needs a flag that has any of these.
//
// # What a context may hold that is read differently
//
// A bucketing key that is not ASCII has another bucket in JavaScript, which hashes UTF-16 code units. sem_ver reads
// versions of up to 256 characters with numbers of up to 2^53 − 1. It does not read "2.3-rc.1", which lacks a part,
// and it does not read the versions in a list. Reasons are flagd's: for instance, TARGETING_MATCH where the evaluator
// says SPLIT.
package flagdjson
