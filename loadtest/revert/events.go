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

// event takes back what a release serves. Each has a flag and a service of its own.
type event struct {
	name, flag string
	// fleet has the flag wait for the whole fleet.
	fleet bool
	// happens in a round, after the version was deployed.
	happens func(ctx context.Context, e event, round int) error
}

func (e event) service() string { return service + "-" + e.flag }

// version is what is deployed in a round.
func version(round int) string { return fmt.Sprintf("2.3.%d", round) }

// events are what is measured, at a replica.
func events(at *process.Flagd, key string) []event {
	report := func(status string, version func(round int) string) func(context.Context, event, int) error {
		return func(ctx context.Context, e event, round int) error {
			return deploy(ctx, at, e, version(round), status)
		}
	}
	older := func(int) string { return "2.2.0" }
	return []event{
		{name: "a person reverts the release", flag: "by-person", happens: func(ctx context.Context, e event, _ int) error {
			return at.Ask(ctx, http.MethodPost, environment+"/flags/"+e.flag+"/release/revert", nil)
		}},
		{name: "the deployment is rolled back", flag: "by-rollback", happens: report("rolledBack", version)},
		{name: "the deployment fails after all", flag: "by-failure", happens: report("failed", version)},
		{name: "an older version is deployed", flag: "by-older", happens: report("succeeded", older)},
		{name: "an old instance appears (scope fleet)", flag: "by-instance", fleet: true,
			happens: func(ctx context.Context, e event, round int) error {
				return announce(ctx, at, key, e, "2.2.0", fmt.Sprintf("old-%d", round))
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
		// A flag that waits for the fleet is closed a moment before its release is taken back, which is refused until then.
		err := at.Ask(ctx, http.MethodPut, environment+"/flags/"+e.flag+"/release", map[string]any{
			"variation": "on",
			"trigger":   map[string]any{"deployment": map[string]any{"service": e.service(), "version": ">=2.3.0"}},
			"steps":     []any{map[string]any{"weight": 99_999, "hold": "1h"}, map[string]any{"weight": 100_000}},
		})
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}
