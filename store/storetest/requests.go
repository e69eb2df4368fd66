package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tidegate-io/tidegate/store"
)

// asking attributes a write to a request.
func asking(id string) store.Attribution {
	by := ada(1)
	by.Request = &store.Request{ID: []byte(id), Fingerprint: []byte("what " + id + " asks")}
	return by
}

func testRequests(t *testing.T, open opener) {
	t.Run("are applied once", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		by := asking("flip")
		_, err := s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), fullConfig(), store.AnyVersion, by)
		require.NoError(t, err)
		_, err = s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), fullConfig(), store.AnyVersion, by)
		require.ErrorIs(t, err, store.ErrRepeated)
		require.EqualValues(t, 3, revision(t, s, inProduction), "the repetition changes nothing")

		receipt, err := s.Receipt(t.Context(), by.Request.ID)
		require.NoError(t, err)
		require.Equal(t, store.Receipt{Fingerprint: by.Request.Fingerprint, Subject: "cart", At: by.At}, receipt)
	})

	t.Run("are applied once by those who come at once", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		const attempts = 12
		outcomes := make([]error, attempts)
		var running errgroup.Group
		for i := range attempts {
			running.Go(func() error {
				_, outcomes[i] = s.UpdateFlagConfig(
					t.Context(),
					flagIn(inProduction, "cart"),
					fullConfig(),
					store.AnyVersion,
					asking("flip"),
				)
				return nil
			})
		}
		require.NoError(t, running.Wait())
		applied := 0
		for _, err := range outcomes {
			if err == nil {
				applied++
				continue
			}
			require.ErrorIs(t, err, store.ErrRepeated)
		}
		require.Equal(t, 1, applied)
		require.EqualValues(t, 3, revision(t, s, inProduction))
	})

	t.Run("leave no receipt when they fail", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		by := asking("flip")
		_, err := s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), fullConfig(), 7, by)
		require.ErrorIs(t, err, store.ErrConflict)
		_, err = s.Receipt(t.Context(), by.Request.ID)
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), fullConfig(), 1, by)
		require.NoError(t, err)
	})

	t.Run("keep their first answer until they are deleted", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		written, idle := asking("create"), asking("nothing to do")
		_, err := s.CreateFlag(t.Context(), booleanFlag("cart"), offConfig(), written)
		require.NoError(t, err)
		for _, by := range []store.Attribution{written, idle} {
			require.NoError(t, s.PutAnswer(t.Context(), *by.Request, []byte("done"), by.At))
			require.NoError(t, s.PutAnswer(t.Context(), *by.Request, []byte("done again"), by.At))
			receipt, err := s.Receipt(t.Context(), by.Request.ID)
			require.NoError(t, err)
			require.Equal(t, "done", string(receipt.Answer))
			require.Equal(t, by.Request.Fingerprint, receipt.Fingerprint)
		}
		require.NoError(t, s.DeleteReceipts(t.Context(), at(1)))
		_, err = s.Receipt(t.Context(), written.Request.ID)
		require.NoError(t, err, "it is not older than that")
		require.NoError(t, s.DeleteReceipts(t.Context(), at(2)))
		_, err = s.Receipt(t.Context(), written.Request.ID)
		require.ErrorIs(t, err, store.ErrNotFound)
	})

	t.Run("are remembered for longer where they ask for it", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		createFlag(t, s, "cart")
		written, found := asking("written"), asking("nothing to write")
		written.Request.AgesFrom, found.Request.AgesFrom = at(10), at(10)
		_, err := s.UpdateFlagConfig(t.Context(), flagIn(inProduction, "cart"), fullConfig(), store.AnyVersion, written)
		require.NoError(t, err)
		require.NoError(t, s.PutAnswer(t.Context(), *found.Request, nil, at(1)))
		for _, by := range []store.Attribution{written, found} {
			require.NoError(t, s.DeleteReceipts(t.Context(), at(10)))
			receipt, err := s.Receipt(t.Context(), by.Request.ID)
			require.NoError(t, err)
			require.Equal(t, at(10), receipt.At)
		}
	})
}
