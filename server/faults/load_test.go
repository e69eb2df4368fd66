package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
	"github.com/tidegate-io/tidegate/store"
)

// production is the path of the environment that all scenarios work in.
const production = flagdtest.Project + "/environments/production"

// load is a constant load of writes, evaluations and streams on some addresses.
type load struct {
	// name begins the keys of its flags, which two loads on one store must not share.
	name string
	// urls are used in turn. Each client stays with one until that fails.
	urls []string
	// writers each have a flag of their own; writeEvery is the time between one's writes.
	writers    int
	writeEvery time.Duration
	// evaluators each ask every evaluateEvery.
	evaluators    int
	evaluateEvery time.Duration
	// followers hold one stream each; the first few of them also keep a copy of everything.
	followers int
}

// moderateLoad is enough to have writes, evaluations and streams under way at any moment.
func moderateLoad(urls ...string) load {
	return load{
		name: "moderate", urls: urls, writers: 4, writeEvery: 40 * time.Millisecond,
		evaluators: 4, evaluateEvery: 10 * time.Millisecond, followers: form(8, 40),
	}
}

// traffic is a load that is running.
type traffic struct {
	*history
	// flag is one of those that are written to.
	flag      string
	sdkKey    string
	followers []*follower
	transport *http.Transport
	// cancelWriting ends writers, stopActing evaluators, stopFollowing followers.
	cancelWriting, stopActing, stopFollowing context.CancelFunc
	writing, acting, following               sync.WaitGroup
}

// start makes what the load needs on the server and starts it.
func (l load) start(t *testing.T, server *flagdtest.Server) *traffic {
	t.Helper()
	for writer := range l.writers {
		path := flagdtest.Project + "/flags/" + l.flagOf(writer)
		server.MustCall(t, http.MethodPut, path, flagdtest.Map{"type": "boolean"}, nil)
		server.MustCall(t, http.MethodPatch, path+"/environments/production", flagdtest.Map{"enabled": true}, nil)
	}
	run := &traffic{
		history: newHistory(), flag: l.flagOf(0), sdkKey: server.SDKKey(t, "production", "server"),
		transport: &http.Transport{MaxIdleConnsPerHost: 64},
	}
	l.awaitKnown(t, run.sdkKey)
	acting, stopActing := context.WithCancel(context.WithoutCancel(t.Context()))
	writing, cancelWriting := context.WithCancel(acting)
	following, stopFollowing := context.WithCancel(context.WithoutCancel(t.Context()))
	run.cancelWriting, run.stopActing, run.stopFollowing = cancelWriting, stopActing, stopFollowing
	for n := range l.followers {
		f := &follower{history: run.history, urls: l.turned(n), sdkKey: run.sdkKey, transport: run.transport, copies: n < copying}
		run.followers = append(run.followers, f)
		run.following.Go(func() { f.run(following) })
	}
	for n := range l.writers {
		run.writing.Go(func() { l.write(writing, run, n) })
	}
	for n := range l.evaluators {
		run.acting.Go(func() { l.evaluate(acting, run, n) })
	}
	t.Cleanup(func() {
		run.stop()
		run.transport.CloseIdleConnections()
	})
	return run
}

// awaitKnown waits until every address serves the last flag. Any failure after that is a real failure.
func (l load) awaitKnown(t *testing.T, sdkKey string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, url := range l.urls {
		server := &flagdtest.Server{URL: url}
		known := flagdtest.Poll(ctx, func() bool {
			answer, err := server.Evaluate(ctx, sdkKey, l.flagOf(l.writers-1), "someone")
			return err == nil && answer.Metadata.Detail != "off"
		})
		require.True(t, known, "%s does not serve what was prepared", url)
	}
}

// settle ends writes and evaluations. It waits until every follower has the last revision of the server, and then
// ends the followers too.
func (r *traffic) settle(t *testing.T, server *flagdtest.Server) {
	t.Helper()
	r.stopWriting()
	r.stopActing()
	r.acting.Wait()
	cursor := r.awaitStored(t, server)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for n, f := range r.followers {
		arrived := flagdtest.Poll(ctx, func() bool {
			at := f.cursor()
			return at.Epoch == cursor.Epoch && at.Revision >= cursor.Revision
		})
		require.True(t, arrived, "follower %d stands at %+v, the server at %+v", n, f.cursor(), cursor)
	}
	r.stop()
	r.requireTrueCopies(t, server)
}

// awaitStored waits until the server serves the revision that is stored, and gives it.
func (r *traffic) awaitStored(t *testing.T, server *flagdtest.Server) store.Cursor {
	t.Helper()
	var stored struct {
		Revision int64 `json:"revision"`
	}
	server.MustCall(t, http.MethodGet, production, nil, &stored)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var served store.Cursor
	require.True(t, flagdtest.Poll(ctx, func() bool {
		served, _ = r.snapshot(t, server)
		return served.Revision == stored.Revision
	}), "%s serves revision %d, and %d is stored", server.URL, served.Revision, stored.Revision)
	return served
}

// stopWriting ends the writes alone.
func (r *traffic) stopWriting() {
	r.cancelWriting()
	r.writing.Wait()
}

func (r *traffic) stop() {
	r.stopWriting()
	r.stopActing()
	r.stopFollowing()
	r.acting.Wait()
	r.following.Wait()
}

// awaitWrites waits until the given number of further writes was acknowledged.
func (r *traffic) awaitWrites(t *testing.T, more int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	count := func() (n int) {
		r.note(func() { n = len(r.acknowledged) })
		return n
	}
	wanted := count() + more
	if !flagdtest.Poll(ctx, func() bool { return count() >= wanted }) {
		r.report(t, "waited for writes in vain")
		require.Fail(t, "too few writes were acknowledged", "%d rather than %d", count(), wanted)
	}
}

// awaitEvaluations waits until the given number of further evaluations was answered.
func (r *traffic) awaitEvaluations(t *testing.T, more int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	count := func() (n int) {
		r.note(func() { n = r.evaluated })
		return n
	}
	wanted := count() + more
	require.True(t, flagdtest.Poll(ctx, func() bool { return count() >= wanted }), "only %d of %d evaluations were answered", count(), wanted)
}

// awaitFollowers waits until every follower has opened the given number of streams. Each must also have the newest
// revision that any of them has now.
func (r *traffic) awaitFollowers(t *testing.T, streams int64) {
	t.Helper()
	var newest int64
	for _, f := range r.followers {
		newest = max(newest, f.cursor().Revision)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for n, f := range r.followers {
		require.True(t, flagdtest.Poll(ctx, func() bool { return f.opened.Load() >= streams && f.cursor().Revision >= newest }),
			"follower %d opened %d streams and stands at revision %d, not %d", n, f.opened.Load(), f.cursor().Revision, newest)
	}
}

func (l load) flagOf(writer int) string { return fmt.Sprintf("%s-%d", l.name, writer) }

// turned gives the addresses, beginning with the n-th.
func (l load) turned(n int) []string {
	n %= len(l.urls)
	return append(append([]string{}, l.urls[n:]...), l.urls[:n]...)
}
