// Package deploy reports deployments from pipelines. It finds out which run of which CI it is in, makes another
// attempt after a failure, and prints what the releases do about it.
package deploy

import "strings"

// Run is the run of a pipeline.
type Run struct {
	// Source names the CI. ID is the id of the run. It differs from the id of every other run and attempt of the same
	// CI, and it is empty where there is no CI.
	Source, ID string
	// URL is a page about the run, and Commit is what the run builds. Both are empty where the CI does not tell.
	URL, Commit string
}

// DetectRun finds out which run this is, from the variables that a CI sets. Its source is "cli" where there is no CI.
func DetectRun(getenv func(string) string) Run {
	join := func(separator string, names ...string) string {
		var texts []string
		for _, name := range names {
			if text := getenv(name); text != "" {
				texts = append(texts, text)
			}
		}
		return strings.Join(texts, separator)
	}
	switch {
	case getenv("GITHUB_RUN_ID") != "":
		run := Run{
			Source: "github-actions",
			ID:     join(".", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT"),
			Commit: getenv("GITHUB_SHA"),
		}
		if getenv("GITHUB_SERVER_URL") != "" && getenv("GITHUB_REPOSITORY") != "" {
			run.URL = join("/", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY") + "/actions/runs/" + getenv("GITHUB_RUN_ID")
		}
		return run
	case getenv("CI_PIPELINE_ID") != "":
		return Run{
			Source: "gitlab",
			ID:     getenv("CI_PIPELINE_ID"),
			URL:    getenv("CI_PIPELINE_URL"),
			Commit: getenv("CI_COMMIT_SHA"),
		}
	case getenv("BUILDKITE_BUILD_ID") != "":
		return Run{
			Source: "buildkite",
			ID:     getenv("BUILDKITE_BUILD_ID"),
			URL:    getenv("BUILDKITE_BUILD_URL"),
			Commit: getenv("BUILDKITE_COMMIT"),
		}
	case getenv("CIRCLE_WORKFLOW_ID") != "":
		return Run{
			Source: "circleci",
			ID:     getenv("CIRCLE_WORKFLOW_ID"),
			URL:    getenv("CIRCLE_BUILD_URL"),
			Commit: getenv("CIRCLE_SHA1"),
		}
	case getenv("BUILD_BUILDID") != "":
		return Run{Source: "azure-pipelines", ID: getenv("BUILD_BUILDID"), Commit: getenv("BUILD_SOURCEVERSION")}
	case getenv("BITBUCKET_BUILD_NUMBER") != "":
		return Run{
			Source: "bitbucket",
			ID:     join("/", "BITBUCKET_REPO_FULL_NAME", "BITBUCKET_BUILD_NUMBER"),
			Commit: getenv("BITBUCKET_COMMIT"),
		}
	case getenv("DRONE_BUILD_NUMBER") != "":
		return Run{
			Source: "drone",
			ID:     join("/", "DRONE_REPO", "DRONE_BUILD_NUMBER"),
			URL:    getenv("DRONE_BUILD_LINK"),
			Commit: getenv("DRONE_COMMIT_SHA"),
		}
	case getenv("BUILD_TAG") != "":
		return Run{Source: "jenkins", ID: getenv("BUILD_TAG"), URL: getenv("BUILD_URL"), Commit: getenv("GIT_COMMIT")}
	}
	return Run{Source: "cli"}
}
