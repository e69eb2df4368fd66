package release

import (
	"regexp"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
)

// These patterns match the name of one version if a service has no semantic versions. Such a name is a commit, in
// full or by its first digits, or a date with anything after it. Any other text that is no range is more likely a
// range with a mistake in it.
var (
	commit = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
	dated  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[0-9A-Za-z._:+-]*$`)
)

// parseVersions gives an error unless versions is something that a release can wait for: a semver range, a commit or
// a date.
func parseVersions(versions string) error {
	if commit.MatchString(versions) || dated.MatchString(versions) {
		return nil
	}
	_, err := evaluator.ParseVersionRange(versions)
	return err
}

// inRange tells whether version is among the versions. If parseVersions refuses versions, no version is among them.
// ValidateSpec keeps such versions out.
//
// A commit or a date matches only itself. Which of two of them is newer follows only from the order of their
// deployments, see age.
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
