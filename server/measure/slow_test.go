package measure_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/measure"
	"github.com/tidegate-io/tidegate/store"
)

// slow is a store that holds back the deployments of one service and the measurements of one release until it is let
// go.
type slow struct {
	store.Store
	service, release string

	asked chan struct{} // gets one for each read that waits
	let   chan struct{}
	reads atomic.Int64
}

func newSlow(s store.Store) *slow {
	return &slow{Store: s, asked: make(chan struct{}, 100), let: make(chan struct{})}
}

func (s *slow) wait() {
	s.reads.Add(1)
	s.asked <- struct{}{}
	<-s.let
}

func (s *slow) ListDeployments(ctx context.Context, ref store.EnvironmentRef, filter store.DeploymentFilter) ([]store.Deployment, error) {
	if filter.Service == s.service {
		s.wait()
	}
	return s.Store.ListDeployments(ctx, ref, filter)
}

func (s *slow) ListMeasurements(ctx context.Context, ref store.EnvironmentRef, release string) ([]store.Measurement, error) {
	all, err := s.Store.ListMeasurements(ctx, ref, release)
	if release == s.release {
		s.wait()
	}
	return all, err
}

// soon fails the test if f does not end.
func soon(t *testing.T, why string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		require.FailNow(t, why)
	}
}

func TestAServiceWhoseDeploymentsComeSlowlyHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	truth := newSlow(s.store)
	truth.service = "search"
	s.recorder = measure.NewRecorder(truth, s, s.now, slog.New(slog.DiscardHandler))
	report := func(from measure.Source) {
		measured, err := s.recorder.Record(context.WithoutCancel(t.Context()), production, from, []measure.TrackingEvent{event("checkout.attempt", "user-1", 1)}, nil)
		assert.NoError(t, err)
		assert.Equal(t, 1, measured)
	}
	var reporting sync.WaitGroup
	reporting.Go(func() { report(measure.Source{Service: "search", Version: "1.0.0", Instance: "pod-1"}) })
	<-truth.asked
	for range 20 {
		reporting.Go(func() { report(measure.Source{Service: "search", Version: "1.0.0", Instance: "pod-2"}) })
	}
	soon(t, "checkout waits for search", func() { report(checkout) })
	close(truth.let)
	reporting.Wait()
	report(measure.Source{Service: "search", Version: "1.0.0", Instance: "pod-3"})
	require.EqualValues(t, 1, truth.reads.Load(), "reports that come together share a read")
}

func TestAReleaseWhoseMeasurementsComeSlowlyHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	s := open(t, guards()...)
	s.visit(t, 50, false)
	s.pass(t, 10*time.Second)
	truth := newSlow(s.store)
	truth.release = "r1"
	book := measure.NewBook(truth, s.now)
	found := make(chan int, 1)
	go func() {
		standing, err := book.Standing(context.WithoutCancel(t.Context()), s.release)
		assert.NoError(t, err)
		found <- standing.Measurements
	}()
	<-truth.asked

	// This is stored after that read and found by a look for another release. It must not be lost, and it must not
	// count twice.
	s.visit(t, 50, false)
	s.pass(t, 10*time.Second)
	other := s.release
	other.ID = "r2"
	soon(t, "one release waits for another", func() {
		_, err := book.Standing(context.WithoutCancel(t.Context()), other)
		assert.NoError(t, err)
	})
	close(truth.let)
	require.Equal(t, 2, <-found)
	s.wait(time.Second)
	again, err := book.Standing(t.Context(), s.release)
	require.NoError(t, err)
	require.Equal(t, 2, again.Measurements)
}
