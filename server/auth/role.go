package auth

import "github.com/tidegate-io/tidegate/store"

// Allows tells whether role may do what needs at least the role needed: each role may do what those before it may. A
// role that is unknown may do nothing, and what needs an unknown role is allowed to nobody.
func Allows(role, needed store.Role) bool {
	return rank(needed) > 0 && rank(role) >= rank(needed)
}

// rank orders the roles from 1; an unknown role is 0.
func rank(role store.Role) int {
	switch role {
	case store.RoleViewer:
		return 1
	case store.RoleEditor:
		return 2
	case store.RoleReleaser:
		return 3
	case store.RoleAdmin:
		return 4
	}
	return 0
}
