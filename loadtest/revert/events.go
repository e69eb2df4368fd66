package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tidegate-io/tidegate/loadtest/process"
)

const (
	environment = "/environments/production"
	service     = "checkout"
)

// event makes the server take back what a release serves. Each event has a flag and a service of its own.
type event struct {
	name, flag string
	// fleet makes the flag wait for the whole fleet.
	fleet bool
	// guarded makes the release watch how many attempts fail.
	guarded bool
	// happens causes the event in a round, after the version was deployed.
	happens func(ctx context.Context, e event, round int) error
}

func (e event) service() string { return service + "-" + e.flag }

// version is what is deployed in a round.
func version(round int) string { return fmt.Sprintf("2.3.%d", round) }

// events are what is measured, at a replica.
func events(at *process.Flagd, key string, sdks crowd) []event {
	report := func(status string, version func(round int) string) func(context.Context, event, int) error {
		return func(ctx context.Context, e event, round int) error {
			return deploy(ctx, at, e, version(round), status)
		}
	}
	older := func(int) string { return "2.2.0" }
	return []event{
		{
			name: "a person reverts the release",
			flag: "by-person",
			happens: func(ctx context.Context, e event, _ int) error {
				return at.Ask(ctx, http.MethodPost, environment+"/flags/"+e.flag+"/release/revert", nil)
			},
		},
		{name: "the deployment is rolled back", flag: "by-rollback", happens: report("rolledBack", version)},
		{name: "the deployment fails after all", flag: "by-failure", happens: report("failed", version)},
		{name: "an older version is deployed", flag: "by-older", happens: report("succeeded", older)},
		{name: "an old instance appears (scope fleet)", flag: "by-instance", fleet: true,
			happens: func(ctx context.Context, e event, round int) error {
				return announce(ctx, at, key, e, "2.2.0", fmt.Sprintf("old-%d", round))
			}},
		{name: "a guard sees whom the release exposes fail", flag: "by-measurement", guarded: true,
			happens: func(ctx context.Context, e event, round int) error {
				return visit(ctx, at, key, e, version(round), sdks.exposes(ctx, e))
			}},
	}
}

func deploy(ctx context.Context, at *process.Flagd, e event, version, status string) error {
	return at.Ask(ctx, http.MethodPost, environment+"/deployments", map[string]any{
		"service": e.service(), "version": version, "status": status,
	})
}

func announce(ctx context.Context, at *process.Flagd, key string, e event, version, instance string) error {
	return at.Tell(ctx, key, "/instances", map[string]any{
		"serviceName": e.service(), "serviceVersion": version, "serviceInstanceId": instance,
	})
}

// visitors is how many users attempt something in one report.
const visitors = 400

func visitor(i int) string { return fmt.Sprintf("user-%d", i) }

// visit reports one attempt of every user. Some of the attempts have failed.
func visit(
	ctx context.Context,
	at *process.Flagd,
	key string,
	e event,
	version string,
	fails func(user string) bool,
) error {
	var tracked []any
	track := func(name, user string) {
		tracked = append(
			tracked,
			map[string]any{"kind": "track", "name": name, "context": map[string]any{"targetingKey": user}},
		)
	}
	for i := range visitors {
		track("attempt", visitor(i))
		if fails(visitor(i)) {
			track("error", visitor(i))
		}
	}
	return at.Tell(ctx, key, "/events", map[string]any{
		"serviceName": e.service(), "serviceVersion": version, "events": tracked,
	})
}

// prepare makes the flag.
func (e event) prepare(ctx context.Context, at *process.Flagd) error {
	if err := at.MakeFlag(ctx, e.flag); err != nil || !e.fleet {
		return err
	}
	return at.Ask(ctx, http.MethodPatch, "/flags/"+e.flag+environment, map[string]any{
		"availability": map[string]any{"service": e.service(), "version": ">=2.3.0", "scope": "fleet"},
	})
}

// open starts a release: to nearly everybody, so that it stays under way.
func (e event) open(ctx context.Context, at *process.Flagd, key string, round int) error {
	if e.fleet {
		// The old instance of the round before takes the new version.
		for _, instance := range []string{"new", fmt.Sprintf("old-%d", round-1)} {
			if err := announce(ctx, at, key, e, version(round), instance); err != nil {
				return err
			}
		}
	}
	if err := deploy(ctx, at, e, version(round), "succeeded"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		// A flag that waits for the fleet is closed a moment before its release is taken back. Until then a new
		// release is refused.
		err := at.Ask(ctx, http.MethodPut, environment+"/flags/"+e.flag+"/release", e.release())
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

// release serves nearly everybody, so that it stays under way. A release with a guard leaves out a tenth of the
// users, because the guard needs them to compare with. The user of the SDKs is not in that tenth.
func (e event) release() map[string]any {
	step, guards := map[string]any{"weight": 99_999, "hold": "1h"}, []any{}
	if e.guarded {
		step["weight"] = 90_000
		guards = append(
			guards,
			map[string]any{"name": "errors", "kind": "rate", "metric": "error", "per": "attempt", "minSample": 10},
		)
	}
	return map[string]any{
		"variation": "on",
		"trigger":   map[string]any{"deployment": map[string]any{"service": e.service(), "version": ">=2.3.0"}},
		"steps":     []any{step, map[string]any{"weight": 100_000}},
		"guards":    guards,
	}
}
