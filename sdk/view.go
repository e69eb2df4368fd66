package tidegate

import (
	"github.com/open-feature/go-sdk/openfeature"

	"github.com/tidegate-io/tidegate/evaluator"
)

// view is what evaluations read: a snapshot, and the metadata of its flags prepared. It is immutable, but for the
// counters that it refers to.
type view struct {
	snapshot *evaluator.Snapshot
	// local means that the snapshot is the process's own, until the server sends one.
	local bool
	// metadata is by version, which is all that differs in it, so that flags share it.
	metadata map[int64]openfeature.FlagMetadata
	// counts are the counters of each flag; nil where nothing is counted.
	counts map[string]*flagCounts
}

// newView prepares a snapshot, taking over from the view before (which may be nil) what has not changed.
func newView(s *evaluator.Snapshot, before *view) *view {
	v := &view{snapshot: s, metadata: make(map[int64]openfeature.FlagMetadata)}
	flagSet := s.Project() + "/" + s.Environment()
	if before != nil && (before.snapshot.Project() != s.Project() || before.snapshot.Environment() != s.Environment()) {
		before = nil
	}
	for flag := range s.Flags() {
		if v.metadata[flag.Version] != nil {
			continue
		}
		if before != nil && before.metadata[flag.Version] != nil {
			v.metadata[flag.Version] = before.metadata[flag.Version]
			continue
		}
		v.metadata[flag.Version] = openfeature.FlagMetadata{"version": flag.Version, "flagSetId": flagSet}
	}
	return v
}
