package evaluator

// Reason says why an evaluation gave what it gave, in OpenFeature's words.
type Reason uint8

// The reasons an evaluation can have.
const (
	// ReasonError: the evaluation failed; ErrorCode says how.
	ReasonError Reason = iota
	// ReasonStatic: nothing in the configuration could give another answer, so it may be cached until it changes.
	ReasonStatic
	// ReasonDefault: no target or rule matched and the fallthrough has one variation, or Detail says what stood in
	// the way.
	ReasonDefault
	// ReasonTargetingMatch: a target or a rule matched.
	ReasonTargetingMatch
	// ReasonSplit: a rollout decided, of a rule or of the fallthrough.
	ReasonSplit
	// ReasonDisabled: the flag is off and has no off variation, so that the caller's code default applies. Clients
	// drop the value of a result with this reason. An off variation is therefore served with ReasonDefault and
	// DetailOff or DetailKilled.
	ReasonDisabled
)

// String returns OpenFeature's name of the reason.
func (r Reason) String() string {
	switch r {
	case ReasonStatic:
		return "STATIC"
	case ReasonDefault:
		return "DEFAULT"
	case ReasonTargetingMatch:
		return "TARGETING_MATCH"
	case ReasonSplit:
		return "SPLIT"
	case ReasonDisabled:
		return "DISABLED"
	default:
		return "ERROR"
	}
}

// ErrorCode is OpenFeature's code of what went wrong; the zero value means that nothing did.
type ErrorCode uint8

// OpenFeature's error codes. The evaluator itself gives the first four and the last; the others are here for those
// who report results in the same words.
const (
	NoError ErrorCode = iota
	ErrorFlagNotFound
	ErrorParseError
	ErrorTypeMismatch
	ErrorTargetingKeyMissing
	ErrorInvalidContext
	ErrorProviderNotReady
	ErrorGeneral
)

// String returns OpenFeature's name of the code, "" for NoError.
func (c ErrorCode) String() string {
	switch c {
	case NoError:
		return ""
	case ErrorFlagNotFound:
		return "FLAG_NOT_FOUND"
	case ErrorParseError:
		return "PARSE_ERROR"
	case ErrorTypeMismatch:
		return "TYPE_MISMATCH"
	case ErrorTargetingKeyMissing:
		return "TARGETING_KEY_MISSING"
	case ErrorInvalidContext:
		return "INVALID_CONTEXT"
	case ErrorProviderNotReady:
		return "PROVIDER_NOT_READY"
	default:
		return "GENERAL"
	}
}

// Detail says, for machines, why a flag served its off variation, or why it gave an error.
type Detail uint8

// The details an evaluation can have.
const (
	NoDetail Detail = iota
	// DetailUnavailable: the code for the flag is not there (FlagConfig.Availability).
	DetailUnavailable
	// DetailPrerequisiteFailed: another flag that this one needs does not serve the variation it needs.
	DetailPrerequisiteFailed
	// DetailBucketingKeyMissing: the context lacks the attribute that the rollout buckets by.
	DetailBucketingKeyMissing
	// DetailBucketingKeyInvalid: the context has that attribute, but it is neither a string nor an integer within
	// ±(2^53 − 1).
	DetailBucketingKeyInvalid
	// DetailTargetingFailed: an operator of the flag's expression could not take what the context gave it.
	DetailTargetingFailed
	// DetailUnknownVariation: the flag's expression gave a value that names no variation of the flag.
	DetailUnknownVariation
	// DetailBudgetExceeded: evaluating the flag for the context takes more work than one request may cause.
	DetailBudgetExceeded
	// DetailOff: the flag is off.
	DetailOff
	// DetailKilled: somebody has killed the flag (Flag.Killed).
	DetailKilled
)

// String returns the detail as it stands in answers and logs, "" for NoDetail.
func (d Detail) String() string {
	switch d {
	case DetailUnavailable:
		return "unavailable"
	case DetailPrerequisiteFailed:
		return "prerequisite-failed"
	case DetailBucketingKeyMissing:
		return "bucketing-key-missing"
	case DetailBucketingKeyInvalid:
		return "bucketing-key-invalid"
	case DetailTargetingFailed:
		return "targeting-failed"
	case DetailUnknownVariation:
		return "unknown-variation"
	case DetailBudgetExceeded:
		return "budget-exceeded"
	case DetailOff:
		return "off"
	case DetailKilled:
		return "killed"
	default:
		return ""
	}
}
