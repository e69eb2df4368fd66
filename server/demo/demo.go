// Package demo fills an empty store with a shop that has been at work for a fortnight, so that a newcomer sees a living
// system: flags of every kind, two services that are deployed every day, and releases in every phase.
package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/store"
)

// The place where the shop is.
const (
	project     = "default"
	projectName = "Demo shop"
)

// environments are those of the project, in the order in which a change goes through them.
var environments = [...]string{"development", "staging", "production"}

// ErrNotEmpty: the store has flags that are not the demo's.
var ErrNotEmpty = errors.New("the store is not empty")

// shop is what is being filled.
type shop struct {
	edits    *edit.Service
	releases *control.Releases
	now      time.Time
	events   []event
}

// event is something that happened to the shop.
type event struct {
	at time.Time
	do func(ctx context.Context, at time.Time) error
}

// Fill plays the last fortnight on a store that has had its first start and nothing since. A store that Fill has
// filled before is left as it is. Any other store gives ErrNotEmpty.
func Fill(ctx context.Context, s store.Store, now time.Time) error {
	p, err := s.Project(ctx, project)
	if err != nil {
		return fmt.Errorf("read project: %w", err)
	}
	if p.Name == projectName {
		return nil
	}
	flags, err := s.ListFlags(ctx, project, store.FlagFilter{Limit: 1})
	if err != nil {
		return fmt.Errorf("list flags: %w", err)
	}
	if len(flags) > 0 {
		return ErrNotEmpty
	}
	shop := &shop{edits: edit.New(s, nil), releases: control.NewReleases(s, control.Judge{}, func() {}), now: now}
	if err := shop.play(ctx); err != nil {
		return err
	}
	// The name is written last. It shows that everything else is there.
	_, err = shop.edits.UpdateProject(ctx, project, func(p store.Project) (store.Project, error) {
		p.Name = projectName
		return p, nil
	}, edit.Guard{}, by(operations, "Opened the shop", now))
	if err != nil {
		return fmt.Errorf("name project: %w", err)
	}
	return nil
}

// play does everything in the order in which it happened.
func (s *shop) play(ctx context.Context) error {
	s.planSegments()
	s.planFlags()
	s.planDeployments()
	s.planReleases()
	s.planIncidents()
	slices.SortStableFunc(s.events, func(a, b event) int { return a.at.Compare(b.at) })
	for _, e := range s.events {
		if err := e.do(ctx, e.at); err != nil {
			return fmt.Errorf("play %s: %w", e.at.Format(time.DateTime), err)
		}
	}
	return nil
}

// at plans something for a moment before now.
func (s *shop) at(ago time.Duration, do func(ctx context.Context, at time.Time) error) {
	s.events = append(s.events, event{at: s.now.Add(-ago), do: do})
}

// The people of the shop.
const (
	product    = "Priya"
	checkouts  = "Jonas"
	operations = "Mara"
)

func by(person, reason string, at time.Time) store.Attribution {
	return store.Attribution{Actor: store.Actor{Kind: store.ActorUser, Name: person}, Reason: reason, At: at}
}

const (
	day  = 24 * time.Hour
	hour = time.Hour
)

func environmentRef(environment string) store.EnvironmentRef {
	return store.EnvironmentRef{Project: project, Environment: environment}
}

func flagRef(environment, flag string) store.FlagRef {
	return store.FlagRef{EnvironmentRef: environmentRef(environment), Flag: flag}
}
