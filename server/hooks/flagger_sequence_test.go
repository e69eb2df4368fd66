package hooks_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/release"
	"github.com/tidegate-io/tidegate/server/hooks"
)

// canary is Flagger at work on one Canary. It sends what Flagger 1.36 sends, in the same order, with the phase and
// the version that the Canary has at that time.
type canary struct {
	*bench
	version, phase string
	// lost: nobody answers. repeats is how often each event is sent.
	lost    bool
	repeats int
	last    []byte
}

func newCanary(b *bench) *canary {
	b.webhook("flagger", `{}`)
	c := &canary{bench: b, version: "1.0.0", phase: "Initializing", repeats: 1}
	c.tell("all the metrics providers are available!")
	c.phase = "Initialized"
	c.tell("Initialization done! checkout.production")
	return c
}

func (c *canary) tell(message string) {
	c.Helper()
	c.now = c.now.Add(time.Minute)
	event, err := json.Marshal(map[string]any{
		"name": "checkout", "namespace": "production", "phase": c.phase, "checksum": "85d557f47b", "metadata": map[string]any{
			"eventMessage": message, "eventType": "Normal", "timestamp": strconv.FormatInt(c.now.UnixMilli(), 10), "version": c.version,
		},
	})
	require.NoError(c, err)
	c.last = event
	if c.lost {
		return
	}
	for range c.repeats {
		c.accept("flagger", "event", event)
	}
}

// gated asks the gate before the rollout. Until the gate passes, the phase is the one in which the last revision
// ended.
func (c *canary) gated(version string) {
	c.Helper()
	c.version = version
	c.tell("Halt checkout.production advancement waiting for approval gate")
	c.phase = "Waiting"
	c.tell("Confirm-rollout check gate passed")
}

func (c *canary) begin(version string) {
	c.Helper()
	c.version = version
	c.tell("Confirm-rollout check gate passed")
	c.phase = "Progressing"
	c.tell("New revision detected! Scaling up checkout.production")
	c.tell("Starting canary analysis for checkout.production")
	c.tell("Advance checkout.production canary weight 10")
}

func (c *canary) restart(version string) {
	c.Helper()
	c.version = version
	c.tell("New revision detected! Restarting analysis for checkout.production")
	c.tell("Starting canary analysis for checkout.production")
}

// promoting copies the revision to the primary. From then on the Canary may name a newer version. Flagger looks at
// that version when the promotion is complete.
func (c *canary) promoting(next string) {
	c.Helper()
	c.tell("Confirm-promotion check tidegate-promotion passed")
	c.tell("Copying checkout.production template spec to checkout-primary.production")
	c.phase, c.version = "Promoting", next
	c.tell("Routing all traffic to primary")
}

func (c *canary) complete() {
	c.Helper()
	c.phase = "Succeeded"
	c.tell("Promotion completed! Scaling down checkout.production")
}

func (c *canary) promote() {
	c.Helper()
	c.promoting(c.version)
	c.complete()
}

func (c *canary) fail() {
	c.Helper()
	c.tell("Halt checkout.production advancement success rate 69.17% < 99%")
	c.tell("Rolling back checkout.production failed checks threshold reached 5")
	c.phase = "Failed"
	c.tell("Canary failed! Scaling down checkout.production")
}

func TestFlaggerTellsWhatBecomesOfEachVersion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(c *canary)
		want []string
	}{
		"promotion": {func(c *canary) {
			c.begin("2.0.0")
			c.promote()
		}, []string{"2.0.0 succeeded"}},
		"a gate that waits, after a success": {func(c *canary) {
			c.begin("2.0.0")
			c.promote()
			c.gated("3.0.0")
		}, []string{"2.0.0 succeeded"}},
		"a gate that waits, after a failure": {func(c *canary) {
			c.begin("2.0.0")
			c.fail()
			c.gated("3.0.0")
		}, []string{"2.0.0 failed"}},
		"a gate that lets through": {func(c *canary) {
			c.gated("2.0.0")
			c.begin("2.0.0")
			c.promote()
		}, []string{"2.0.0 succeeded"}},
		"failure, and another version": {func(c *canary) {
			c.begin("2.0.0")
			c.fail()
			c.begin("2.0.1")
			c.promote()
		}, []string{"2.0.0 failed", "2.0.1 succeeded"}},
		"failure, and retry": {func(c *canary) {
			c.begin("2.0.0")
			c.fail()
			c.begin("2.0.0")
			c.promote()
		}, []string{"2.0.0 failed", "2.0.0 succeeded"}},
		"back in mid canary": {func(c *canary) {
			c.begin("2.0.0")
			c.restart("1.0.0")
			c.promote()
		}, []string{"2.0.0 abandoned", "1.0.0 succeeded"}},
		"a newer version while one is promoted": {func(c *canary) {
			c.begin("2.0.0")
			c.promoting("3.0.0")
			c.complete()
			c.begin("3.0.0")
		}, []string{"2.0.0 succeeded", "3.0.0 started"}},
		"back while one is promoted": {func(c *canary) {
			c.begin("2.0.0")
			c.promoting("1.0.0")
			c.complete()
			c.begin("1.0.0")
			c.promote()
		}, []string{"2.0.0 succeeded", "1.0.0 succeeded"}},
		"analysis skipped": {func(c *canary) {
			c.version, c.phase = "2.0.0", "Progressing"
			c.tell("New revision detected! Scaling up checkout.production")
			c.tell("Copying checkout.production template spec to checkout-primary.production")
			c.tell("Promotion completed! Canary analysis was skipped for checkout.production")
		}, []string{"2.0.0 succeeded"}},
		"everything told three times": {func(c *canary) {
			c.repeats = 3
			c.begin("2.0.0")
			c.fail()
			c.begin("2.0.0")
			c.promote()
			c.gated("3.0.0")
		}, []string{"2.0.0 failed", "2.0.0 succeeded"}},
		"the end told again when the next is under way": {func(c *canary) {
			c.begin("2.0.0")
			c.promote()
			end := c.last
			c.begin("3.0.0")
			c.accept("flagger", "event", end)
		}, []string{"2.0.0 succeeded", "3.0.0 started"}},
		"the end of one lost": {func(c *canary) {
			c.begin("2.0.0")
			c.lost = true
			c.promote()
			c.lost = false
			c.begin("3.0.0")
			c.promote()
		}, []string{"2.0.0 abandoned", "3.0.0 succeeded"}},
		"all but the end lost": {func(c *canary) {
			c.lost = true
			c.begin("2.0.0")
			c.promoting(c.version)
			c.lost = false
			c.complete()
		}, []string{"2.0.0 succeeded"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCanary(newBench(t, hooks.GitHub{}))
			test.do(c)
			require.Equal(t, append([]string{"1.0.0 succeeded"}, test.want...), c.deployed())
		})
	}
}

// The gate passes for a version of which no pod runs yet. This must not start a release.
func TestFlaggersGateStartsNoRelease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, hooks.GitHub{})
		ref := prepareRelease(b)
		c := newCanary(b)
		c.begin("2.0.0")
		c.promote()
		c.gated("3.0.0")
		require.Equal(t, release.PhasePending, b.decide(ref))
		c.begin("3.0.0")
		require.Equal(t, release.PhasePending, b.decide(ref))
		c.promoting(c.version)
		require.Equal(t, release.PhasePending, b.decide(ref))
		c.complete()
		require.Equal(t, release.PhaseProgressing, b.decide(ref))
	})
}
