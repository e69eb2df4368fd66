package flagdrpc

import (
	"sync"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/store"
)

// The types of changes to a flag.
const (
	changeWrite  = "write"
	changeUpdate = "update"
	changeDelete = "delete"
)

// changes compares each snapshot with the next one. It does so once for all streams that make the same step. It is
// safe for concurrent use.
type changes struct {
	mu    sync.Mutex
	steps map[stepKey]*step
}

// stepKey is the key of a step that is kept. For each environment, two are kept: the last step, and the step from
// nothing.
type stepKey struct {
	store.EnvironmentRef
	fromNothing bool
}

// step is the way from one snapshot to another. All streams share its messages, so nobody may modify them. A message
// is nil if there is nothing to tell.
type step struct {
	from, to   *evaluator.Snapshot
	find       sync.Once
	server     *structpb.Struct
	clientSide *structpb.Struct
}

func newChanges() changes { return changes{steps: make(map[stepKey]*step)} }

// between returns the data of configuration_change. It is nil if every flag that the caller may see answers as
// before. If from is nil, all flags count as changed.
func (c *changes) between(from, to *evaluator.Snapshot, clientSide bool) *structpb.Struct {
	key := stepKey{store.EnvironmentRef{Project: to.Project(), Environment: to.Environment()}, from == nil}
	c.mu.Lock()
	s := c.steps[key]
	if s == nil || s.from != from || s.to != to {
		s = &step{from: from, to: to}
		c.steps[key] = s
	}
	c.mu.Unlock()
	s.find.Do(func() {
		found := changed(from, to)
		s.server = changeData(found, nil)
		s.clientSide = changeData(found, func(key string) bool {
			return from != nil && auth.IsClientSide(from, key) || auth.IsClientSide(to, key)
		})
	})
	if clientSide {
		return s.clientSide
	}
	return s.server
}

// changeData is {"flags": {"<key>": {"type": …}}} with the flags that the caller may know.
func changeData(found map[string]string, tell func(key string) bool) *structpb.Struct {
	flags := make(map[string]*structpb.Value, len(found))
	for key, kind := range found {
		if tell == nil || tell(key) {
			flags[key] = structpb.NewStructValue(
				&structpb.Struct{Fields: map[string]*structpb.Value{"type": structpb.NewStringValue(kind)}},
			)
		}
	}
	if len(flags) == 0 {
		return nil
	}
	return &structpb.Struct{
		Fields: map[string]*structpb.Value{"flags": structpb.NewStructValue(&structpb.Struct{Fields: flags})},
	}
}

// changed lists the flags that are new, are gone, or may answer differently. It includes flags that use something
// that has changed: a segment, or a flag that is their prerequisite.
func changed(from, to *evaluator.Snapshot) map[string]string {
	found := make(map[string]string)
	if from == nil {
		for flag := range to.Flags() {
			found[flag.Key] = changeUpdate
		}
		return found
	}
	anew := from.Epoch() != to.Epoch() // versions of different epochs do not compare
	for flag := range from.Flags() {
		if _, ok := to.Flag(flag.Key); !ok {
			found[flag.Key] = changeDelete
		}
	}
	for flag := range to.Flags() {
		before, ok := from.Flag(flag.Key)
		switch {
		case !ok:
			found[flag.Key] = changeWrite
		case anew || before.Version != flag.Version || before.FleetOpen != flag.FleetOpen:
			found[flag.Key] = changeUpdate
		}
	}
	segments := changedSegments(from, to)
	if len(found)+len(segments) == 0 {
		return nil
	}
	// Each round finds the users of the flags that the round before has found.
	for more := true; more; {
		more = false
		for flag := range to.Flags() {
			if found[flag.Key] == "" && uses(store.ConfigReferences(flag.Config), found, segments) {
				found[flag.Key] = changeUpdate
				more = true
			}
		}
	}
	return found
}

// changedSegments lists the segments that have changed, are new or are gone. It includes the segments that refer to
// them.
func changedSegments(from, to *evaluator.Snapshot) map[string]bool {
	found := make(map[string]bool)
	before := make(map[string]int64)
	for _, segment := range from.Definition().Segments {
		before[segment.Key] = segment.Version
	}
	now := to.Definition().Segments
	for _, segment := range now {
		if version, ok := before[segment.Key]; !ok || version != segment.Version || from.Epoch() != to.Epoch() {
			found[segment.Key] = true
		}
		delete(before, segment.Key)
	}
	for key := range before {
		found[key] = true
	}
	for more := len(found) > 0; more; {
		more = false
		for _, segment := range now {
			if !found[segment.Key] && uses(store.SegmentReferences(store.Segment{Rules: segment.Rules}), nil, found) {
				found[segment.Key] = true
				more = true
			}
		}
	}
	return found
}

// uses reports whether any of the references points to one of the flags or segments.
func uses(references store.References, flags map[string]string, segments map[string]bool) bool {
	for reference := range references {
		if reference.Flag != "" && flags[reference.Flag] != "" ||
			reference.Segment != "" && segments[reference.Segment] {
			return true
		}
	}
	return false
}
