package storetest

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func webhook(id string) store.Webhook {
	return store.Webhook{
		Project: shop, ID: id, Name: "Hook " + id, Kind: "generic", Enabled: true, Secret: []byte("secret of " + id),
		Mapping: json.RawMessage(`{"services": [{"match": "shop-*", "name": "$1"}]}`),
	}
}

func testWebhooks(t *testing.T, open opener) {
	t.Run("are created, read and listed, with Changes that keep their secret", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		created, err := s.CreateWebhook(t.Context(), webhook("a"), ada(2))
		require.NoError(t, err)
		want := webhook("a")
		want.Version, want.CreatedAt, want.UpdatedAt = 1, at(2), at(2)
		require.Equal(t, want, created)
		read, err := s.Webhook(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, created, read)
		for _, ref := range []store.EnvironmentRef{inStaging, inProduction} {
			change := lastChange(t, s, ref)
			require.Equal(t, store.ChangeWebhook, change.Kind)
			require.Equal(t, "a", change.Key)
			require.Nil(t, change.Before)
			requireDocument(t, created, change.After)
			require.NotContains(t, string(change.After), "ecret")
		}
		earlier, err := s.CreateWebhook(t.Context(), webhook("b"), ada(1))
		require.NoError(t, err)
		list, err := s.ListWebhooks(t.Context(), shop)
		require.NoError(t, err)
		require.Equal(t, []store.Webhook{earlier, created}, list)
	})

	t.Run("are updated under their version", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		before, err := s.CreateWebhook(t.Context(), webhook("a"), ada(2))
		require.NoError(t, err)
		edited := store.Webhook{
			ID:      "a",
			Project: "elsewhere",
			Kind:    "other",
			Name:    "New",
			Mapping: json.RawMessage(`{}`),
		}
		after, err := s.UpdateWebhook(t.Context(), edited, 1, ada(3))
		require.NoError(t, err)
		want := before
		want.Name, want.Mapping, want.Enabled, want.Version, want.UpdatedAt = "New", json.RawMessage(
			`{}`,
		), false, 2, at(
			3,
		)
		require.Equal(t, want, after, "project, kind and secret stay")
		read, err := s.Webhook(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, want, read)
		change := lastChange(t, s, inProduction)
		requireDocument(t, before, change.Before)
		requireDocument(t, after, change.After)

		edited.Secret = []byte("another")
		after, err = s.UpdateWebhook(t.Context(), edited, store.AnyVersion, ada(4))
		require.NoError(t, err)
		require.Equal(t, []byte("another"), after.Secret)

		_, err = s.UpdateWebhook(t.Context(), edited, 1, ada(5))
		requireConflict(t, err, 3)
	})

	t.Run("are deleted with their deliveries", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		_, err := s.CreateWebhook(t.Context(), webhook("a"), ada(2))
		require.NoError(t, err)
		require.NoError(t, s.AddDelivery(t.Context(), delivery("a", 1), 10))
		requireConflict(t, s.DeleteWebhook(t.Context(), "a", 7, ada(3)), 1)
		require.NoError(t, s.DeleteWebhook(t.Context(), "a", 1, ada(3)))
		require.Nil(t, lastChange(t, s, inProduction).After)
		_, err = s.Webhook(t.Context(), "a")
		require.ErrorIs(t, err, store.ErrNotFound)
		list, err := s.ListDeliveries(t.Context(), "a")
		require.NoError(t, err)
		require.Empty(t, list)
	})

	t.Run("are refused where they clash or belong nowhere", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		_, err := s.CreateWebhook(t.Context(), webhook("a"), ada(1))
		require.NoError(t, err)
		again := revision(t, s, inProduction)
		_, err = s.CreateWebhook(t.Context(), webhook("a"), ada(1))
		require.ErrorIs(t, err, store.ErrExists)
		stray := webhook("b")
		stray.Project = "nowhere"
		_, err = s.CreateWebhook(t.Context(), stray, ada(1))
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = s.UpdateWebhook(t.Context(), webhook("b"), store.AnyVersion, ada(1))
		require.ErrorIs(t, err, store.ErrNotFound)
		require.ErrorIs(t, s.DeleteWebhook(t.Context(), "b", store.AnyVersion, ada(1)), store.ErrNotFound)
		require.Equal(t, again, revision(t, s, inProduction))
	})
}

func delivery(webhook string, n int) store.Delivery {
	return store.Delivery{
		Webhook: webhook, ID: fmt.Sprintf("d%d", n), Event: "push", Payload: []byte(`{"n": 1}`), Size: 8, Status: 200,
		Outcome: json.RawMessage(`{"note": "nothing"}`), ReceivedAt: at(n),
	}
}

func testDeliveries(t *testing.T, open opener) {
	t.Run("are stored, read and listed, newest first", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		_, err := s.CreateWebhook(t.Context(), webhook("a"), ada(0))
		require.NoError(t, err)
		before := revision(t, s, inProduction)
		one, two := delivery("a", 1), delivery("a", 2)
		two.Payload, two.ReplayOf = nil, "d1"
		require.NoError(t, s.AddDelivery(t.Context(), two, 10))
		require.NoError(t, s.AddDelivery(t.Context(), one, 10))
		for _, want := range []store.Delivery{one, two} {
			read, err := s.Delivery(t.Context(), "a", want.ID)
			require.NoError(t, err)
			require.Equal(t, want, read)
		}
		list, err := s.ListDeliveries(t.Context(), "a")
		require.NoError(t, err)
		one.Payload = nil
		require.Equal(t, []store.Delivery{two, one}, list)
		_, err = s.Delivery(t.Context(), "b", "d1")
		require.ErrorIs(t, err, store.ErrNotFound)
		require.Equal(t, before, revision(t, s, inProduction), "a delivery is no Change")
	})

	t.Run("are forgotten, the oldest first, each webhook's by itself", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		for _, id := range []string{"a", "b"} {
			_, err := s.CreateWebhook(t.Context(), webhook(id), ada(0))
			require.NoError(t, err)
			for n := range 5 {
				require.NoError(t, s.AddDelivery(t.Context(), delivery(id, n), 3))
			}
		}
		require.NoError(t, s.AddDelivery(t.Context(), delivery("b", 9), 1))
		for id, want := range map[string][]string{"a": {"d4", "d3", "d2"}, "b": {"d9"}} {
			list, err := s.ListDeliveries(t.Context(), id)
			require.NoError(t, err)
			var ids []string
			for _, d := range list {
				ids = append(ids, d.ID)
			}
			require.Equal(t, want, ids)
		}
	})
}
