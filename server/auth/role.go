package auth

import "github.com/tidegate-io/tidegate/store"

// Allows tells whether role may do something that needs at least the role needed. Each role may do everything that
// lower roles may do. An unknown role may do nothing. If needed is unknown, nobody is allowed.
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
