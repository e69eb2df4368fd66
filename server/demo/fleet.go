package demo

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// presenceInterval is how often the instances of the demo show that they are alive.
const presenceInterval = 10 * time.Second

// Fleet is the presence of the shop's instances in production, which do not exist: it keeps them on the page of
// deployments, and the flags that wait for a version open.
type Fleet struct {
	Store store.Instances
	Log   *slog.Logger
	Now   func() time.Time
}

// Run shows the instances until ctx ends.
func (f *Fleet) Run(ctx context.Context) {
	started := f.Now()
	ticker := time.NewTicker(presenceInterval)
	defer ticker.Stop()
	for {
		if err := f.Store.PutInstances(ctx, instances(started, f.Now())); err != nil && ctx.Err() == nil {
			f.Log.WarnContext(ctx, "the demo's instances could not be shown", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func instances(started, now time.Time) (all []store.Instance) {
	for _, service := range []struct {
		name, version string
		count         int
	}{{checkout, CheckoutVersion, 6}, {storefront, StorefrontVersion, 4}} {
		for i := range service.count {
			all = append(all, store.Instance{
				EnvironmentRef: environmentRef("production"), Service: service.name, Version: service.version,
				InstanceID: fmt.Sprintf("demo-%s-%d", service.name, i+1), StartedAt: started, SeenAt: now,
			})
		}
	}
	return all
}
