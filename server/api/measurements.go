package api

import (
	"context"
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// readings tell where the guards of a release stand.
func (a *API) readings(ctx context.Context, found store.Release) ([]release.Reading, error) {
	if len(found.Spec.Guards) == 0 {
		return nil, nil
	}
	standing, err := a.Guards.Standing(ctx, found)
	return standing.Readings, err
}

// GetReleaseMeasurements answers GET /projects/{project}/environments/{environment}/flags/{flag}/release/measurements.
func (a *API) GetReleaseMeasurements(w http.ResponseWriter, r *http.Request, project, environment, flag string) {
	a.respond(w, r, func() (answer, error) {
		found, err := a.Store.Release(r.Context(), flagRef(project, environment, flag))
		if err != nil {
			return none, err
		}
		points, err := a.Guards.Series(r.Context(), found)
		if err != nil {
			return none, err
		}
		document := openapi.ReleaseMeasurements{Series: make([]openapi.GuardSeries, 0, len(found.Spec.Guards))}
		for _, g := range found.Spec.Guards {
			series := openapi.GuardSeries{Guard: g.Name, Points: points[g.Name]}
			if series.Points == nil {
				series.Points = []release.Point{}
			}
			document.Series = append(document.Series, series)
		}
		return plain(http.StatusOK, document), nil
	})
}
