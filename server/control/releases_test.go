package control_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

func TestPutRefusesWhatIsWrong(t *testing.T) {
	inBubble(t, func(b *bench) {
		_, err := b.releases.Put(b.Context(), b.flag, release.Spec{Variation: "blue"}, store.AnyVersion, b.by(""))
		var errs evaluator.CompileErrors
		require.ErrorAs(b, err, &errs)
		require.Equal(b, "/variation", errs[0].Pointer)

		unknown := store.FlagRef{EnvironmentRef: production, Flag: "unknown"}
		_, err = b.releases.Put(b.Context(), unknown, release.Spec{}, store.AnyVersion, b.by(""))
		require.ErrorIs(b, err, store.ErrNotFound)
		_, err = b.releases.Start(b.Context(), unknown, b.by(""))
		require.ErrorIs(b, err, store.ErrNotFound)
	})
}

func TestPutReplacesWhatIsNotUnderWay(t *testing.T) {
	inBubble(t, func(b *bench) {
		first := b.put(seconds()...)
		require.Equal(b, release.OnRollbackRevert, first.Spec.OnRollback)
		second := b.put(seconds()...)
		require.NotEqual(b, first.ID, second.ID)

		_, err := b.releases.Put(b.Context(), b.flag, second.Spec, first.Version, b.by(""))
		var conflict *store.ConflictError
		require.ErrorAs(b, err, &conflict)
		require.Equal(b, second.Version, conflict.Current)

		_, err = b.releases.Start(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		_, err = b.releases.Put(b.Context(), b.flag, second.Spec, store.AnyVersion, b.by(""))
		require.ErrorIs(b, err, release.ErrRefused)
		require.ErrorContains(b, err, "Revert it")

		_, err = b.releases.Revert(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		b.put(seconds()...)
	})
}

func TestVerbsWriteTheConfigurationAndSayWhy(t *testing.T) {
	inBubble(t, func(b *bench) {
		before := b.config().Config
		b.put(seconds()...)
		started, err := b.releases.Start(b.Context(), b.flag, b.by("the shop is quiet"))
		require.NoError(b, err)
		require.Equal(b, b.config().Version, started.State.ConfigVersion)
		require.Contains(b, started.State.Reason, "the shop is quiet")
		_, err = b.releases.Pause(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		_, err = b.releases.Resume(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		_, err = b.releases.Promote(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		require.Equal(b, 25_000, b.state().Weight)
		_, err = b.releases.Revert(b.Context(), b.flag, b.by(""))
		require.NoError(b, err)
		require.Equal(b, before, b.config().Config)

		changes, err := b.store.ListChanges(b.Context(), production, store.ChangeFilter{Limit: 1, Kind: store.ChangeRelease})
		require.NoError(b, err)
		require.Equal(b, "ann", changes[0].Actor.Name)
		require.Equal(b, "Reverted by hand.", changes[0].Reason)
	})
}

func TestDeployTellsRepeatedReportsFromNewDeployments(t *testing.T) {
	inBubble(t, func(b *bench) {
		first := b.deploy("2.2.0", release.StatusStarted)
		require.Nil(b, first.FinishedAt)
		require.Equal(b, "api", first.Source)
		pass(time.Second)
		same := b.deploy("2.2.0", release.StatusSucceeded)
		require.Equal(b, first.ID, same.ID)
		require.Equal(b, release.StatusSucceeded, same.Status)
		require.Equal(b, first.StartedAt, same.StartedAt)
		require.NotNil(b, same.FinishedAt)
		pass(time.Second)
		require.Equal(b, same, b.deploy("2.2.0", release.StatusSucceeded), "a repeated report")

		pass(time.Second)
		newer := b.deploy("2.3.0", release.StatusSucceeded)
		require.NotEqual(b, first.ID, newer.ID)
		pass(time.Second)
		require.NotEqual(b, first.ID, b.deploy("2.2.0", release.StatusSucceeded).ID, "back again")
		pass(time.Second)
		failed := b.deploy("2.3.0", release.StatusFailed)
		pass(time.Second)
		require.NotEqual(b, failed.ID, b.deploy("2.3.0", release.StatusSucceeded).ID, "another attempt")
	})
}

func TestDeployRefusesWhatIsWrong(t *testing.T) {
	inBubble(t, func(b *bench) {
		deploy := func(d release.Deployment) error {
			_, _, err := b.releases.Deploy(b.Context(), store.Deployment{EnvironmentRef: production, Deployment: d}, b.by(""))
			return err
		}
		var errs evaluator.CompileErrors
		require.ErrorAs(b, deploy(release.Deployment{}), &errs)
		require.Len(b, errs, 3)

		good := release.Deployment{Service: "checkout", Version: "2.3.0", Status: release.StatusSucceeded, Source: "ci", ExternalID: "latest"}
		unstorable := good
		unstorable.Version, unstorable.URL = "2.3.0\x00", "\x00"
		require.ErrorAs(b, deploy(unstorable), &errs)
		require.Equal(b, []string{"/version", "/url"}, []string{errs[0].Pointer, errs[1].Pointer})
		require.NoError(b, deploy(good))
		good.Version = "2.4.0"
		require.ErrorIs(b, deploy(good), release.ErrRefused)
	})
}
