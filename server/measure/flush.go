package measure

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/supervise"
)

// Run stores the spans that have ended, until ctx ends. Then it stores the spans that are still open. If a replica
// crashes, what it has not stored is lost: the open spans, and those that have just ended.
func (r *Recorder) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	failing := false
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
			err := supervise.Try(ctx, supervise.Piece{Name: "recorder"}, func() error { return r.flush(ctx, r.now()) })
			if err != nil && !failing && ctx.Err() == nil {
				r.log.WarnContext(
					ctx,
					"measurements of releases cannot be stored; they are kept and tried again",
					"error",
					err,
				)
			}
			failing = err != nil
			if failing {
				tick.Reset(retryEvery)
			} else {
				tick.Reset(flushEvery)
			}
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	err := supervise.Try(ctx, supervise.Piece{Name: "recorder", Detail: "last measurements"}, func() error {
		return r.flush(last, r.now().Add(oldSpan))
	})
	if err != nil {
		r.log.WarnContext(ctx, "the last measurements of releases could not be stored and are lost", "error", err)
	}
}

// flush closes the spans that end at now and stores everything that is not stored yet. If storing fails, the rest is
// kept for the next time.
func (r *Recorder) flush(ctx context.Context, now time.Time) error {
	waiting := r.takeEnded(ctx, now)
	for len(waiting) > 0 {
		batch := waiting[:min(len(waiting), flushBatch)]
		if err := r.put(ctx, batch); err != nil {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.unstored = append(waiting, r.unstored...)
			return err
		}
		waiting = waiting[len(batch):]
	}
	return nil
}

// takeEnded closes the spans that end at now. It gives everything that is not stored yet.
func (r *Recorder) takeEnded(ctx context.Context, now time.Time) []store.Measurement {
	r.mu.Lock()
	defer r.mu.Unlock()
	open := len(r.open)
	for _, s := range r.open {
		counted := r.seen[s.key]
		if s.over(now) || counted != nil && s.worthALook(now, open-1, counted.units) {
			r.close(s)
		}
	}
	if over := len(r.unstored) - maxUnstored; over > 0 {
		r.log.WarnContext(
			ctx,
			"measurements of releases were dropped: the store is away for too long",
			"measurements",
			over,
		)
		r.unstored = r.unstored[over:]
	}
	waiting := r.unstored
	r.unstored = nil
	return waiting
}

// put stores a batch. If nobody knows whether a batch was stored, it is put again. That changes nothing if it was.
func (r *Recorder) put(ctx context.Context, batch []store.Measurement) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	for i := range batch {
		batch[i].WrittenAt = r.now()
	}
	return r.store.PutMeasurements(ctx, batch)
}
