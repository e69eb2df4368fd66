package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/supervise"
)

// recorder is an announcer. While hangs is set, it waits until its context ends. It fails with err if there is one.
type recorder struct {
	hangs bool
	err   error

	mu        sync.Mutex
	announced []store.Announcement
}

func (r *recorder) Announce(ctx context.Context, a store.Announcement) error {
	if r.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.announced = append(r.announced, a)
	return r.err
}

func announcementOf(environment string, revision int64) store.Announcement {
	return store.Announcement{EnvironmentRef: store.EnvironmentRef{Project: "shop", Environment: environment}, Revision: revision}
}

func TestHeraldAnnouncesWhatIsLeftBeforeItStops(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	h := startHerald(supervise.New(slog.New(slog.DiscardHandler)), r, slog.New(slog.DiscardHandler))
	h.mailbox.Add(announcementOf("production", 3))
	h.mailbox.Add(announcementOf("staging", 1))
	h.stop()
	require.ElementsMatch(t, []store.Announcement{announcementOf("production", 3), announcementOf("staging", 1)}, r.announced)
}

func TestHeraldLogsWhatItCannotAnnounce(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, nil))
	h := startHerald(supervise.New(log), &recorder{err: errors.New("out of order")}, log)
	h.mailbox.Add(announcementOf("production", 3))
	h.stop()
	require.Contains(t, logged.String(), "out of order")
	require.Contains(t, logged.String(), "revision=3")
}

func TestHeraldGivesUpOnABusThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := startHerald(supervise.New(slog.New(slog.DiscardHandler)), &recorder{hangs: true}, slog.New(slog.DiscardHandler))
		h.mailbox.Add(announcementOf("production", 3))
		start := time.Now()
		h.stop()
		require.Equal(t, announceTimeout, time.Since(start))
	})
}
