package tidegate

import (
	"encoding/json"
	"fmt"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/tidegate-io/tidegate/evaluator"
)

// take applies one event. Unknown events are ignored: a newer server may send them.
func (s *source) take(e event) error {
	switch e.name {
	case "snapshot":
		return s.takeSnapshot(e.data)
	case "patch":
		return s.takePatch(e.data)
	default:
		return nil
	}
}

func (s *source) takeSnapshot(data []byte) error {
	var def evaluator.Definition
	if err := json.Unmarshal(data, &def); err != nil {
		return fmt.Errorf("decode snapshot: %w", err)
	}
	before := s.provider.view.Load()
	if before != nil && !before.local && before.snapshot.Epoch() == def.Epoch && def.Revision <= before.snapshot.Revision() {
		return nil
	}
	snapshot, problems, err := evaluator.Compile(def)
	if err != nil {
		return fmt.Errorf("compile snapshot: %w", err)
	}
	s.provider.serve(snapshot, problems)
	return nil
}

func (s *source) takePatch(data []byte) error {
	var patch evaluator.Patch
	if err := json.Unmarshal(data, &patch); err != nil {
		return fmt.Errorf("decode patch: %w", err)
	}
	before := s.provider.view.Load()
	if before == nil || before.local {
		return fmt.Errorf("a patch to revision %d came before any snapshot", patch.Revision)
	}
	snapshot, problems, err := before.snapshot.Apply(patch)
	if err != nil {
		return fmt.Errorf("apply patch: %w", err)
	}
	if snapshot != before.snapshot {
		s.provider.serve(snapshot, problems)
	}
	return nil
}

// serve makes evaluations use a snapshot from the server, or from what replaces the server. It also tells which flags
// have changed. Only one goroutine at a time may call it.
func (p *Provider) serve(snapshot *evaluator.Snapshot, problems []evaluator.Problem) {
	p.reportProblems(snapshot, problems)
	before := p.view.Load()
	p.show(newView(snapshot, before))
	p.keeper.keep()
	if before == nil {
		return
	}
	if changed := changedFlags(before.snapshot, snapshot); len(changed) > 0 {
		p.emit(openfeature.ProviderConfigChange, openfeature.ProviderEventDetails{
			Message: "flags have changed", FlagChanges: changed,
		})
	}
}

// show makes evaluations use the view.
func (p *Provider) show(v *view) {
	v.counts = p.reports.count(v.snapshot)
	p.view.Store(v)
}

func (p *Provider) reportProblems(snapshot *evaluator.Snapshot, problems []evaluator.Problem) {
	for _, problem := range problems {
		p.options.log.Error("tidegate: kept out of the snapshot: it does not compile",
			"revision", snapshot.Revision(), "kind", problem.Kind, "key", problem.Key, "error", problem.Err)
	}
}
