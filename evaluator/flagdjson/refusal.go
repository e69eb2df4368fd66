package flagdjson

import (
	"strconv"
	"strings"
)

// Omission says why a flag is not in a definition.
type Omission struct {
	// Flag is its key.
	Flag string
	// Pointer is the place in the flag's configuration (RFC 6901), "/rules/0/clauses/1/operator" for instance; "" for the
	// configuration as a whole.
	Pointer string
	// Reason is a sentence for people.
	Reason string
}

// refusal is the error of what cannot be expressed. The pointer is relative to what the failed function was given.
type refusal struct {
	pointer string
	reason  string
}

// Error returns the reason.
func (r *refusal) Error() string { return r.reason }

// refuse is the refusal of the field, "" for the whole.
func refuse(field, reason string) *refusal {
	if field != "" {
		field = "/" + field
	}
	return &refusal{pointer: field, reason: reason}
}

// under is the same refusal as seen from further out; each of path is the name of a field or an index.
func (r *refusal) under(path ...any) *refusal {
	if r == nil {
		return nil
	}
	var at strings.Builder
	for _, step := range path {
		at.WriteByte('/')
		switch step := step.(type) {
		case string:
			at.WriteString(step)
		case int:
			at.WriteString(strconv.Itoa(step))
		}
	}
	return &refusal{pointer: at.String() + r.pointer, reason: r.reason}
}

// because is a refusal at the field for a reason that lies elsewhere.
func because(field, what string, r *refusal) *refusal {
	return refuse(field, what+" cannot be expressed for flagd: "+r.reason)
}
