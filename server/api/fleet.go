package api

import (
	"net/http"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// GetFleet answers GET /projects/{project}/environments/{environment}/fleet with the instances that are alive.
func (a *API) GetFleet(w http.ResponseWriter, r *http.Request, project, environment string) {
	ref := environmentRef(project, environment)
	if _, err := a.Store.Environment(r.Context(), ref); err != nil {
		problem.Write(w, r, err)
		return
	}
	instances, err := a.Store.ListInstances(r.Context(), ref, a.Now().Add(-store.PresenceTTL))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	respond(w, r, http.StatusOK, fleetDocument(instances))
}

// fleetDocument counts instances, which come ordered by service and version.
func fleetDocument(instances []store.Instance) openapi.Fleet {
	fleet := openapi.Fleet{Services: []openapi.FleetService{}}
	for _, instance := range instances {
		last := len(fleet.Services) - 1
		if last < 0 || fleet.Services[last].Service != instance.Service {
			fleet.Services = append(fleet.Services, openapi.FleetService{Service: instance.Service})
			last++
		}
		countInstance(&fleet.Services[last], instance)
	}
	return fleet
}

func countInstance(service *openapi.FleetService, instance store.Instance) {
	service.Instances++
	last := len(service.Versions) - 1
	if last < 0 || service.Versions[last].Version != instance.Version {
		service.Versions = append(service.Versions, openapi.FleetVersion{Version: instance.Version})
		last++
	}
	version := &service.Versions[last]
	version.Instances++
	if instance.SeenAt.After(version.SeenAt) {
		version.SeenAt = instance.SeenAt
	}
}
