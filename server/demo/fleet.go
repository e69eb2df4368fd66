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

// runs is a service with its version in production and the number of its instances.
type runs struct {
	service, version string
	count            int
}

func checkoutRuns() runs { return runs{checkout, CheckoutVersion, 6} }

func storefrontRuns() runs { return runs{storefront, StorefrontVersion, 4} }

// instances are the ids of the instances.
func (r runs) instances() []string {
	ids := make([]string, r.count)
	for i := range ids {
		ids[i] = fmt.Sprintf("demo-%s-%d", r.service, i+1)
	}
	return ids
}

// FleetStore is the part of a store.Store that a Fleet works with.
type FleetStore interface {
	store.Instances
	Cursor(ctx context.Context, ref store.EnvironmentRef) (store.Cursor, error)
	ListDeployments(
		ctx context.Context,
		ref store.EnvironmentRef,
		filter store.DeploymentFilter,
	) ([]store.Deployment, error)
}

// Fleet reports that the shop's instances in production are alive, although they do not exist. So they stay on the
// page of deployments, and flags that wait for a version stay open.
type Fleet struct {
	Store FleetStore
	Log   *slog.Logger
	Now   func() time.Time
}

// Run shows the instances until ctx ends.
func (f *Fleet) Run(ctx context.Context) {
	ticker := time.NewTicker(presenceInterval)
	defer ticker.Stop()
	for {
		if err := f.show(ctx); err != nil && ctx.Err() == nil {
			f.Log.WarnContext(ctx, "the demo's instances could not be shown", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (f *Fleet) show(ctx context.Context) error {
	cursor, err := f.Store.Cursor(ctx, environmentRef("production"))
	if err != nil {
		return fmt.Errorf("read cursor: %w", err)
	}
	var all []store.Instance
	now := f.Now()
	for _, r := range []runs{checkoutRuns(), storefrontRuns()} {
		from, to, err := f.deployed(ctx, r)
		if err != nil {
			return err
		}
		for i, id := range r.instances() {
			all = append(all, store.Instance{
				EnvironmentRef: environmentRef("production"),
				Service:        r.service,
				Version:        r.version,
				InstanceID:     id,
				// The instances started one after the other, during the deployment of the version.
				StartedAt: from.Add(
					to.Sub(from) * time.Duration(i+1) / time.Duration(r.count),
				),
				SeenAt:   now,
				Revision: cursor.Revision,
			})
		}
	}
	return f.Store.PutInstances(ctx, all)
}

// deployed is when what runs was deployed: from its start to its end.
func (f *Fleet) deployed(ctx context.Context, r runs) (from, to time.Time, err error) {
	deployments, err := f.Store.ListDeployments(ctx, environmentRef("production"), store.Recent(r.service))
	if err != nil {
		return from, to, fmt.Errorf("list deployments of %s: %w", r.service, err)
	}
	for _, d := range deployments {
		if d.Version == r.version {
			return d.StartedAt, d.UpdatedAt, nil
		}
	}
	return from, to, fmt.Errorf("%s %s was never deployed", r.service, r.version)
}
