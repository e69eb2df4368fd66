package edit

import (
	"slices"

	"github.com/tidegate-io/tidegate/store"
)

// Guard limits an edit to versions of the object that its author has seen. The zero Guard accepts every version: if
// others have changed the object meanwhile, the edit is applied again to the changed object.
type Guard struct {
	// Named tells that the author has named versions, even if no object can have any of them.
	Named    bool
	Versions []int64
}

// Check gives a store.ConflictError unless the guard holds for the current version.
func (g Guard) Check(what string, current int64) error {
	if !g.Named || slices.Contains(g.Versions, current) {
		return nil
	}
	return &store.ConflictError{What: what, Current: current}
}
