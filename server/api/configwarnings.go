package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/store"
)

// flagdWarning says why a flag is left out of definitions for flagd; nil if it is not.
func flagdWarning(s *evaluator.Snapshot, flag string) *openapi.ConfigWarning {
	omission := flagdjson.Check(s, flag)
	if omission == nil {
		return nil
	}
	return &openapi.ConfigWarning{Pointer: omission.Pointer, Reason: omission.Reason}
}

// targetingWarning finds the first place where the expression of a flag names a variation that the flag does not
// have. It is nil if there is no such place.
func targetingWarning(s *evaluator.Snapshot, key string) *openapi.ConfigWarning {
	flag, _ := s.Flag(key)
	unknown := slices.DeleteFunc(
		evaluator.NamedVariations(flag.Config.Targeting),
		func(named evaluator.NamedVariation) bool {
			return slices.ContainsFunc(
				flag.Variations,
				func(v evaluator.Variation) bool { return v.Key == named.Variation },
			)
		},
	)
	if len(unknown) == 0 {
		return nil
	}
	first := slices.MinFunc(
		unknown,
		func(a, b evaluator.NamedVariation) int { return strings.Compare(a.Pointer, b.Pointer) },
	)
	return &openapi.ConfigWarning{
		Pointer: "/targeting" + first.Pointer, Reason: fmt.Sprintf("the flag has no variation %q", first.Variation),
	}
}

// withConfig is the snapshot with the given configuration, which may be newer than what this replica serves. It is
// not ok if the replica does not know the flag yet.
func withConfig(s *evaluator.Snapshot, c store.FlagConfig) (*evaluator.Snapshot, bool) {
	flag, ok := s.Flag(c.Flag)
	if !ok || flag.Version >= c.Revision {
		return s, ok
	}
	flag.Version, flag.Config, flag.FleetOpen = c.Revision, c.Config, c.FleetOpen
	next, _, err := s.Apply(evaluator.Patch{
		FormatVersion: evaluator.FormatVersion,
		Epoch:         s.Epoch(),
		From:          s.Revision(),
		Revision:      max(c.Revision, s.Revision()+1),
		Flags:         []evaluator.Flag{flag},
	})
	return next, err == nil
}
