package api

import (
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/store"
)

// maxMembers bounds the instances of a service that are listed one by one.
const maxMembers = 1000

// GetFleet answers GET /projects/{project}/environments/{environment}/fleet with the instances that are alive.
func (a *API) GetFleet(w http.ResponseWriter, r *http.Request, project, environment string) {
	a.respond(w, r, func() (answer, error) {
		ref := environmentRef(project, environment)
		e, err := a.Store.Environment(r.Context(), ref)
		if err != nil {
			return none, err
		}
		instances, err := a.Releases.Fleet(r.Context(), ref, a.Now())
		return plain(http.StatusOK, fleetDocument(instances, e.Revision)), err
	})
}

// fleetDocument counts instances, which come ordered by service and version.
func fleetDocument(instances []store.Instance, revision int64) openapi.Fleet {
	fleet := openapi.Fleet{Revision: revision, Services: []openapi.FleetService{}}
	for _, instance := range instances {
		last := len(fleet.Services) - 1
		if last < 0 || fleet.Services[last].Service != instance.Service {
			fleet.Services = append(fleet.Services, openapi.FleetService{
				Service: instance.Service, Versions: []openapi.FleetVersion{}, Members: []openapi.FleetMember{},
			})
			last++
		}
		countInstance(&fleet.Services[last], instance, revision)
	}
	return fleet
}

func countInstance(service *openapi.FleetService, instance store.Instance, revision int64) {
	if len(service.Members) < maxMembers {
		service.Members = append(service.Members, openapi.FleetMember{
			ID: instance.InstanceID, Version: instance.Version, StartedAt: instance.StartedAt, SeenAt: instance.SeenAt,
			Revision: instance.Revision, Shadow: instance.Shadow, Doubtful: instance.Doubtful,
		})
	}
	switch {
	case instance.Doubtful:
		return
	case instance.Shadow:
		service.Shadows++
		return
	}
	service.Instances++
	last := len(service.Versions) - 1
	if last < 0 || service.Versions[last].Version != instance.Version {
		service.Versions = append(
			service.Versions,
			openapi.FleetVersion{Version: instance.Version, StartedAt: instance.StartedAt},
		)
		last++
	}
	version := &service.Versions[last]
	version.Instances++
	version.StartedAt = earlier(version.StartedAt, instance.StartedAt)
	if instance.SeenAt.After(version.SeenAt) {
		version.SeenAt = instance.SeenAt
	}
	if instance.Revision == 0 {
		return
	}
	service.Streaming++
	version.Streaming++
	if instance.Revision >= revision {
		service.Current++
		version.Current++
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
