package importer

import (
	"regexp"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson/logic"
)

// ldReference is where an attribute of LaunchDarkly is looked for here. The user's attributes are those of the
// context, and other kinds are objects of the context with the kind's name.
type ldReference struct {
	// kind is "" for the user.
	kind string
	// names lead to the attribute.
	names []string
	// path is the same for expressions, and clause for clauses; "" where a clause cannot say it.
	path, clause string
}

var (
	ldMalformed = regexp.MustCompile(`//|(^/.*~[^0|^1])|~$`)
	ldNumber    = regexp.MustCompile(`^[0-9]+$`)
	ldEscapes   = strings.NewReplacer("~1", "/", "~0", "~")
)

// ldReferenceTo reads a name. The name is a path if a kind of context is named and the name begins with a slash.
// Otherwise it is taken as it is. The problem says why it cannot be read.
func ldReferenceTo(name, kind string) (r ldReference, problem string) {
	r.names = []string{name}
	switch {
	case kind != "" && (name == "" || name == "/" || ldMalformed.MatchString(name)), name == "":
		return r, "is no reference to an attribute, and LaunchDarkly gives the code default"
	case kind != "" && name[0] == '/':
		r.names = strings.Split(name[1:], "/")
		for i := range r.names {
			r.names[i] = ldEscapes.Replace(r.names[i])
		}
	}
	if kind != "user" {
		r.kind = kind
	}
	for i, n := range r.names {
		if n == "" || i > 0 && (n == "length" || ldNumber.MatchString(n)) || n == "$flagd" || n == "_meta" {
			return r, "cannot be looked for here"
		}
	}
	if r.kind == "" && len(r.names) == 1 {
		switch r.names[0] {
		case "key":
			r.path, r.clause = evaluator.AttributeTargetingKey, evaluator.AttributeTargetingKey
			return r, ""
		case evaluator.AttributeTargetingKey:
			return r, "is the user's key here"
		}
	}
	names := r.names
	if r.kind != "" {
		names = append([]string{r.kind}, names...)
	}
	r.path = escapedPath(names)
	if r.clause = strings.Join(names, "."); r.path != r.clause {
		r.clause = ""
	}
	return r, ""
}

func (r *ldReference) isKind() bool { return len(r.names) == 1 && r.names[0] == "kind" }

// isAnonymous reports whether this is the attribute "anonymous". Every context of a kind has it, as true or false.
func (r *ldReference) isAnonymous() bool { return len(r.names) == 1 && r.names[0] == "anonymous" }

// hasKind is met by contexts of a kind; every context is a user here.
func hasKind(kind string) condition {
	if kind == "" || kind == "user" {
		return always
	}
	path := escapedPath([]string{kind, "key"})
	c := asks(isPresent(logic.Var(path)))
	if clause := kind + ".key"; clause == path {
		exists := evaluator.Clause{Attribute: clause, Operator: evaluator.OpExists}
		absent := exists
		absent.Negate = true
		c.metBy, c.unmetBy = []evaluator.Clause{exists}, []evaluator.Clause{absent}
	}
	return c
}

// keyOfKindIn is met by the contexts of a kind whose key is in a list.
func keyOfKindIn(kind string, keys []string) condition {
	if kind == "" || kind == "user" {
		return keyIn(keys)
	}
	if len(keys) == 0 {
		return never
	}
	path := escapedPath([]string{kind, "key"})
	c := asks(logic.Apply("in", logic.Var(path), keys))
	if clause := kind + ".key"; clause == path {
		c.metBy = []evaluator.Clause{{Attribute: clause, Operator: evaluator.OpIn, Values: raws(keys)}}
	}
	return c
}
