package replica

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// Ready returns nil if every environment is served; a stale state counts as served. Otherwise the error names the
// environments that are not served, and says why. It wraps ErrNotReady.
func (r *Replica) Ready() error {
	r.mu.Lock()
	problem := r.problem
	r.mu.Unlock()
	table := r.environments.Load()
	if len(table.byRef) == 0 && problem != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, problem)
	}
	var missing []string
	for ref, e := range table.byRef {
		if e.current() == nil {
			missing = append(missing, ref.Project+"/"+ref.Environment+": "+e.reason())
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return fmt.Errorf("%w: %s", ErrNotReady, strings.Join(missing, "; "))
}

// measure updates the gauge of staleness.
func (r *Replica) measure() {
	for _, s := range r.Statuses() {
		value := 0.0
		if s.Stale {
			value = 1
		}
		r.options.Metrics.stale.WithLabelValues(s.Project, s.Environment).Set(value)
	}
}

// Status is how one environment is served.
type Status struct {
	store.EnvironmentRef
	Revision int64
	Epoch    string
	// Ready says that there is a snapshot. Stale says that it could not be compared with the store lately.
	Ready bool
	Stale bool
	// AgreedAt is when the snapshot was last the same as in the store. It is zero if it never was.
	AgreedAt time.Time
	// Problem says why the environment is not ready or is stale. It is "" if the environment is neither.
	Problem string
}

// Statuses returns the status of every environment, ordered by project and key.
func (r *Replica) Statuses() []Status {
	silent := time.Since(time.Unix(0, r.confirmed.Load())) > max(staleAfterSilence, 3*r.options.Poll)
	var all []Status
	for ref, e := range r.environments.Load().byRef {
		s := Status{EnvironmentRef: ref, Problem: e.reason(), Stale: silent || e.unconfirmed.Load()}
		if agreed := e.agreed.Load(); agreed != 0 {
			s.AgreedAt = time.Unix(0, agreed)
		}
		if st := e.current(); st != nil {
			s.Ready, s.Revision, s.Epoch = true, st.Snapshot.Revision(), st.Snapshot.Epoch()
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Status) int {
		return strings.Compare(a.Project+"/"+a.Environment, b.Project+"/"+b.Environment)
	})
	return all
}
