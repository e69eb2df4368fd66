package streamtest

import (
	"encoding/json"

	"github.com/stretchr/testify/assert"

	"github.com/tidegate-io/tidegate/evaluator"
)

// assertions is what EventuallyWithT collects.
type assertions = assert.CollectT

// Switch is a boolean flag that serves on to everybody while it is enabled.
func Switch(key string, enabled bool) evaluator.Flag {
	return evaluator.Flag{
		Key: key, Type: evaluator.TypeBoolean,
		Variations: []evaluator.Variation{
			{Key: "on", Value: json.RawMessage("true")}, {Key: "off", Value: json.RawMessage("false")},
		},
		Config: SwitchConfig(enabled),
	}
}

// SwitchConfig is the configuration of a Switch.
func SwitchConfig(enabled bool) evaluator.FlagConfig {
	off := "off"
	return evaluator.FlagConfig{Enabled: enabled, OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "on"}}
}

// Fixed is a flag of any type that serves one value to everybody.
func Fixed(key string, kind evaluator.Type, value string) evaluator.Flag {
	variation := "only"
	return evaluator.Flag{
		Key: key, Type: kind,
		Variations: []evaluator.Variation{{Key: variation, Value: json.RawMessage(value)}},
		Config: evaluator.FlagConfig{
			Enabled: true, OffVariation: &variation, Fallthrough: evaluator.Serve{Variation: variation},
		},
	}
}
