package hooks_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/hooks"
	"github.com/tidegate-io/tidegate/store"
)

// story is what one tool reports about one deployment, in the order in which it happened. The events are a minute
// apart.
type story struct {
	kind string
	// begin is what is known before the first event; nil means nothing.
	begin  *release.Deployment
	events func(t *testing.T, environment string, at func(minute int) time.Time) [][]byte
	want   release.Status
}

// stories happened an hour ago, so that the senders' times are believed.
func stories() []story {
	rfc := func(at time.Time) string { return at.Format(time.RFC3339) }
	return []story{
		{kind: "github", want: release.StatusSucceeded, events: func(t *testing.T, environment string, at func(int) time.Time) (list [][]byte) {
			for i, state := range []string{"queued", "in_progress", "success", "inactive"} {
				list = append(list, changed(t, func(status, deployment, _ map[string]any) {
					status["state"], status["environment"], status["created_at"], deployment["created_at"] = state, environment, rfc(at(i)), rfc(at(0))
				}))
			}
			return list
		}},
		{kind: "argocd", want: release.StatusFailed, events: func(t *testing.T, environment string, at func(int) time.Time) (list [][]byte) {
			for i, health := range []string{"Progressing", "Healthy", "Degraded"} {
				list = append(list, edit(t, testdata(t, "argocd", "healthy"), map[string]any{
					"environment": environment, "health": health, "startedAt": rfc(at(0)), "finishedAt": rfc(at(i)), "reconciledAt": rfc(at(i)),
				}))
			}
			return list
		}},
		{kind: "argo-rollouts", want: release.StatusSucceeded, events: func(t *testing.T, environment string, at func(int) time.Time) (list [][]byte) {
			for i, event := range []string{"updated", "stepCompleted", "stepCompleted", "completed"} {
				list = append(list, edit(t, testdata(t, "argo-rollouts", "stepCompleted"), map[string]any{
					"environment": environment, "event": event, "weight": i * 10, "at": rfc(at(i)),
				}))
			}
			return list
		}},
		{kind: "flagger", want: release.StatusFailed, events: flaggerEvents("2.3.0", "New revision detected!", "Halt advancement", "Canary failed!")},
		{kind: "flagger", want: release.StatusSucceeded, events: flaggerEvents(nil, "New revision detected!", "Copying", "Promotion completed!"),
			begin: &release.Deployment{Service: "checkout", Version: "2.3.0", Source: "ci", ExternalID: "run-7", Status: release.StatusStarted}},
		{kind: "codedeploy", want: release.StatusSucceeded,
			begin: &release.Deployment{Service: "checkout", Version: "2.3.0", Source: "codedeploy", ExternalID: "d-8QK2M4X1A", Status: release.StatusStarted},
			events: func(t *testing.T, environment string, at func(int) time.Time) (list [][]byte) {
				for i, state := range []string{"START", "READY", "SUCCESS"} {
					list = append(list, edit(t, testdata(t, "codedeploy", "success"), map[string]any{
						"detail.deploymentGroup": environment, "detail.state": state, "time": rfc(at(i)),
					}))
				}
				return list
			}},
		{kind: "generic", want: release.StatusRolledBack, events: func(t *testing.T, environment string, at func(int) time.Time) (list [][]byte) {
			for i, status := range []string{"running", "success", "rolled_back"} {
				list = append(list, edit(t, testdata(t, "generic", "report"), map[string]any{
					"environment": environment, "status": status, "at": rfc(at(i)),
				}))
			}
			return list
		}},
	}
}

func flaggerEvents(version any, messages ...string) func(*testing.T, string, func(int) time.Time) [][]byte {
	return func(t *testing.T, environment string, at func(int) time.Time) (list [][]byte) {
		for i, message := range messages {
			list = append(list, edit(t, testdata(t, "flagger", "event"), map[string]any{
				"metadata.eventMessage": message, "metadata.environment": environment, "metadata.version": version,
				"metadata.timestamp": strconv.FormatInt(at(i).UnixMilli(), 10),
			}))
		}
		return list
	}
}

// The events of a deployment may come in any order, and each may come any number of times: the end is the same for
// every kind of webhook. The test sends each order to an environment of its own.
func TestOrderAndRepetitionDoNotMatter(t *testing.T) {
	t.Parallel()
	for i, s := range stories() {
		t.Run(fmt.Sprint(i, " ", s.kind), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, hooks.GitHub{})
			b.webhook(s.kind, `{}`)
			b.now = start.Add(time.Hour)
			at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
			told := 0
			tell := func(order []int) string {
				told++
				ref := store.EnvironmentRef{Project: "default", Environment: fmt.Sprint("e", told)}
				_, err := b.store.CreateEnvironment(b.Context(), store.Environment{EnvironmentRef: ref, Name: "e"}, store.Attribution{At: start})
				require.NoError(b, err)
				if s.begin != nil {
					begin := *s.begin
					begin.ID, begin.StartedAt, begin.UpdatedAt = ref.Environment, at(0), at(0)
					_, _, err := b.store.PutDeployment(b.Context(), store.Deployment{EnvironmentRef: ref, Deployment: begin}, store.Attribution{At: start})
					require.NoError(b, err)
				}
				events := s.events(t, ref.Environment, at)
				for _, i := range order {
					b.accept(s.kind, "", events[i%len(events)])
				}
				return b.end(ref)
			}
			n := len(s.events(t, "e", at))
			once := make([]int, n)
			for i := range once {
				once[i] = i
			}
			want := tell(once)
			require.Contains(t, want, `"status":"`+string(s.want)+`"`)
			rapid.Check(t, func(r *rapid.T) {
				twice := append(append([]int{}, once...), rapid.SliceOfN(rapid.IntRange(0, n-1), 0, n).Draw(r, "repeated")...)
				require.Equal(r, want, tell(rapid.Permutation(twice).Draw(r, "order")))
			})
		})
	}
}

// end is everything that is known of the deployments of an environment, except their ids.
func (b *bench) end(ref store.EnvironmentRef) string {
	deployments, err := b.store.ListDeployments(b.Context(), ref, store.DeploymentFilter{})
	require.NoError(b, err)
	list := make([]release.Deployment, len(deployments))
	for i, d := range deployments {
		list[i] = d.Deployment
		list[i].ID = ""
	}
	encoded, err := json.Marshal(list)
	require.NoError(b, err)
	return string(encoded)
}
