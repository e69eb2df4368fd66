package measure

import (
	"context"
	"time"
)

// Flush closes the spans that have ended at now and stores them.
func (r *Recorder) Flush(ctx context.Context, now time.Time) error { return r.flush(ctx, now) }

// Turn makes the checks that are due.
func (c *Checker) Turn(ctx context.Context) error { return c.turn(ctx) }
