package release

import (
	"regexp"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// What names one version where a service has no semantic ones: a commit, in full or by its first digits, or a date with
// whatever follows. Everything else that is no range is more likely a range with a mistake in it.
var (
	commit = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
	dated  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[0-9A-Za-z._:+-]*$`)
)

// parseVersions gives what is wrong with the versions that a release waits for: a semver range, a commit or a date.
func parseVersions(versions string) error {
	if commit.MatchString(versions) || dated.MatchString(versions) {
		return nil
	}
	_, err := evaluator.ParseVersionRange(versions)
	return err
}

// inRange tells whether version is among the versions. What parseVersions refuses, which ValidateSpec keeps out,
// holds none.
//
// A commit or a date stands for itself alone: which of two of them is the newer only the order of their deployments
// tells, see age.
func inRange(versions, version string) bool {
	if versions == version && version != "" {
		return parseVersions(versions) == nil
	}
	if commit.MatchString(versions) && commit.MatchString(version) && strings.HasPrefix(version, versions) {
		return true
	}
	r, err := evaluator.ParseVersionRange(versions)
	return err == nil && r.Contains(version)
}
