package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// The services of the shop.
const (
	checkout   = "checkout"
	storefront = "storefront"
)

// shadowVersion of the storefront gets copies of production's requests.
const shadowVersion = "5.0.0"

// planDeployments has both services deployed almost every day, through all environments in a morning.
func (s *shop) planDeployments() {
	for d := range 13 {
		ago := time.Duration(13-d)*day - 2*hour
		if d%2 == 0 {
			s.planDeployment(ago, checkout, fmt.Sprintf("2.%d.0", 1+d/2))
		}
		s.planDeployment(ago+time.Hour, storefront, fmt.Sprintf("4.%d.0", 6+d))
	}
	// A bad afternoon: a canary that fails in production, and the next that does not.
	s.at(
		4*day+5*hour,
		s.deploy(
			"production",
			checkout,
			"2.5.1",
			release.StatusFailed,
			"Health checks failed on the canary.",
			canary(10),
		),
	)
	s.at(4*day+4*hour, s.deploy("production", checkout, "2.5.2", release.StatusSucceeded, "", canary(50)))
	// Production's traffic is mirrored to the next storefront. A flag that waits for its version keeps waiting.
	s.at(
		18*hour,
		s.deploy(
			"production",
			storefront,
			shadowVersion,
			release.StatusSucceeded,
			"Mirrors traffic; nobody sees its answers.",
			shadow,
		),
	)
	// The deployment that the current release has been waiting for.
	s.at(3*hour, s.deploy("development", checkout, CheckoutVersion, release.StatusSucceeded, ""))
	s.at(2*hour, s.deploy("staging", checkout, CheckoutVersion, release.StatusSucceeded, ""))
	s.at(time.Minute, s.deploy("production", checkout, CheckoutVersion, release.StatusSucceeded, ""))
}

func (s *shop) planDeployment(ago time.Duration, service, version string) {
	for i, environment := range environments {
		s.at(ago-time.Duration(i)*40*time.Minute, s.deploy(environment, service, version, release.StatusSucceeded, ""))
	}
}

// strategy sets how a deployment replaces the old version, where that is not instance by instance.
type strategy func(d *release.Deployment)

// canary had at most the given percentage of the traffic before its end.
func canary(percent int) strategy {
	return func(d *release.Deployment) {
		d.Strategy, d.TrafficWeight = release.StrategyCanary, percent*evaluator.TotalWeight/100
	}
}

func shadow(d *release.Deployment) { d.Strategy = release.StrategyShadow }

// deploy is a deployment by the pipeline that took some minutes and ends at the given time.
func (s *shop) deploy(
	environment, service, version string, status release.Status, description string, strategies ...strategy,
) func(context.Context, time.Time) error {
	return func(ctx context.Context, at time.Time) error {
		commit := sha256.Sum256([]byte(service + version))
		d := release.Deployment{
			Service:     service,
			Version:     version,
			Status:      status,
			Source:      "pipeline",
			ExternalID:  fmt.Sprintf("%s-%s-%s", service, version, environment),
			Commit:      hex.EncodeToString(commit[:20]),
			Strategy:    release.StrategyRolling,
			Description: description,
			StartedAt:   at.Add(-6 * time.Minute),
			UpdatedAt:   at,
		}
		for _, set := range strategies {
			set(&d)
		}
		_, _, err := s.releases.Deploy(
			ctx,
			store.Deployment{EnvironmentRef: environmentRef(environment), Deployment: d},
			store.Attribution{Actor: store.Actor{Kind: store.ActorToken, Name: "pipeline"}, At: at},
		)
		return err
	}
}
