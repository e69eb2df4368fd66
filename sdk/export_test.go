package tidegate

import "github.com/tidegate-io/tidegate/evaluator"

// Snapshot is what the provider evaluates by, nil if there is none.
func (p *Provider) Snapshot() *evaluator.Snapshot {
	if v := p.view.Load(); v != nil {
		return v.snapshot
	}
	return nil
}

// Queued is how many events wait to be sent.
func (p *Provider) Queued() int {
	p.reports.mu.Lock()
	defer p.reports.mu.Unlock()
	return len(p.reports.queue)
}

// Reporting tells whether the server takes reports, as far as the provider knows.
func (p *Provider) Reporting() bool {
	p.reports.mu.Lock()
	defer p.reports.mu.Unlock()
	return !p.reports.off
}
