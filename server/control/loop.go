package control

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/store"
)

const (
	leaseName = "control"
	// leaseTime is the longest time until another replica takes over after a leader has vanished.
	leaseTime = 5 * time.Second
	// renewEvery is how often the leader renews the lease and the others try to get it.
	renewEvery = leaseTime / 3
	// pollEvery is how often the leader looks for changes about which nobody woke it.
	pollEvery = time.Second
	// lookEvery is how often the leader looks whether a guard is breached.
	lookEvery = 200 * time.Millisecond
	// rest is the least time between two turns. It makes one turn of a burst of changes.
	rest = 20 * time.Millisecond
	// turnTimeout bounds one turn.
	turnTimeout = 30 * time.Second
)

// Loop makes releases go on by themselves and keeps availability of scope fleet up to date. One of all the loops on a
// store leads. A loop that cannot reach the store tries again until it can.
type Loop struct {
	store Store
	now   func() time.Time
	log   *slog.Logger
	// guards is nil where nothing is measured.
	guards Guards

	holder  string
	wake    chan struct{}
	leads   atomic.Bool
	renewAt time.Time // while it leads, else zero
	// places is what the loop has seen since it began to lead, or since the clock was set back.
	places   map[store.EnvironmentRef]*place
	lastTurn time.Time
	turnAt   time.Time // when the next turn is due
	latched  atomic.Pointer[map[store.FlagRef]bool]
	failing  bool
}

// NewLoop returns a loop whose decisions use what guards measure. If guards is nil, nothing is measured. The loop
// gets the time from now.
func NewLoop(s Store, guards Guards, now func() time.Time, log *slog.Logger) *Loop {
	return &Loop{
		store: s, guards: guards, now: now, log: log,
		holder: uuid.NewString(), wake: make(chan struct{}, 1), places: make(map[store.EnvironmentRef]*place),
	}
}

// Wake has the loop look for changes now, if it leads. It never blocks.
func (l *Loop) Wake() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Leads tells whether this loop is the one that leads, for metrics.
func (l *Loop) Leads() bool { return l.leads.Load() }

// Run drives releases until ctx ends, then gives up the lead.
func (l *Loop) Run(ctx context.Context) {
	defer l.resign(ctx)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		woken := false
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-l.wake:
			woken = true
		}
		wait := l.look(ctx, woken)
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
		timer.Reset(max(wait-rest, 0))
	}
}

// look takes a turn if somebody woke the loop, if a turn is due, or if a guard is breached. It tells when to look
// again.
func (l *Loop) look(ctx context.Context, woken bool) time.Duration {
	left := l.turnAt.Sub(l.now().Round(0))
	due := left <= 0 || left > pollEvery // which a clock that was set back makes it
	if !woken && !due && !l.breached(ctx) {
		return min(left, lookEvery)
	}
	wait := l.turn(ctx)
	l.turnAt = l.now().Round(0).Add(wait)
	if l.measures() {
		wait = min(wait, lookEvery)
	}
	return wait
}

// turn does what there is to do. It tells when the next turn is due if nobody wakes the loop before.
func (l *Loop) turn(ctx context.Context) time.Duration {
	ctx, cancel := context.WithTimeout(ctx, turnTimeout)
	defer cancel()
	// The times to compare with were stored. Other processes do not know the monotonic reading of this one.
	now := l.now().Round(0)
	leads, err := l.lead(ctx, now)
	if err != nil {
		l.report(ctx, err)
		return pollEvery
	}
	if !leads {
		l.report(ctx, nil)
		return renewEvery
	}
	due, err := l.visitAll(ctx, now)
	l.report(ctx, err)
	if err != nil {
		return pollEvery
	}
	return min(due.Sub(now), l.renewAt.Sub(now), pollEvery)
}

// lead takes the lease, or renews it when it is time, and tells whether this loop has it.
func (l *Loop) lead(ctx context.Context, now time.Time) (bool, error) {
	// A renewal is never further away than renewEvery. If this one is, a clock that was ahead set it, and the clock
	// has been set back since.
	if now.Before(l.renewAt) && l.renewAt.Sub(now) <= renewEvery {
		return true, nil
	}
	led := !l.renewAt.IsZero()
	leads, err := l.store.AcquireLease(ctx, leaseName, l.holder, now, now.Add(leaseTime))
	if err != nil || !leads {
		l.renewAt = time.Time{}
		clear(l.places)
		l.publishLatches()
	} else {
		l.renewAt = now.Add(renewEvery)
	}
	l.leads.Store(leads)
	if leads != led && err == nil {
		l.log.InfoContext(ctx, "the lead of the releases changed", "leads", leads)
	}
	return leads, err
}

// resign lets another replica lead at once.
func (l *Loop) resign(ctx context.Context) {
	if l.renewAt.IsZero() {
		return
	}
	l.leads.Store(false)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := l.store.ReleaseLease(ctx, leaseName, l.holder); err != nil {
		l.log.WarnContext(
			ctx,
			"the lead of the releases could not be given up; another replica takes it when it expires",
			"error",
			err,
		)
	}
}

// report logs the first of several failures in a row, and the end of the row.
func (l *Loop) report(ctx context.Context, err error) {
	switch {
	case ctx.Err() == context.Canceled:
	case err != nil && !l.failing:
		l.log.ErrorContext(ctx, "releases cannot go on; trying again", "error", err)
		l.failing = true
	case err == nil && l.failing:
		l.log.InfoContext(ctx, "releases go on again")
		l.failing = false
	}
}
