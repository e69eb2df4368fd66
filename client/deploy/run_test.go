package deploy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tidegate-io/tidegate/client/deploy"
)

func TestTheRunIsThatOfTheCI(t *testing.T) {
	for name, c := range map[string]struct {
		environment map[string]string
		want        deploy.Run
	}{
		"none": {nil, deploy.Run{Source: "cli"}},
		"GitHub Actions": {map[string]string{
			"GITHUB_RUN_ID": "9", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_SHA": "c0ffee", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/shop",
		}, deploy.Run{"github-actions", "9.2", "https://github.com/acme/shop/actions/runs/9", "c0ffee"}},
		"GitLab": {map[string]string{"CI_PIPELINE_ID": "5", "CI_PIPELINE_URL": "https://gitlab.example/5", "CI_COMMIT_SHA": "c0ffee"},
			deploy.Run{"gitlab", "5", "https://gitlab.example/5", "c0ffee"}},
		"Jenkins":   {map[string]string{"BUILD_TAG": "jenkins-shop-7", "BUILD_URL": "https://ci/7", "GIT_COMMIT": "c0ffee"}, deploy.Run{"jenkins", "jenkins-shop-7", "https://ci/7", "c0ffee"}},
		"CircleCI":  {map[string]string{"CIRCLE_WORKFLOW_ID": "w"}, deploy.Run{Source: "circleci", ID: "w"}},
		"Buildkite": {map[string]string{"BUILDKITE_BUILD_ID": "b"}, deploy.Run{Source: "buildkite", ID: "b"}},
		"Azure":     {map[string]string{"BUILD_BUILDID": "3"}, deploy.Run{Source: "azure-pipelines", ID: "3"}},
		"Bitbucket": {map[string]string{"BITBUCKET_BUILD_NUMBER": "3", "BITBUCKET_REPO_FULL_NAME": "a/b"}, deploy.Run{Source: "bitbucket", ID: "a/b/3"}},
		"Drone":     {map[string]string{"DRONE_BUILD_NUMBER": "3"}, deploy.Run{Source: "drone", ID: "3"}},
	} {
		assert.Equal(t, c.want, deploy.DetectRun(func(name string) string { return c.environment[name] }), name)
	}
}
