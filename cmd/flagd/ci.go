package main

import "strings"

// ciRun is the run of a pipeline.
type ciRun struct {
	// source names the CI, and id the run, other than every other run and attempt of the same CI.
	source, id  string
	url, commit string
}

// detectRun tells from the variables that a CI sets which run this is; its source is "cli" where there is no CI.
func detectRun(getenv func(string) string) ciRun {
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
		run := ciRun{source: "github-actions", id: join(".", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT"), commit: getenv("GITHUB_SHA")}
		if getenv("GITHUB_SERVER_URL") != "" && getenv("GITHUB_REPOSITORY") != "" {
			run.url = join("/", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY") + "/actions/runs/" + getenv("GITHUB_RUN_ID")
		}
		return run
	case getenv("CI_PIPELINE_ID") != "":
		return ciRun{source: "gitlab", id: getenv("CI_PIPELINE_ID"), url: getenv("CI_PIPELINE_URL"), commit: getenv("CI_COMMIT_SHA")}
	case getenv("BUILDKITE_BUILD_ID") != "":
		return ciRun{source: "buildkite", id: getenv("BUILDKITE_BUILD_ID"), url: getenv("BUILDKITE_BUILD_URL"), commit: getenv("BUILDKITE_COMMIT")}
	case getenv("CIRCLE_WORKFLOW_ID") != "":
		return ciRun{source: "circleci", id: getenv("CIRCLE_WORKFLOW_ID"), url: getenv("CIRCLE_BUILD_URL"), commit: getenv("CIRCLE_SHA1")}
	case getenv("BUILD_BUILDID") != "":
		return ciRun{source: "azure-pipelines", id: getenv("BUILD_BUILDID"), commit: getenv("BUILD_SOURCEVERSION")}
	case getenv("BITBUCKET_BUILD_NUMBER") != "":
		return ciRun{source: "bitbucket", id: join("/", "BITBUCKET_REPO_FULL_NAME", "BITBUCKET_BUILD_NUMBER"), commit: getenv("BITBUCKET_COMMIT")}
	case getenv("DRONE_BUILD_NUMBER") != "":
		return ciRun{source: "drone", id: join("/", "DRONE_REPO", "DRONE_BUILD_NUMBER"), url: getenv("DRONE_BUILD_LINK"), commit: getenv("DRONE_COMMIT_SHA")}
	case getenv("BUILD_TAG") != "":
		return ciRun{source: "jenkins", id: getenv("BUILD_TAG"), url: getenv("BUILD_URL"), commit: getenv("GIT_COMMIT")}
	}
	return ciRun{source: "cli"}
}
