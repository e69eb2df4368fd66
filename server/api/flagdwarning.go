package api

import (
	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/store"
)

// flagdWarning says why a flag with the configuration is left out of definitions for flagd; nil if it is not, or if this
// replica cannot tell yet.
func (a *API) flagdWarning(c store.FlagConfig) *openapi.FlagdWarning {
	snapshot, err := a.Snapshots.Snapshot(c.EnvironmentRef)
	if err != nil {
		return nil
	}
	snapshot, ok := withConfig(snapshot, c)
	if !ok {
		return nil
	}
	omission := flagdjson.Check(snapshot, c.Flag)
	if omission == nil {
		return nil
	}
	return &openapi.FlagdWarning{Pointer: omission.Pointer, Reason: omission.Reason}
}

// withConfig is the snapshot with the configuration, which may be newer than what this replica serves. It is not ok where
// the replica does not know the flag yet.
func withConfig(s *evaluator.Snapshot, c store.FlagConfig) (*evaluator.Snapshot, bool) {
	flag, ok := s.Flag(c.Flag)
	if !ok || flag.Version >= c.Revision {
		return s, ok
	}
	flag.Version, flag.Config, flag.FleetOpen = c.Revision, c.Config, c.FleetOpen
	next, _, err := s.Apply(evaluator.Patch{
		FormatVersion: evaluator.FormatVersion, Epoch: s.Epoch(), From: s.Revision(), Revision: max(c.Revision, s.Revision()+1),
		Flags: []evaluator.Flag{flag},
	})
	return next, err == nil
}
