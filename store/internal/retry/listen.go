package retry

import (
	"context"
	"log/slog"

	"github.com/tidegate-io/tidegate/store"
)

// Listen keeps a bus listening until ctx ends, and returns ctx's error. The function once listens over one connection
// until that connection is lost. An outage is logged when it begins and when it ends, not at each attempt in between.
func Listen(ctx context.Context, log *slog.Logger, bus string, heard func(store.Announcement),
	once func(context.Context, func(store.Announcement)) error,
) error {
	var pace Pace
	lost := false
	for {
		err := once(ctx, func(a store.Announcement) {
			pace.Succeeded()
			if lost {
				lost = false
				log.Info("Changes are listened for again.", "bus", bus)
			}
			heard(a)
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !lost {
			lost = true
			log.Warn(
				"The connection that listens for changes was lost; it is tried again and again.",
				"bus",
				bus,
				"error",
				err,
			)
		}
		pace.Wait(ctx)
	}
}
