package hooks

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/store"
)

// answer answers a question by the status that the sender acts upon. Flagger takes 2xx to mean "roll back" for the
// hook rollback, and "go on" for the other hooks. So Flagger is told to roll back only if a release that needs the
// version was reverted since the version began to go out. As long as that is so, Flagger is not told to go on. If
// nothing is known of the version, nothing speaks against it.
func (h *Receiver) answer(ctx context.Context, from source, q question) (status int, note string, err error) {
	ref, err := h.environment(ctx, from, q.environment)
	if err != nil {
		return 0, "", err
	}
	why, objects, err := h.objection(ctx, ref, from.names.service(q.service), q.version)
	if err != nil {
		return 0, "", err
	}
	switch {
	case objects && q.rollback:
		return http.StatusOK, "Roll back: " + why, nil
	case objects:
		return http.StatusConflict, "Do not go on: " + why, nil
	case q.rollback:
		return http.StatusConflict, "Do not roll back: no release that needs the version was reverted.", nil
	default:
		return http.StatusOK, "Go on: no release that needs the version was reverted.", nil
	}
}

// objection finds a release that speaks against the version. An empty version means that of the newest deployment.
func (h *Receiver) objection(
	ctx context.Context,
	ref store.EnvironmentRef,
	service, version string,
) (why string, is bool, err error) {
	deployments, err := h.Store.ListDeployments(ctx, ref, store.Recent(service))
	if err != nil {
		return "", false, err
	}
	current, known := currentOf(deployments, version)
	if !known {
		return "", false, nil
	}
	releases, err := h.Store.ListReleases(ctx, ref)
	if err != nil {
		return "", false, err
	}
	for _, r := range releases {
		if why, is := release.Objection(r.Release, service, current.Version, current.StartedAt); is {
			return fmt.Sprintf(
				"the release of flag %s, which needs %s %s, says: %s",
				r.Flag,
				service,
				r.Spec.Trigger.Deployment.Version,
				why,
			), true, nil
		}
	}
	return "", false, nil
}

// currentOf is the newest of the deployments with the version. An empty version means any version.
func currentOf(deployments []store.Deployment, version string) (store.Deployment, bool) {
	for _, d := range deployments {
		if version == "" || d.Version == version {
			return d, true
		}
	}
	return store.Deployment{}, false
}
