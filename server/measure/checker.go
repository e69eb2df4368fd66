package measure

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/supervise"
)

const (
	// checkEvery is how often a guard that looks elsewhere does so. checkTimeout is how long one check may take.
	checkEvery   = 15 * time.Second
	checkTimeout = 10 * time.Second
	// findEvery is how often the Checker looks for releases with such guards.
	findEvery = 2 * time.Second
	// maxChecks is how many checks run at once.
	maxChecks = 8
)

// Probe makes the checks of one kind of guard. If something is wrong, the Check says so.
type Probe interface {
	// Refuses says why this server can never check the guard; "" if it can.
	Refuses(g release.Guard) (field, reason string)
	Check(ctx context.Context, g release.Guard) release.Check
}

// Checker makes the checks of guards that look elsewhere, on the replica that leads.
type Checker struct {
	store    Store
	probes   map[release.GuardKind]Probe
	leads    func() bool
	now      func() time.Time
	log      *slog.Logger
	observer string
	checked  map[checkKey]time.Time // belongs to Run
}

type checkKey struct {
	release, guard string
	step           int
}

// NewChecker returns a Checker. It works while it runs, if leads tells that this replica leads.
func NewChecker(
	s Store,
	probes map[release.GuardKind]Probe,
	leads func() bool,
	now func() time.Time,
	log *slog.Logger,
) *Checker {
	return &Checker{
		store:    s,
		probes:   probes,
		leads:    leads,
		now:      now,
		log:      log,
		observer: uuid.NewString(),
		checked:  make(map[checkKey]time.Time),
	}
}

// Run checks until ctx ends.
func (c *Checker) Run(ctx context.Context) {
	tick := time.NewTicker(findEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !c.leads() {
			continue
		}
		err := supervise.Try(ctx, supervise.Piece{Name: "guard checker"}, func() error { return c.turn(ctx) })
		if err != nil && !failing && ctx.Err() == nil {
			c.log.WarnContext(ctx, "the checks of guards cannot be made or stored; trying again", "error", err)
		}
		failing = err != nil
	}
}

// turn makes the checks that are due, and stores what they found.
func (c *Checker) turn(ctx context.Context) error {
	asking, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	releases, err := c.store.ListOpenReleases(asking)
	if err != nil {
		return err
	}
	var found []store.Measurement
	var mu sync.Mutex
	var running sync.WaitGroup
	slots := make(chan struct{}, maxChecks)
	for _, task := range c.due(releases) {
		slots <- struct{}{}
		supervise.Start(ctx, &running, supervise.Piece{Name: "guard check"}, func(ctx context.Context) {
			defer func() { <-slots }()
			m := c.check(ctx, task)
			mu.Lock()
			defer mu.Unlock()
			found = append(found, m)
		})
	}
	running.Wait()
	if len(found) == 0 || ctx.Err() != nil {
		return nil
	}
	storing, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return c.store.PutMeasurements(storing, found)
}

// task is one check that is due.
type task struct {
	release store.Release
	guard   release.Guard
}

// due gives the checks that are due, and notes them as made. A step is checked as soon as it is served.
func (c *Checker) due(releases []store.Release) (tasks []task) {
	now, current := c.now(), make(map[checkKey]time.Time)
	for _, r := range releases {
		if !release.Guarded(r.Release) {
			continue
		}
		for _, g := range r.Spec.Guards {
			if g.Compares() {
				continue
			}
			key := checkKey{release: r.ID, guard: g.Name, step: r.State.Step}
			last, made := c.checked[key]
			if since := now.Sub(last); !made || since < 0 || since >= checkEvery {
				tasks, last = append(tasks, task{r, g}), now
			}
			current[key] = last
		}
	}
	c.checked = current
	return tasks
}

func (c *Checker) check(ctx context.Context, t task) store.Measurement {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	check := release.Check{Missing: true, Text: "this server checks no guards of kind " + string(t.guard.Kind)}
	if probe := c.probes[t.guard.Kind]; probe != nil {
		of := supervise.Piece{
			Name:   "guard check",
			Detail: t.release.Project + "/" + t.release.Environment + "/" + t.release.Flag + " " + t.guard.Name,
		}
		err := supervise.Try(ctx, of, func() error {
			check = probe.Check(ctx, t.guard)
			return nil
		})
		if err != nil {
			check = release.Check{Missing: true, Text: "the check failed inside the server, whose log says why"}
		}
	}
	check.Guard = t.guard.Name
	now := c.now()
	return store.Measurement{
		EnvironmentRef: t.release.EnvironmentRef, Release: t.release.ID, WrittenAt: now,
		Measurement: release.Measurement{
			// The name of the guard is a part of the observer, because each guard has a row of its own.
			Observer: c.observer + "/" + t.guard.Name, From: now, Step: t.release.State.Step,
			Findings: release.Findings{Checks: []release.Check{check}},
		},
	}
}
