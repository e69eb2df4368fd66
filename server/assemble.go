package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/tidegate-io/tidegate/server/api"
	"github.com/tidegate-io/tidegate/server/auth"
	"github.com/tidegate-io/tidegate/server/control"
	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/server/feed"
	"github.com/tidegate-io/tidegate/server/flagdrpc"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/server/observe"
	"github.com/tidegate-io/tidegate/server/ofrep"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/server/sdkapi"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

// How often one address may try to sign in.
const (
	signInAttempts = 20
	signInWindow   = time.Minute
)

// parts are the interfaces that routes mounts under their paths.
type parts struct {
	api   *api.API
	ofrep *ofrep.Handler
	sdk   *sdkapi.Handler
	hooks http.Handler
	flagd *flagdrpc.Handler
}

// assemble makes every component. It notes the components that Run must run.
func (s *Server) assemble() (*parts, error) {
	log, now := s.config.Log, s.config.Now
	shared := presence.NewShared(s.backend.Store, s.backend.Instances, now)
	truth := shared.On(s.backend.Store)
	keys := auth.NewSDKKeys(truth, replica.Memory{Dir: s.config.DataDir, Directory: s.backend.Directory}, log)
	changes := feed.New(truth, log)
	alive := presence.New(shared, s.backend.Bus, log)
	s.streams = stream.NewStreams(stream.StreamsOptions{Owner: s.owner}, stream.NewMetrics(s.metrics))
	book, probes := measure.NewBook(truth, now), newProbes(&s.config)
	loop := control.NewLoop(truth, book, now, log)
	releases := control.NewReleases(truth, control.Judge{Guards: book, Refuses: probes.refuses}, loop.Wake)
	bus := hints{s.backend.Bus, func() {
		keys.Refresh()
		loop.Wake()
	}}
	webhooks := hooks.New(hooks.Options{Deployer: releases, Store: truth, Now: now, Log: log, GitHub: s.config.GitHub})
	checker := measure.NewChecker(truth, probes, loop.Leads, now, log)
	propagation := observe.NewPropagation(truth, now, log, s.metrics)
	s.replica = replica.New(truth, replica.Options{
		Bus: bus, Cache: s.backend.Cache, Keys: truth, Directory: s.backend.Directory, Dir: s.config.DataDir,
		Moved: func(ref store.EnvironmentRef, from, to store.Cursor) {
			changes.Moved(ref, from, to)
			propagation.Moved(ref, from, to)
		},
		Log: log, Metrics: replica.NewMetrics(s.metrics), Tracer: s.config.Tracing.Tracer(),
	})
	s.workers = append(s.workers, owned{"SDK keys", keys}, owned{"feed", changes}, owned{"presence", alive},
		owned{"replica", s.replica}, owned{"control loop", loop}, owned{"sweeper", &sweeper{truth, now, log}})
	s.measureRuns(propagation, loop)
	recorder := measure.NewRecorder(truth, s.replica, now, log)
	s.workers = append(s.workers, owned{"recorder", recorder}, owned{"guard checker", checker})
	limits := ofrep.NewLimits(s.config.EvaluationLimit)
	people, err := api.New(api.Dependencies{
		Store:         truth,
		Snapshots:     s.replica,
		Releases:      releases,
		Feed:          changes,
		Streams:       s.streams,
		SDKKeys:       keys,
		Now:           now,
		Log:           log,
		Hooks:         webhooks,
		URL:           s.url,
		Guards:        book,
		Edits:         edit.New(truth, s.replica),
		Auth:          &auth.Authenticator{Store: truth, Now: now},
		SignIns:       auth.NewLimiter(signInAttempts, signInWindow, now, s.backend.RateLimits, log),
		SecureCookies: strings.HasPrefix(s.config.PublicURL, "https:"),
		Version:       s.config.Version,
	})
	if err != nil {
		return nil, err
	}
	return &parts{
		api: people,
		ofrep: &ofrep.Handler{
			Replica: s.replica, Keys: keys, Streams: s.streams, PublicURL: s.config.PublicURL, Now: now,
			Limits: limits, Presence: alive,
		},
		sdk: &sdkapi.Handler{
			Replica: s.replica, Streams: s.streams, Keys: keys, Presence: alive,
			Reports: sdkapi.NewReports(keys, recorder, now, s.metrics),
		},
		hooks: webhooks.Routes(),
		flagd: flagdrpc.NewHandler(flagdrpc.Options{
			Replica:   s.replica,
			Keys:      keys,
			Streams:   s.streams,
			Limits:    limits,
			Presence:  alive,
			BoundKeys: s.config.Flagd.Keys,
			Context:   s.config.Flagd.context(),
			Metrics:   flagdrpc.NewMetrics(s.metrics),
			Now:       now,
			Log:       s.config.Log,
		}),
	}, nil
}

// hints is a bus. It also wakes the components that otherwise look for changes at intervals: the table of SDK keys
// and the control loop.
type hints struct {
	store.Bus
	wake func()
}

// Listen calls heard for each announcement.
func (h hints) Listen(ctx context.Context, heard func(store.Announcement)) error {
	return h.Bus.Listen(ctx, func(a store.Announcement) {
		h.wake()
		heard(a)
	})
}
