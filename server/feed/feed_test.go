package feed_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tidegate-io/tidegate/server/feed"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
	"github.com/tidegate-io/tidegate/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listener hands out the events of a subscription one by one.
type listener struct {
	subscription *feed.Subscription
	waiting      []string
}

// next waits for an event and returns its lines.
func (l *listener) next(t *testing.T) string {
	t.Helper()
	for len(l.waiting) == 0 {
		events, more, err := l.subscription.Next()
		require.NoError(t, err)
		for _, event := range events {
			l.waiting = append(l.waiting, string(event))
		}
		if len(l.waiting) > 0 {
			break
		}
		select {
		case <-more:
		case <-time.After(10 * time.Second):
			require.FailNow(t, "no event")
		}
	}
	event := l.waiting[0]
	l.waiting = l.waiting[1:]
	return event
}

func (l *listener) mustResync(t *testing.T) {
	t.Helper()
	require.Equal(t, "event: resync\ndata: {}\n\n", l.next(t))
}

func TestFeedTellsOfChanges(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{})
	l := &listener{subscription: server.Feed.Subscribe("shop")}
	defer l.subscription.Close()
	require.Contains(t, l.next(t), "retry: ")
	l.mustResync(t)
	revision := shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	change := l.next(t)
	require.Contains(t, change, "event: change\n")
	_, data, _ := strings.Cut(change, "data: ")
	require.JSONEq(t, fmt.Sprintf(`{"environment":"production","revision":%d,"kind":"flagConfig","key":"checkout","reason":"",
		"actor":{"kind":"user","name":"test"},"at":%s}`, revision, field(t, data, "at")), data)

	_, err := shop.CreateEnvironment(t.Context(), store.Environment{
		EnvironmentRef: store.EnvironmentRef{Project: "shop", Environment: "staging"}, Name: "Staging",
	}, streamtest.By())
	require.NoError(t, err)
	l.mustResync(t)
}

func field(t *testing.T, data, name string) json.RawMessage {
	t.Helper()
	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(data), &fields))
	return fields[name]
}
