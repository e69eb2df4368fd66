package auth_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/store"
)

func TestAllows(t *testing.T) {
	t.Parallel()
	ordered := []store.Role{store.RoleViewer, store.RoleEditor, store.RoleReleaser, store.RoleAdmin}
	for i, have := range ordered {
		for j, need := range ordered {
			assert.Equal(t, i >= j, auth.Allows(have, need), "%s for %s", have, need)
		}
		assert.False(t, auth.Allows(have, ""), "what needs no known role is for nobody")
		assert.False(t, auth.Allows(have, "owner"))
		assert.False(t, auth.Allows("", have))
		assert.False(t, auth.Allows("owner", have))
	}
	assert.False(t, auth.Allows("", ""))
}

func TestAuthorizeWithinLimits(t *testing.T) {
	t.Parallel()
	const editor, viewer = store.RoleEditor, store.RoleViewer
	limited := auth.Principal{Role: store.RoleAdmin, Project: "shop", Environment: "staging"}
	for _, c := range []struct {
		name    string
		route   auth.Route
		allowed bool
	}{
		{"its environment", auth.Route{Needed: editor, Project: "shop", Environment: "staging"}, true},
		{"another environment", auth.Route{Needed: editor, Project: "shop", Environment: "production"}, false},
		{"the same environment of another project", auth.Route{Needed: viewer, Project: "blog", Environment: "staging"}, false},
		{"writing to the project", auth.Route{Needed: editor, Project: "shop"}, false},
		{"reading the project", auth.Route{Needed: viewer, Project: "shop"}, true},
		{"reading what is nobody's", auth.Route{Needed: viewer}, true},
		{"writing what is nobody's", auth.Route{Needed: editor}, false},
		{"a route without a role", auth.Route{Project: "shop", Environment: "staging"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.allowed, auth.Authorize(limited, c.route) == nil)
		})
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	one, other := auth.NewSecret(auth.PrefixServerKey), auth.NewSecret(auth.PrefixServerKey)
	assert.NotEqual(t, one.Text, other.Text)
	assert.Len(t, one.Hash, 32)
	assert.Equal(t, one.Hash, auth.Hash(one.Text))
	assert.Less(t, len(one.Prefix), 10, "what is stored in the clear tells little")
	assert.Equal(t, "ab", auth.SecretFrom("ab").Prefix)
}
