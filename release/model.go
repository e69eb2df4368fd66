package release

import (
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// Status is the state of a deployment.
type Status string

// The states of a deployment. A late or repeated event never takes a deployment back from a final state to started.
const (
	StatusStarted Status = "started"
	// StatusAbandoned: it was given up but did not fail. Another version took its place, or the place where it went
	// was deleted.
	StatusAbandoned Status = "abandoned"
	StatusSucceeded Status = "succeeded"
	// StatusRefused: it was refused before any instance of it ran. So it has changed nothing.
	StatusRefused    Status = "refused"
	StatusFailed     Status = "failed"
	StatusRolledBack Status = "rolledBack"
)

// Deployment is one version of one service going out to one environment.
type Deployment struct {
	ID      string `json:"id"`
	Service string `json:"service"`
	Version string `json:"version"`
	Status  Status `json:"status"`
	// Source and ExternalID together name the deployment at its source. The same pair means the same deployment.
	Source     string   `json:"source"`
	ExternalID string   `json:"externalId"`
	Commit     string   `json:"commit,omitempty"`
	Strategy   Strategy `json:"strategy,omitempty"`
	// TrafficWeight is the greatest share of the traffic that was reported for a canary, 1 to 100 000 (100 %); 0 if
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

// Spec is what a person asks of a release. It is the document that is PUT.
type Spec struct {
	// Policy is the key of the release policy with which the spec was made. What the policy says is copied into the
	// spec. So later changes of the policy do not matter.
	Policy string `json:"policy,omitempty"`
	// Variation is what is being released.
	Variation string `json:"variation"`
	// Target is the part of the configuration that is released; the fallthrough unless set.
	Target  Target  `json:"target,omitzero"`
	Trigger Trigger `json:"trigger"`
	// Steps with a segment come first. Steps with rising weights follow. The last step has no hold.
	Steps []Step `json:"steps"`
	// Windows are the times at which the release may start and take steps by itself. One open window is enough. No
	// windows means always.
	Windows []Window `json:"windows,omitempty"`
	// Guards are what the release must not worsen.
	Guards []Guard `json:"guards,omitempty"`
	// OnRollback says how the release reacts to a failed deployment, or to a deployment of an older version: "revert"
	// (unless set), "pause" or "ignore".
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

// Step is one stage of a release: either a segment or a weight.
type Step struct {
	// Weight is the share of contexts that get the variation, 1 to 100 000 (100 %); zero in a step with a segment.
	Weight int `json:"weight,omitzero"`
	// Segment is the key of a segment. Its members get the variation from this step on.
	Segment string `json:"segment,omitempty"`
	// Approval means that a person has to approve the step before it is taken.
	Approval bool `json:"approval,omitzero"`
	// Hold is the least time from this step to the next. It is zero in the last step. It may also be zero if
	// MinSample or the approval of the next step holds the release instead.
	Hold Duration `json:"hold,omitzero"`
	// MinSample is how many exposures to the variation have to be measured in the step before the next step is taken.
	MinSample int64 `json:"minSample,omitzero"`
}

// Phase is the state of a release in one word.
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
	// Weight is the share that is served now. It is 0 before the start and after a revert.
	Weight int `json:"weight"`
	// Reason is a sentence for people. It says why the release is in this state.
	Reason     string     `json:"reason"`
	StartedAt  *time.Time `json:"startedAt,omitempty"`
	FinishedAt *time.Time `json:"finishedAt,omitempty"`
	// StepAt is when the current step was taken.
	StepAt *time.Time `json:"stepAt,omitempty"`
	// HoldUntil is when the hold of the step ends; nil unless progressing.
	HoldUntil *time.Time `json:"holdUntil,omitempty"`
	// NextStepAt is when the next step is due. That is the end of the hold, or the later time at which a window opens
	// or a freeze ends. It is nil if the release waits for something without a known time, such as a person. It is
	// also nil unless the release is pending or progressing.
	NextStepAt *time.Time `json:"nextStepAt,omitempty"`
	// Remaining is the rest of the hold at the moment when the release was paused.
	Remaining Duration `json:"remaining,omitzero"`
	// Approvals are those that people have given, for steps that were taken and for steps that were not taken yet.
	Approvals []Approval `json:"approvals,omitempty"`
	// Deployment is the id of the deployment that started the release.
	Deployment string `json:"deployment,omitempty"`
	// Base is what the flag served before the release; nil before the start.
	Base *Base `json:"base,omitempty"`
	// ConfigVersion is the version of the FlagConfig that the release wrote last. Any other version means that
	// somebody else has edited the flag.
	ConfigVersion int64 `json:"configVersion,omitempty"`
	// Available tells that the code for which the flag's availability asks was there at some time. That time is since
	// the start, or since the release was paused because the code was missing.
	Available bool `json:"available,omitempty"`
	// AcceptedUntil is set when somebody resumes the release although its code was lost. What deployments did until
	// then no longer counts against the release.
	AcceptedUntil *time.Time `json:"acceptedUntil,omitempty"`
	// Breached is set while the release is paused by a guard.
	Breached bool `json:"breached,omitempty"`
	// MeasuredSince is when somebody let the release go on in spite of a guard. Measurements from before no longer
	// count.
	MeasuredSince *time.Time `json:"measuredSince,omitempty"`
}

// Approval is a person's consent to a step.
type Approval struct {
	// Step is the index of the step.
	Step   int       `json:"step"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// Base is the part of a FlagConfig that a release changes, as it was before the release.
type Base struct {
	Enabled     bool            `json:"enabled"`
	Fallthrough evaluator.Serve `json:"fallthrough"`
	// Rule is what the rule served, if the target is a rule. In that case the release does not own the fallthrough.
	Rule *evaluator.Serve `json:"rule,omitempty"`
}

// served is what the target served.
func (b Base) served() evaluator.Serve {
	if b.Rule != nil {
		return *b.Rule
	}
	return b.Fallthrough
}
