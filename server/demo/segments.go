package demo

import (
	"context"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// The segments of the shop.
const (
	staff       = "staff"
	betaTesters = "beta-testers"
	wholesale   = "wholesale-customers"
)

func (s *shop) planSegments() {
	for _, segment := range []store.Segment{
		{
			Key: staff, Name: "Staff", Description: "Everybody with an address of the company.",
			Rules: []evaluator.SegmentRule{{ID: "company", Clauses: []evaluator.Clause{clause("email", evaluator.OpEndsWith, "@shop.example")}}},
		},
		{
			Key: betaTesters, Name: "Beta testers", Description: "Customers who asked to see new things first.",
			Included: []string{"customer-1042", "customer-2210", "customer-3817"}, Excluded: []string{"customer-9001"},
			Rules: []evaluator.SegmentRule{{ID: "asked", Clauses: []evaluator.Clause{clause("beta", evaluator.OpIn, true)}}},
		},
		{
			Key: wholesale, Name: "Wholesale customers", Description: "Companies that buy in bulk.",
			Rules: []evaluator.SegmentRule{{ID: "plan", Clauses: []evaluator.Clause{clause("plan", evaluator.OpIn, "business", "enterprise")}}},
		},
	} {
		s.at(14*day, func(ctx context.Context, at time.Time) error {
			segment.Project = project
			_, err := s.edits.CreateSegment(ctx, segment, by(product, "", at))
			return err
		})
	}
}
