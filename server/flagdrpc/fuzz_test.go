package flagdrpc

import (
	"strings"
	"testing"

	"github.com/tidegate-io/tidegate/server/auth"
)

// FuzzParseSelector checks that text is looked up as a key only if it looks like a key, or is named a key.
func FuzzParseSelector(f *testing.F) {
	for _, text := range []string{"", "shop/production", "flagSetId=shop/production,key=sdk-1", "cli-2", "source=x", " , ,=,key=", "key"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSelector(text)
		if err != nil {
			return
		}
		named := strings.Contains(text, "key=")
		if s.key != "" && !named && !strings.HasPrefix(s.key, auth.PrefixServerKey) && !strings.HasPrefix(s.key, auth.PrefixClientKey) {
			t.Fatalf("%q gives the key %q", text, s.key)
		}
	})
}
