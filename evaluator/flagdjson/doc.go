// Package flagdjson writes an environment in the definition format of OpenFeature's flagd, so that flagd and its
// in-process providers give the same answers as the evaluator. A flag of which that cannot be said is left out, by name
// and with the reason; nothing is approximated.
//
// # Three outcomes in a language with two
//
// A clause on an attribute that is missing or of the wrong type is neither met nor, negated, not met (see evaluator).
// JSONLogic has no third outcome, and its comparisons coerce: a missing attribute is smaller than 5. So each clause
// is written twice: once as the expression that is true when the clause is yes, and, where it stands under a negation,
// as the one that is true when it is no. Both ask for the type of the attribute first:
//
//	a string    cat(x, "") === x
//	a boolean   x === true or x === false
//	a number    not a string, without a length, and its text begins with a digit or a minus sign
//	a version   a string that sem_ver reads, without what it reads and the evaluator does not
//
// A list matches if any of its elements does. merge([x]) makes a list of whatever x is, so one expression does for
// both: some(merge([x]), yes) and none(merge([x]), not no).
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
// differently from all others), attributes whose path JavaScript reads in another way (list.0, name.length), and
// whatever needs a flag of which any of this is true.
//
// # What a context may hold that is read differently
//
// Bucketing keys that are not ASCII have another bucket in JavaScript, which hashes UTF-16 code units. sem_ver reads
// versions of up to 256 characters with numbers of up to 2^53 − 1, and neither "2.3-rc.1", which lacks a part, nor the
// versions in a list. Reasons are flagd's: TARGETING_MATCH where the
// evaluator says SPLIT, for instance.
package flagdjson
