package release

import (
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// origin is the deployment with whose version later versions are compared. It is the deployment that started the
// release. A release that was started by hand may have none. Then the origin is the first deployment since the start
// of a version in the range. Until there is one, it is the deployment that ran at the start. Nil means that nothing
// is known.
func origin(r Release, words []Deployment) *Deployment {
	if d, known := byID(words, r.State.Deployment); known {
		return &d
	}
	if first := firstInRange(r.Spec.Trigger.Deployment.Version, words, *r.State.StartedAt); first != nil {
		return first
	}
	return ranAt(words, *r.State.StartedAt)
}

// firstInRange is the first deployment of a version in the range that succeeded after since.
func firstInRange(versions string, words []Deployment, since time.Time) (first *Deployment) {
	for i, d := range words {
		if !succeeded(d) || !succeededAt(d).After(since) || !inRange(versions, d.Version) {
			continue
		}
		if first == nil || succeededAt(d).Before(succeededAt(*first)) {
			first = &words[i]
		}
	}
	return first
}

// ranAt is the last deployment that had succeeded by the given time and had not failed or been rolled back by then.
func ranAt(words []Deployment, at time.Time) (last *Deployment) {
	for i, d := range words {
		stood := d.Status == StatusSucceeded || d.UpdatedAt.After(at)
		if !succeeded(d) || succeededAt(d).After(at) || !stood {
			continue
		}
		if last == nil || !succeededAt(d).Before(succeededAt(*last)) {
			last = &words[i]
		}
	}
	return last
}

// succeeded tells whether the deployment has ever succeeded, whatever happened to it later.
func succeeded(d Deployment) bool {
	return d.Status == StatusSucceeded || succeededAt(d).Before(d.UpdatedAt)
}

// succeededAt is when a deployment first reached a final state. If it later failed or was rolled back, the time is
// from before that.
func succeededAt(d Deployment) time.Time {
	if d.FinishedAt != nil {
		return *d.FinishedAt
	}
	return d.UpdatedAt
}

// age compares d with the origin. It is negative if d is older, zero if it is the same version, positive if it is
// newer. If the versions cannot be compared, d is older if it is below the range or was deployed before the origin.
func age(d Deployment, origin *Deployment, versions string, words []Deployment) int {
	if origin != nil {
		if d.Version == origin.Version {
			return 0
		}
		if order, comparable := evaluator.CompareVersions(d.Version, origin.Version); comparable {
			return order
		}
	}
	if belowRange(versions, d.Version) {
		return -1
	}
	for _, word := range words {
		if origin != nil && word.Version == d.Version && word.StartedAt.Before(origin.StartedAt) {
			return -1
		}
	}
	return 1
}

// belowRange tells whether every version in the range is newer than version.
func belowRange(versions, version string) bool {
	r, err := evaluator.ParseVersionRange(versions)
	return err == nil && r.Above(version)
}
