package edit

import (
	"slices"

	"github.com/tidegate-io/tidegate/store"
)

// Guard holds an edit to versions of the object that its author has seen. The zero Guard holds for every version: an
// edit under it is repeated on whatever others have made of the object.
type Guard struct {
	// Named tells that there are versions to hold to, be it none that can be.
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
