package openapi

import (
	"encoding/json"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
)

// FlagConfigDocument is a flag's configuration in one environment with what the server knows of it. It shows empty
// lists where evaluator.FlagConfig leaves them out.
type FlagConfigDocument struct {
	evaluator.FlagConfig
	Targets       []evaluator.Target       `json:"targets"`
	Rules         []evaluator.Rule         `json:"rules"`
	Prerequisites []evaluator.Prerequisite `json:"prerequisites"`

	// Serving says what is served, and what would be if the flag was switched, or killed or restored.
	Serving           release.Serving `json:"serving"`
	ServingIfSwitched release.Serving `json:"servingIfSwitched"`
	ServingIfKilled   release.Serving `json:"servingIfKilled"`

	FleetOpen    bool           `json:"fleetOpen,omitempty"`
	FleetWarning string         `json:"fleetWarning,omitempty"`
	Killed       *release.Kill  `json:"killed,omitempty"`
	FlagdWarning *ConfigWarning `json:"flagdWarning,omitempty"`
	// TargetingWarning says where the expression may give a name that no variation has; nil: nowhere.
	TargetingWarning *ConfigWarning `json:"targetingWarning,omitempty"`
	Version          int64          `json:"version"`
	Revision         int64          `json:"revision"`
	UpdatedAt        time.Time      `json:"updatedAt"`
	UpdatedBy        string         `json:"updatedBy"`
}

// NewFlagConfigDocument fills in the lists that config leaves out.
func NewFlagConfigDocument(config evaluator.FlagConfig) FlagConfigDocument {
	return FlagConfigDocument{
		FlagConfig:    config,
		Targets:       append([]evaluator.Target{}, config.Targets...),
		Rules:         append([]evaluator.Rule{}, config.Rules...),
		Prerequisites: append([]evaluator.Prerequisite{}, config.Prerequisites...),
	}
}

// ExpressionDocument is an expression as it stands in a configuration.
type ExpressionDocument = json.RawMessage
