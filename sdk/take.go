package tidegate

import (
	"encoding/json"
	"fmt"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/tidegate-io/tidegate/evaluator"
)

// take applies one event. Unknown events are ignored: a newer server may send them.
func (s *source) take(e event, r *run) error {
	switch e.name {
	case "snapshot":
		return s.takeSnapshot(e.data, r)
	case "patch":
		return s.takePatch(e.data, r)
	default:
		return nil
	}
}

func (s *source) takeSnapshot(data []byte, r *run) error {
	var def evaluator.Definition
	if err := json.Unmarshal(data, &def); err != nil {
		return fmt.Errorf("decode snapshot: %w", err)
	}
	before := s.provider.view.Load()
	if before != nil && before.snapshot.Epoch() == def.Epoch && def.Revision <= before.snapshot.Revision() {
		return nil
	}
	snapshot, problems, err := evaluator.Compile(def)
	if err != nil {
		return fmt.Errorf("compile snapshot: %w", err)
	}
	s.serve(snapshot, problems, before, r)
	return nil
}

func (s *source) takePatch(data []byte, r *run) error {
	var patch evaluator.Patch
	if err := json.Unmarshal(data, &patch); err != nil {
		return fmt.Errorf("decode patch: %w", err)
	}
	before := s.provider.view.Load()
	if before == nil {
		return fmt.Errorf("a patch to revision %d came before any snapshot", patch.Revision)
	}
	snapshot, problems, err := before.snapshot.Apply(patch)
	if err != nil {
		return fmt.Errorf("apply patch: %w", err)
	}
	if snapshot != before.snapshot {
		s.serve(snapshot, problems, before, r)
	}
	return nil
}

// serve makes evaluations use the snapshot and tells what has changed by it.
func (s *source) serve(snapshot *evaluator.Snapshot, problems []evaluator.Problem, before *view, r *run) {
	p := s.provider
	for _, problem := range problems {
		p.options.log.Error("tidegate: kept out of the snapshot: it does not compile",
			"revision", snapshot.Revision(), "kind", problem.Kind, "key", problem.Key, "error", problem.Err)
	}
	p.view.Store(newView(snapshot, before))
	if before == nil {
		if late := r.becomeReady(); late {
			p.emit(openfeature.ProviderReady, openfeature.ProviderEventDetails{Message: "the first snapshot has come"})
		}
		return
	}
	if changed := changedFlags(before.snapshot, snapshot); len(changed) > 0 {
		p.emit(openfeature.ProviderConfigChange, openfeature.ProviderEventDetails{
			Message: "flags have changed", FlagChanges: changed,
		})
	}
}
