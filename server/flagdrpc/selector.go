package flagdrpc

import (
	"fmt"
	"strings"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/store"
)

// selector says which environment a caller has selected. It may also hold a key.
type selector struct {
	// environment is the text of the caller: "project/environment", or "environment" alone. "" is the environment of
	// the key.
	environment string
	key         string
}

// parseSelector reads "project/environment", "flagSetId=project/environment", an SDK key, "key=<SDK key>", or an
// environment and a key separated by a comma.
func parseSelector(text string) (selector, error) {
	var s selector
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		name, value, named := strings.Cut(part, "=")
		switch {
		case part == "":
		case named && name == "flagSetId":
			s.environment = value
		case named && name == "key" || !named && isKey(part):
			s.key = strings.TrimPrefix(part, "key=")
		case named:
			return s, fmt.Errorf(
				"the selector knows flagSetId and key, not %q; write flagSetId=project/environment",
				name,
			)
		default:
			s.environment = part
		}
	}
	return s, nil
}

func isKey(text string) bool {
	return strings.HasPrefix(text, auth.PrefixServerKey) || strings.HasPrefix(text, auth.PrefixClientKey)
}

// selects reports whether the environment is the selected one.
func (s *selector) selects(ref store.EnvironmentRef) bool {
	return s.environment == "" || s.environment == ref.Environment || s.environment == ref.Project+"/"+ref.Environment
}
