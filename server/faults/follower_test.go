package faults_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/server/stream"
	"github.com/tidegate-io/tidegate/store"
)

// copying is how many followers of a load keep a copy of everything.
const copying = 3

// comeBackAfter is the longest wait of a follower if the server did not say how long to wait. The wait is random.
const comeBackAfter = 200 * time.Millisecond

// follower holds a stream as an SDK does. It reconnects when the server says, or soon, and it says where it stands.
type follower struct {
	history   *history
	urls      []string
	sdkKey    string
	transport http.RoundTripper

	at atomic.Pointer[store.Cursor]
	// opened counts the streams that were opened.
	opened atomic.Int64
	// copies tells whether snapshot is kept; it may be read when run has ended.
	copies   bool
	snapshot *evaluator.Snapshot
}

// cursor is where the follower stands; the zero cursor until it has its first event.
func (f *follower) cursor() store.Cursor {
	if at := f.at.Load(); at != nil {
		return *at
	}
	return store.Cursor{}
}

// run follows until ctx ends. After a refusal or a failure it continues at the next address.
func (f *follower) run(ctx context.Context) {
	for turn := 0; ; {
		retry, err := f.follow(ctx, f.urls[turn%len(f.urls)])
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			turn++
		}
		f.history.note(func() {
			f.history.streams.reconnects++
			if err != nil {
				f.history.streams.refused.add(err.Error())
			}
		})
		wait := time.NewTimer(retry)
		select {
		case <-ctx.Done():
		case <-wait.C:
		}
		wait.Stop()
	}
}

// follow reads one stream to its end and gives the wait that the stream asks for. It gives an error if the stream
// could not be opened.
func (f *follower) follow(ctx context.Context, url string) (retry time.Duration, err error) {
	retry = rand.N(comeBackAfter)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/sdk/v1/stream", nil)
	if err != nil {
		return retry, err
	}
	request.Header.Set("Authorization", "Bearer "+f.sdkKey)
	if at := f.at.Load(); at != nil {
		request.Header.Set("Last-Event-ID", stream.FormatCursor(*at))
	}
	response, err := f.transport.RoundTrip(request)
	if err != nil {
		return retry, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		answer, err := io.ReadAll(response.Body)
		return retry, errors.Join(fmt.Errorf("%s refused the stream: %s %s", url, response.Status, answer), err)
	}
	f.opened.Add(1)
	return f.read(response.Body, retry), nil
}

// read takes every event of a stream.
func (f *follower) read(body io.Reader, retry time.Duration) time.Duration {
	lines := bufio.NewReader(body)
	var id, event string
	var data []byte
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return retry
		}
		field, value, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(": "))
		switch string(field) {
		case "id":
			id = string(value)
		case "event":
			event = string(value)
		case "data":
			data = value
		case "retry":
			if ms, err := strconv.Atoi(string(value)); err == nil {
				retry = time.Duration(ms) * time.Millisecond
			}
		case "":
			if event != "" {
				f.take(id, event, data)
			}
			id, event, data = "", "", nil
		}
	}
}

// take takes one event and notes what is wrong with it.
func (f *follower) take(id, event string, data []byte) {
	to, ok := stream.ParseCursor(id)
	if !ok {
		f.violate("event %s has the id %q, which is no cursor", event, id)
		return
	}
	at := f.cursor()
	switch {
	case to.Epoch == at.Epoch && to.Revision < at.Revision:
		f.violate("%s leads back from revision %d to %d", event, at.Revision, to.Revision)
	case to.Epoch != at.Epoch && event == "patch":
		f.violate("a patch of epoch %s came to a client of epoch %q", to.Epoch, at.Epoch)
	}
	switch event {
	case "snapshot":
		f.takeSnapshot(data)
	case "patch":
		f.takePatch(at.Revision, data)
	default:
		f.violate("there is no event %q", event)
	}
	f.at.Store(&to)
	f.history.note(func() { f.history.streams.events++ })
}

func (f *follower) takeSnapshot(data []byte) {
	if !f.copies {
		return
	}
	var definition evaluator.Definition
	if err := json.Unmarshal(data, &definition); err != nil {
		f.violate("a snapshot cannot be read: %v", err)
		return
	}
	snapshot, problems, err := evaluator.Compile(definition)
	if err != nil || len(problems) > 0 {
		f.violate("a snapshot does not compile: %v %v", err, problems)
		return
	}
	f.snapshot = snapshot
}

func (f *follower) takePatch(at int64, data []byte) {
	if !f.copies {
		var cursor struct {
			From int64 `json:"from"`
		}
		if err := json.Unmarshal(data, &cursor); err != nil || cursor.From > at {
			f.violate("a patch from revision %d came at revision %d: what is between them was missed (%v)", cursor.From, at, err)
		}
		return
	}
	var patch evaluator.Patch
	err := json.Unmarshal(data, &patch)
	if err == nil {
		f.snapshot, _, err = f.snapshot.Apply(patch)
	}
	if err != nil {
		f.violate("a patch from revision %d cannot be applied at revision %d: %v", patch.From, at, err)
	}
}

func (f *follower) violate(format string, args ...any) {
	f.history.note(func() {
		if len(f.history.streams.violations) < 20 {
			f.history.streams.violations = append(f.history.streams.violations, fmt.Sprintf(format, args...))
		}
	})
}

// requireTrueCopies compares the copies that followers made from events with what the server gives as a whole. The
// followers must have ended at the server's last revision.
func (r *traffic) requireTrueCopies(t *testing.T, server *flagdtest.Server) {
	t.Helper()
	_, whole := r.snapshot(t, server)
	for n, f := range r.followers {
		if !f.copies {
			continue
		}
		require.NotNil(t, f.snapshot, "follower %d has no snapshot", n)
		copied, err := json.Marshal(f.snapshot.Definition())
		require.NoError(t, err)
		assert.JSONEq(t, string(whole), string(copied), "the copy of follower %d", n)
	}
}

// snapshot gives where the server stands and all that it serves.
func (r *traffic) snapshot(t *testing.T, server *flagdtest.Server) (store.Cursor, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/sdk/v1/snapshot", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+r.sdkKey)
	response, err := r.transport.RoundTrip(request)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	whole, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	cursor, ok := stream.ParseCursor(strings.Trim(response.Header.Get("ETag"), `"`))
	require.True(t, ok, "the snapshot's ETag %s is no cursor", response.Header.Get("ETag"))
	return cursor, whole
}
