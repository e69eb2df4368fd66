package edit

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/invalid"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

var (
	now        = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	by         = store.Attribution{Actor: store.Actor{Kind: store.ActorUser, Name: "Mara"}, At: now}
	production = store.EnvironmentRef{Project: "shop", Environment: "production"}
	checkout   = store.FlagRef{EnvironmentRef: production, Flag: "checkout"}
)

// setup gives a service on a store with the project shop, its environment production and the flag checkout.
func setup(t *testing.T) (*Service, store.Store) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "tidegate.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	edits := New(s, nil)
	_, err = edits.CreateProject(t.Context(), store.Project{Key: "shop"}, by)
	require.NoError(t, err)
	_, err = edits.CreateEnvironment(t.Context(), store.Environment{EnvironmentRef: production}, by)
	require.NoError(t, err)
	createFlag(t, edits, checkout.Flag)
	return edits, s
}

func createFlag(t *testing.T, edits *Service, key string) {
	t.Helper()
	_, err := edits.CreateFlag(t.Context(), store.Flag{Project: "shop", Key: key, Type: evaluator.TypeBoolean}, FirstServed{}, by)
	require.NoError(t, err)
}

func enable(c evaluator.FlagConfig) (evaluator.FlagConfig, error) {
	c.Enabled = true
	return c, nil
}

func askFor(segment string) Change[evaluator.FlagConfig] {
	return func(c evaluator.FlagConfig) (evaluator.FlagConfig, error) {
		c.Rules = []evaluator.Rule{{
			ID:      "r",
			Clauses: []evaluator.Clause{{Operator: evaluator.OpInSegment, Values: []json.RawMessage{[]byte(`"` + segment + `"`)}}},
			Serve:   evaluator.Serve{Variation: "on"},
		}}
		return c, nil
	}
}

func TestWhatIsLeftOutIsFilledIn(t *testing.T) {
	t.Parallel()
	edits, s := setup(t)
	f, err := s.Flag(t.Context(), "shop", "checkout")
	require.NoError(t, err)
	assert.Equal(t, "checkout", f.Name)
	assert.Equal(t, store.PurposeRelease, f.Purpose)
	assert.Len(t, f.Variations, 2)
	assert.Equal(t, now, f.CreatedAt)
	segment, err := edits.CreateSegment(t.Context(), store.Segment{Project: "shop", Key: "staff"}, by)
	require.NoError(t, err)
	assert.Equal(t, "staff", segment.Name)
	assert.NotNil(t, segment.Rules)
	policy, err := edits.CreateReleasePolicy(t.Context(), store.ReleasePolicy{
		Project: "shop", Key: "slow", Policy: release.Policy{Steps: []release.Step{{Weight: evaluator.TotalWeight}}},
	}, by)
	require.NoError(t, err)
	assert.Equal(t, release.OnRollbackRevert, policy.OnRollback)
}

func TestTheRulesHoldForWhoeverEdits(t *testing.T) {
	t.Parallel()
	edits, s := setup(t)
	ctx := t.Context()
	_, err := edits.CreateSegment(ctx, store.Segment{Project: "shop", Key: "staff"}, by)
	require.NoError(t, err)
	_, err = edits.UpdateFlagConfig(ctx, checkout, askFor("staff"), Guard{}, by)
	require.NoError(t, err)
	createFlag(t, edits, "gone")
	require.NoError(t, edits.ArchiveFlag(ctx, "shop", "gone", Guard{}, by))
	before, err := s.Cursor(ctx, production)
	require.NoError(t, err)

	for name, edit := range map[string]func() error{
		"a key with a blank": func() error {
			_, err := edits.CreateFlag(ctx, store.Flag{Project: "shop", Key: "a b", Type: evaluator.TypeBoolean}, FirstServed{}, by)
			return wrong[*KeyError](err)
		},
		"another type": func() error {
			_, err := edits.UpdateFlag(ctx, "shop", "checkout", func(f store.Flag) (store.Flag, error) {
				f.Type = evaluator.TypeString
				return f, nil
			}, Guard{}, by)
			return wrong[*invalid.Error](err)
		},
		"a variation that is served": func() error {
			_, err := edits.UpdateFlag(ctx, "shop", "checkout", func(f store.Flag) (store.Flag, error) {
				f.Variations = f.Variations[:1]
				return f, nil
			}, Guard{}, by)
			return wrong[*invalid.Error](err)
		},
		"a segment that there is not": func() error {
			_, err := edits.UpdateFlagConfig(ctx, checkout, askFor("nobody"), Guard{}, by)
			return wrong[*evaluator.CompileError](err)
		},
		"a segment in use": func() error {
			return wrong[*SegmentInUseError](edits.ArchiveSegment(ctx, "shop", "staff", Guard{}, by))
		},
		"an archived flag":     func() error { return wrong[*FlagArchivedError](edits.ArchiveFlag(ctx, "shop", "gone", Guard{}, by)) },
		"an origin with paths": func() error { return wrong[*invalid.Error](editOrigins(ctx, edits, "https://shop.example/cart")) },
		"a name of two lines": func() error {
			_, err := edits.UpdateProject(ctx, "shop", func(p store.Project) (store.Project, error) {
				p.Name = "a\nb"
				return p, nil
			}, Guard{}, by)
			return wrong[*invalid.Error](err)
		},
		"a policy without steps": func() error {
			_, err := edits.CreateReleasePolicy(ctx, store.ReleasePolicy{Project: "shop", Key: "none"}, by)
			return wrong[*invalid.Error](err)
		},
	} {
		assert.NoError(t, edit(), name)
	}
	after, err := s.Cursor(ctx, production)
	require.NoError(t, err)
	assert.Equal(t, before, after, "nothing was written")
}

func editOrigins(ctx context.Context, edits *Service, origins ...string) error {
	_, err := edits.UpdateEnvironment(ctx, production, func(e store.Environment) (store.Environment, error) {
		e.AllowedOrigins = origins
		return e, nil
	}, Guard{}, by)
	return err
}

// wrong is nil if err is an E.
func wrong[E error](err error) error {
	if _, ok := errors.AsType[E](err); ok {
		return nil
	}
	return errors.Join(errors.New("not refused as it should be"), err)
}

func TestAConflictCarriesWhatThereIsNow(t *testing.T) {
	t.Parallel()
	edits, _ := setup(t)
	seen := Guard{Named: true, Versions: []int64{1}}
	first, err := edits.UpdateFlagConfig(t.Context(), checkout, enable, seen, by)
	require.NoError(t, err)
	_, err = edits.UpdateFlagConfig(t.Context(), checkout, enable, seen, by)
	var conflict *ConflictError
	require.ErrorAs(t, err, &conflict)
	require.ErrorIs(t, err, store.ErrConflict)
	assert.Equal(t, first, conflict.Object)
	assert.Equal(t, first.Version, conflict.Current)

	err = edits.ArchiveFlag(t.Context(), "shop", "checkout", Guard{Named: true}, by)
	require.ErrorAs(t, err, &conflict)
	assert.IsType(t, store.Flag{}, conflict.Object)
}

func TestAChangeIsAppliedToWhatOthersHaveMadeOfIt(t *testing.T) {
	t.Parallel()
	edits, s := setup(t)
	tag := func(name string) Change[store.Flag] {
		return func(f store.Flag) (store.Flag, error) {
			f.Tags = append(f.Tags, name)
			return f, nil
		}
	}
	between := true
	_, err := edits.UpdateFlag(t.Context(), "shop", "checkout", func(f store.Flag) (store.Flag, error) {
		if between {
			between = false
			_, err := edits.UpdateFlag(t.Context(), "shop", "checkout", tag("theirs"), Guard{}, by)
			require.NoError(t, err)
		}
		return tag("ours")(f)
	}, Guard{}, by)
	require.NoError(t, err)
	f, err := s.Flag(t.Context(), "shop", "checkout")
	require.NoError(t, err)
	assert.Equal(t, "theirs ours", strings.Join(f.Tags, " "))
}

func TestWhatSaysTheSameIsNotWritten(t *testing.T) {
	t.Parallel()
	edits, s := setup(t)
	for range 2 {
		c, err := edits.UpdateFlagConfig(t.Context(), checkout, enable, Guard{}, by)
		require.NoError(t, err)
		assert.EqualValues(t, 2, c.Version)
	}
	changes, err := s.ListChanges(t.Context(), production, store.ChangeFilter{Kind: store.ChangeFlagConfig})
	require.NoError(t, err)
	assert.Len(t, changes, 1)
}

func TestAPlanWritesNothing(t *testing.T) {
	t.Parallel()
	edits, s := setup(t)
	before, err := s.Cursor(t.Context(), production)
	require.NoError(t, err)
	planned, err := edits.flag("shop", "checkout").plan(t.Context(), func(f store.Flag) (store.Flag, error) {
		f.Name = "Checkout"
		return f, nil
	}, Guard{})
	require.NoError(t, err)
	assert.Equal(t, "checkout", planned.before.Name)
	assert.Equal(t, "Checkout", planned.after.Name)
	after, err := s.Cursor(t.Context(), production)
	require.NoError(t, err)
	assert.Equal(t, before, after)
}
