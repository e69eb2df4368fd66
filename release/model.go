package release

import (
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Status is the state of a deployment.
type Status string

// The states of a deployment. A late or repeated event never takes a deployment back from a final state to started.
const (
	StatusStarted    Status = "started"
	StatusSucceeded  Status = "succeeded"
	StatusFailed     Status = "failed"
	StatusRolledBack Status = "rolledBack"
)

// Deployment is one version of one service going out to one environment.
type Deployment struct {
	ID      string `json:"id"`
	Service string `json:"service"`
	Version string `json:"version"`
	Status  Status `json:"status"`
	// Source and ExternalID together name the deployment where it came from; the same pair is the same deployment.
	Source     string   `json:"source"`
	ExternalID string   `json:"externalId"`
	Commit     string   `json:"commit,omitempty"`
	Strategy   Strategy `json:"strategy,omitempty"`
	// TrafficWeight is the greatest share of the traffic that a canary was reported to have, 1 to 100 000 (100 %); 0 where
	// none was reported.
	TrafficWeight int    `json:"trafficWeight,omitempty"`
	Description   string `json:"description,omitempty"`
	URL           string `json:"url,omitempty"`
	// StartedAt is the earliest time that was reported.
	StartedAt time.Time `json:"startedAt"`
	// FinishedAt is when the deployment reached a final state; nil while it is started.
	FinishedAt *time.Time `json:"finishedAt,omitempty"`
	// UpdatedAt is when the deployment reached its status.
	UpdatedAt time.Time `json:"updatedAt"`
}

// Strategy is how a deployment replaces the old version.
type Strategy string

// The deployment strategies that are recorded and shown.
const (
	StrategyRolling   Strategy = "rolling"
	StrategyBlueGreen Strategy = "blueGreen"
	StrategyCanary    Strategy = "canary"
	StrategyShadow    Strategy = "shadow"
	StrategyRecreate  Strategy = "recreate"
)

// Spec is what a person asks of a release: the document that is PUT.
type Spec struct {
	// Variation is what is being released.
	Variation string  `json:"variation"`
	Trigger   Trigger `json:"trigger"`
	// Steps have rising weights; the last one has no hold.
	Steps []Step `json:"steps"`
	// OnRollback says what a failed deployment, or one of an older version, does to the release: "revert" (unless
	// set), "pause" or "ignore".
	OnRollback OnRollback `json:"onRollback,omitempty"`
}

// OnRollback is the reaction of a release to the loss of the code that it releases.
type OnRollback string

// The reactions to a rollback.
const (
	OnRollbackRevert OnRollback = "revert"
	OnRollbackPause  OnRollback = "pause"
	OnRollbackIgnore OnRollback = "ignore"
)

// Trigger starts a pending release. Exactly one of its fields is set.
type Trigger struct {
	Deployment *DeploymentTrigger `json:"deployment,omitempty"`
	Manual     bool               `json:"manual,omitempty"`
	At         *time.Time         `json:"at,omitempty"`
}

// DeploymentTrigger is met when a deployment of the service whose version is in the semver range succeeds.
type DeploymentTrigger struct {
	Service string `json:"service"`
	Version string `json:"version"`
}

// Step is one stage of a release.
type Step struct {
	// Weight is the share of contexts that get the variation, 1 to 100 000 (100 %).
	Weight int `json:"weight"`
	// Hold is how long the step lasts before the next; at least a second, zero only in the last step.
	Hold Duration `json:"hold,omitzero"`
}

// Phase is where a release stands.
type Phase string

// The phases of a release. Completed and reverted are final.
const (
	PhasePending     Phase = "pending"
	PhaseProgressing Phase = "progressing"
	PhasePaused      Phase = "paused"
	PhaseCompleted   Phase = "completed"
	PhaseReverted    Phase = "reverted"
)

// Release is the staged opening of one flag in one environment.
type Release struct {
	ID   string `json:"id"`
	Flag string `json:"flag"`
	// Version rises by one with every write of the release.
	Version int64 `json:"version"`
	Spec    Spec  `json:"spec"`
	State   State `json:"state"`
}

// State is where a release stands. Every decision replaces it as a whole.
type State struct {
	Phase Phase `json:"phase"`
	// Step is the index of the step that is served; -1 before the start.
	Step int `json:"step"`
	// Weight is the share that is served now, 0 before the start and after a revert.
	Weight int `json:"weight"`
	// Reason says, in a sentence for people, why the release stands where it does.
	Reason     string     `json:"reason"`
	StartedAt  *time.Time `json:"startedAt,omitempty"`
	FinishedAt *time.Time `json:"finishedAt,omitempty"`
	// NextStepAt is when the next step is due; nil unless progressing.
	NextStepAt *time.Time `json:"nextStepAt,omitempty"`
	// Remaining is what was left of the hold when the release was paused.
	Remaining Duration `json:"remaining,omitzero"`
	// Deployment is the id of the deployment that started the release.
	Deployment string `json:"deployment,omitempty"`
	// Base is what the flag served before the release; nil before the start.
	Base *Base `json:"base,omitempty"`
	// ConfigVersion is the version of the FlagConfig that the release wrote last. Any other version means that
	// somebody else has edited the flag.
	ConfigVersion int64 `json:"configVersion,omitempty"`
	// Available tells that the code which the flag's availability asks for was there at some time since the start, or
	// since the release was paused for the lack of it.
	Available bool `json:"available,omitempty"`
	// AcceptedUntil is set when somebody resumes the release although its code was lost: what deployments did up to
	// then no longer counts against it.
	AcceptedUntil *time.Time `json:"acceptedUntil,omitempty"`
}

// Base is the part of a FlagConfig that a release changes, as it was before.
type Base struct {
	Enabled     bool            `json:"enabled"`
	Fallthrough evaluator.Serve `json:"fallthrough"`
}
