package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// guardWait bounds the wait until enough was measured. Measurements are stored every ten seconds, and the first of
// them are only looked at.
const guardWait = 2 * time.Minute

// Two groups of people use the shop: those who get the new checkout, and the rest. The test reports what they do as
// applications report it, without what they were served. The server finds that out itself.
func TestAGuardRevertsAReleaseThatHarmsAndLetsOneThatDoesNotComplete(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		errorsOfExposed int // of ten attempts
		phase           string
		reason          string
	}{
		"harms":    {5, "reverted", `^Reverted by guard errors: 5[\d.]* % of [\d ]+ exposed against 1[\d.]* % of [\d ]+ others: worse with 95 % confidence\.$`},
		"harmless": {1, "completed", `^Completed at 100%: the hold is over\.$`},
		"heals":    {0, "completed", `^Completed at 100%: the hold is over\.$`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := flagdtest.Start(t, flagdtest.Settings{DataDir: t.TempDir()})
			server.MustCall(t, http.MethodPut, flagdtest.Project+"/flags/"+releasedFlag, flagdtest.Map{"type": "boolean"}, nil)
			key := server.SDKKey(t, "production", "server")
			server.MustCall(t, http.MethodPut, releasePath, flagdtest.Map{
				"variation": "on", "trigger": flagdtest.Map{"manual": true},
				"steps": []flagdtest.Map{{"weight": 50_000, "hold": "1s"}, {"weight": 100_000}},
				"guards": []flagdtest.Map{{
					"name": "errors", "kind": "rate", "metric": "checkout.error", "per": "checkout.attempt",
					"better": "lower", "tolerance": 0.0, "minSample": 1000, "onBreach": "revert",
				}},
			}, nil)
			server.MustCall(t, http.MethodPost, releasePath+"/start", nil, nil)
			awaitShare(t, server, key, 0.35, 0.65)

			shop := population(t, server, key)
			current := shop.use(t, server, key, c.errorsOfExposed)
			require.Equal(t, c.phase, current.Phase, current.Reason)
			require.Regexp(t, c.reason, current.Reason)
		})
	}
}

// users are the users of the shop. The value tells whether the user gets the new checkout.
type users map[string]bool

func population(t *testing.T, server *flagdtest.Server, key string) users {
	t.Helper()
	all := users{}
	for i := range 200 {
		user := fmt.Sprintf("user-%d", i)
		evaluation, err := server.Evaluate(t.Context(), key, releasedFlag, user)
		require.NoError(t, err)
		all[user] = evaluation.Value == true
	}
	return all
}

// use lets everybody use the shop again and again as long as the release goes on.
func (u users) use(t *testing.T, server *flagdtest.Server, key string, errorsOfExposed int) release {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), guardWait)
	defer cancel()
	pace := time.NewTicker(200 * time.Millisecond)
	defer pace.Stop()
	for {
		u.report(t, server, key, errorsOfExposed)
		current := getRelease(t.Context(), t, server)
		if current.Phase != "progressing" {
			return current
		}
		select {
		case <-pace.C:
		case <-ctx.Done():
			require.Fail(t, "the release neither ends nor goes on", "it stands at %+v", current)
		}
	}
}

// report reports one attempt by each user. Of ten exposed users, errorsOfExposed fail; of ten other users, one fails.
func (u users) report(t *testing.T, server *flagdtest.Server, key string, errorsOfExposed int) {
	t.Helper()
	events, seen := []flagdtest.Map{}, map[bool]int{}
	track := func(name, user string) {
		events = append(events, flagdtest.Map{"kind": "track", "name": name, "value": 1, "context": flagdtest.Map{"targetingKey": user}})
	}
	for user, exposed := range u {
		track("checkout.attempt", user)
		failing := 1
		if exposed {
			failing = errorsOfExposed
		}
		if seen[exposed]%10 < failing {
			track("checkout.error", user)
		}
		seen[exposed]++
	}
	var answer struct{ Accepted, Measured, Dropped int }
	require.NoError(t, server.CallAs(t.Context(), key, http.MethodPost, "/sdk/v1/events", flagdtest.Map{
		"serviceName": "checkout", "serviceVersion": "2.3.0", "events": events,
	}, &answer))
	require.Equal(t, len(events), answer.Accepted)
	require.Zero(t, answer.Dropped)
}
