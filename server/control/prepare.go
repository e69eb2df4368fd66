package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// resolve fills in what the spec takes from its policy. Then it checks the spec against the flag and everything that
// the spec refers to. If something is wrong, it gives an evaluator.CompileErrors.
func (s *Releases) resolve(ctx context.Context, ref store.FlagRef, spec release.Spec) (release.Spec, error) {
	flag, err := s.store.Flag(ctx, ref.Project, ref.Flag)
	if err != nil {
		return spec, err
	}
	config, err := s.store.FlagConfig(ctx, ref)
	if err != nil {
		return spec, err
	}
	if spec.Policy != "" {
		policy, err := s.store.ReleasePolicy(ctx, ref.Project, spec.Policy)
		if errors.Is(err, store.ErrNotFound) {
			return spec, fault("/policy", "project %q has no release policy %q", ref.Project, spec.Policy)
		}
		if err != nil {
			return spec, err
		}
		spec = policy.Apply(spec)
	}
	spec.OnRollback = cmp.Or(spec.OnRollback, release.OnRollbackRevert)
	err = release.ValidateSpec(spec, evaluator.Flag{Key: flag.Key, Variations: flag.Variations, Config: config.Config})
	if err != nil {
		return spec, err
	}
	if err := s.checkGuards(spec.Guards); err != nil {
		return spec, err
	}
	if err := s.checkSegments(ctx, ref.Project, spec.Steps); err != nil {
		return spec, err
	}
	return spec, s.checkUpstream(ctx, ref, spec.Trigger.Release)
}

// checkSegments refuses steps with segments that do not exist.
func (s *Releases) checkSegments(ctx context.Context, project string, steps []release.Step) error {
	for i, step := range steps {
		if step.Segment == "" {
			continue
		}
		segment, err := s.store.Segment(ctx, project, step.Segment)
		if errors.Is(err, store.ErrNotFound) || (err == nil && segment.Archived) {
			return fault(fmt.Sprintf("/steps/%d/segment", i), "project %q has no segment %q", project, step.Segment)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkUpstream refuses to wait for a release that can never exist.
func (s *Releases) checkUpstream(ctx context.Context, ref store.FlagRef, trigger *release.ReleaseTrigger) error {
	if trigger == nil {
		return nil
	}
	const at = "/trigger/release/"
	upstream := store.FlagRef{
		EnvironmentRef: store.EnvironmentRef{Project: ref.Project, Environment: trigger.Environment},
		Flag:           cmp.Or(trigger.Flag, ref.Flag),
	}
	if upstream == ref {
		return fault(
			at+"environment",
			"must be another environment, or flag another flag: a release cannot wait for itself",
		)
	}
	_, err := s.store.Environment(ctx, upstream.EnvironmentRef)
	if errors.Is(err, store.ErrNotFound) {
		return fault(at+"environment", "project %q has no environment %q", ref.Project, trigger.Environment)
	}
	if err != nil {
		return err
	}
	_, err = s.store.FlagConfig(ctx, upstream)
	if errors.Is(err, store.ErrNotFound) {
		return fault(at+"flag", "project %q has no flag %q", ref.Project, trigger.Flag)
	}
	return err
}

func fault(pointer, format string, args ...any) error {
	return evaluator.CompileErrors{{Pointer: pointer, Message: fmt.Sprintf(format, args...)}}
}
