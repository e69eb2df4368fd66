package tidegate

import (
	"github.com/open-feature/go-sdk/openfeature"

	"github.com/tidegate-io/tidegate/evaluator"
)

// view is what evaluations read: a snapshot, and the prepared metadata of its flags. It is immutable, except for the
// counters that it refers to.
type view struct {
	snapshot *evaluator.Snapshot
	// local means that the snapshot is the process's own. It is used until the server sends one.
	local bool
	// metadata holds each metadata once. All flags with the same metadata share it.
	metadata map[metadataKey]openfeature.FlagMetadata
	// counts are the counters of each flag; nil where nothing is counted.
	counts map[string]*flagCounts
}

// metadataKey holds everything in which the metadata of flags can differ.
type metadataKey struct {
	version int64
	// detail is DetailOff or DetailKilled for answers of a flag that is off.
	detail evaluator.Detail
}

// keyOf is the key of an answer's metadata.
func keyOf(r *evaluator.Result) metadataKey {
	key := metadataKey{version: r.Version}
	if r.Detail == evaluator.DetailOff || r.Detail == evaluator.DetailKilled {
		key.detail = r.Detail
	}
	return key
}

// newView prepares a snapshot. It takes over what has not changed from the view before, which may be nil.
func newView(s *evaluator.Snapshot, before *view) *view {
	v := &view{snapshot: s, metadata: make(map[metadataKey]openfeature.FlagMetadata)}
	if before != nil && (before.snapshot.Project() != s.Project() || before.snapshot.Environment() != s.Environment()) {
		before = nil
	}
	for flag := range s.Flags() {
		v.prepare(metadataKey{version: flag.Version}, before)
		switch {
		case flag.Killed:
			v.prepare(metadataKey{flag.Version, evaluator.DetailKilled}, before)
		case !flag.Config.Enabled:
			v.prepare(metadataKey{flag.Version, evaluator.DetailOff}, before)
		}
	}
	return v
}

// prepare makes the metadata of the key, or takes it over.
func (v *view) prepare(key metadataKey, before *view) {
	if v.metadata[key] != nil {
		return
	}
	if before != nil && before.metadata[key] != nil {
		v.metadata[key] = before.metadata[key]
		return
	}
	metadata := openfeature.FlagMetadata{"version": key.version, "flagSetId": v.snapshot.Project() + "/" + v.snapshot.Environment()}
	if key.detail != evaluator.NoDetail {
		metadata["detail"] = key.detail.String()
	}
	v.metadata[key] = metadata
}
