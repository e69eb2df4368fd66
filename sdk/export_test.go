package tidegate

import "github.com/tidegate-io/tidegate/evaluator"

// Snapshot is what the provider evaluates by, nil if there is none.
func (p *Provider) Snapshot() *evaluator.Snapshot {
	if v := p.view.Load(); v != nil {
		return v.snapshot
	}
	return nil
}
