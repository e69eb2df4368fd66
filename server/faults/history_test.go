package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// history is what the clients of a scenario were told. Each write has a marker of its own, which is also its reason in
// the history that the server keeps. It is safe for concurrent use.
type history struct {
	mu sync.Mutex
	// acknowledged gives the revision that each acknowledged write was told, by its marker.
	acknowledged map[string]int64
	// refused counts answers that say no. Unanswered counts writes whose outcome nobody knows.
	refused, unanswered failures
	evaluated           int
	evaluations         failures
	streams             streamHistory
}

// streamHistory is what the followers of the stream saw.
type streamHistory struct {
	events, reconnects int
	refused            failures
	// violations are revisions that were missed or that went backwards.
	violations []string
}

// failures counts failures and keeps the first few.
type failures struct {
	count   int
	samples []string
	// byAddress counts those that happened at one address.
	byAddress map[string]int
}

func (f *failures) add(sample string) {
	f.count++
	if len(f.samples) < 5 {
		f.samples = append(f.samples, sample)
	}
}

// at is add for a failure at an address.
func (f *failures) at(address, sample string) {
	f.add(sample)
	if f.byAddress == nil {
		f.byAddress = make(map[string]int)
	}
	f.byAddress[address]++
}

func newHistory() *history {
	return &history{acknowledged: make(map[string]int64)}
}

func (h *history) note(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f()
}

// report prints what was done, what was acknowledged and what was found.
func (h *history) report(t *testing.T, done string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	t.Logf("done: %s", done)
	t.Logf("writes: %d acknowledged, %d refused %q, %d without an answer %q", len(h.acknowledged),
		h.refused.count, h.refused.samples, h.unanswered.count, h.unanswered.samples)
	t.Logf("evaluations: %d answered, %d failed %q", h.evaluated, h.evaluations.count, h.evaluations.samples)
	t.Logf("streams: %d events, %d reconnections, %d refused %q, violations %q", h.streams.events, h.streams.reconnects,
		h.streams.refused.count, h.streams.refused.samples, h.streams.violations)
}

// change is one entry of the server's own history.
type change struct {
	Revision int64  `json:"revision"`
	Kind     string `json:"kind"`
	Key      string `json:"key"`
	Reason   string `json:"reason"`
}

// check compares what the clients were told with what the servers know now. Every acknowledged write is there once,
// at the revision that was told. Revisions have no gaps. No client went backwards. Every server evaluates with the
// last write of each flag.
func (h *history) check(t *testing.T, sdkKey string, servers ...*flagdtest.Server) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	require.NotEmpty(t, h.acknowledged, "no write was acknowledged: nothing was tested")
	require.Positive(t, h.evaluated, "no evaluation was answered: nothing was tested")
	changes := listChanges(t, servers[0])
	requireNoGaps(t, changes)

	applied := make(map[string][]int64)
	for _, c := range changes {
		if c.Kind == "flagConfig" && c.Reason != "" {
			applied[c.Reason] = append(applied[c.Reason], c.Revision)
		}
	}
	for marker, revision := range h.acknowledged {
		assert.Equal(t, []int64{revision}, applied[marker], "the acknowledged write %q, by the revisions that have it", marker)
	}
	for marker, revisions := range applied {
		assert.Len(t, revisions, 1, "the write %q was applied more than once", marker)
	}
	assert.Empty(t, h.streams.violations, "what streams missed, or saw go backwards")
	for flag, marker := range lastWrites(changes) {
		for _, server := range servers {
			awaitServed(t, server, sdkKey, flag, marker)
		}
	}
}

// checkNothingFailed is for scenarios in which clients must not notice anything.
func (h *history) checkNothingFailed(t *testing.T) {
	t.Helper()
	h.checkEvaluations(t)
	h.mu.Lock()
	defer h.mu.Unlock()
	assert.Zero(t, h.refused.count, "writes were refused: %q", h.refused.samples)
	assert.Zero(t, h.unanswered.count, "writes got no answer: %q", h.unanswered.samples)
	assert.Zero(t, h.streams.refused.count, "streams were refused: %q", h.streams.refused.samples)
}

// checkEvaluations is for scenarios in which every evaluation must be answered.
func (h *history) checkEvaluations(t *testing.T) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	assert.Zero(t, h.evaluations.count, "evaluations failed: %q", h.evaluations.samples)
}

// checkEvaluationsOf is for scenarios in which every evaluation must be answered by one server, whatever the others do.
func (h *history) checkEvaluationsOf(t *testing.T, server *flagdtest.Server) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	assert.Zero(t, h.evaluations.byAddress[server.URL], "evaluations failed at %s: %q", server.URL, h.evaluations.samples)
}

// listChanges gives production's history, newest first.
func listChanges(t *testing.T, server *flagdtest.Server) []change {
	t.Helper()
	var all []change
	for cursor := ""; ; {
		var page struct {
			Items []change `json:"items"`
			Next  string   `json:"next"`
		}
		path := production + "/changes?limit=200"
		if cursor != "" {
			path += "&cursor=" + cursor
		}
		server.MustCall(t, http.MethodGet, path, nil, &page)
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			return all
		}
	}
}

// requireNoGaps checks that the history holds every revision, from the newest down to the first.
func requireNoGaps(t *testing.T, changes []change) {
	t.Helper()
	require.NotEmpty(t, changes)
	require.True(t, slices.IsSortedFunc(changes, func(a, b change) int { return int(b.Revision - a.Revision) }))
	for i, c := range changes {
		require.Equal(t, changes[0].Revision-int64(i), c.Revision, "revision of change %d, newest first", i)
	}
}

// awaitServed waits until the server evaluates the flag with the write. The write targets its own marker.
func awaitServed(t *testing.T, server *flagdtest.Server, sdkKey, flag, marker string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var last string
	served := flagdtest.Poll(ctx, func() bool {
		answer, err := server.Evaluate(ctx, sdkKey, flag, marker)
		last = fmt.Sprintf("%+v, error %v", answer, err)
		return err == nil && answer.Reason == "TARGETING_MATCH"
	})
	assert.True(t, served, "%s does not evaluate %s by its last write %q; last answer %s", server.URL, flag, marker, last)
}

// lastWrites gives the last write of each flag.
func lastWrites(changes []change) map[string]string {
	last := make(map[string]string)
	for _, c := range changes {
		if c.Kind == "flagConfig" && c.Reason != "" && last[c.Key] == "" {
			last[c.Key] = c.Reason
		}
	}
	return last
}
