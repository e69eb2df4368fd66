package measure_test

import (
	"fmt"
	"testing"

	"github.com/tidegate-io/tidegate/server/measure"
)

// BenchmarkRecord takes in a full report of a thousand events. Three guards look at each event.
func BenchmarkRecord(b *testing.B) {
	s := open(b, guards()...)
	events := make([]measure.TrackingEvent, 1000)
	for i := range events {
		events[i] = event("checkout.latency", fmt.Sprintf("user-%d", i), float64(100+i%50))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.recorder.Record(b.Context(), production, checkout, events, nil); err != nil {
			b.Fatal(err)
		}
	}
}
