package ofrep_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// An expression that asks for the time gets it from the clock of the handler, in single and in bulk evaluation.
func TestExpressionsAskTheClockOfTheHandler(t *testing.T) {
	t.Parallel()
	c := &clock{}
	shop, server := open(t, streamtest.Options{Now: c.now})
	timed := streamtest.Switch("timed", true)
	timed.Config.Targeting = json.RawMessage(`{"if": [{"<": [{"var": "$flagd.timestamp"}, 1800000060]}, "off", "on"]}`)
	timed.Config.Fallthrough.Variation = ""
	shop.AddFlag(t, timed)
	require.Eventually(t, func() bool {
		return post(t, server, flagsPath+"/timed", shop.ServerKey, alice).status == http.StatusOK
	}, 10*time.Second, 5*time.Millisecond)
	for _, want := range []string{"off", "on"} {
		require.Equal(t, want, post(t, server, flagsPath+"/timed", shop.ServerKey, alice).body["variant"])
		require.Equal(t, want, post(t, server, flagsPath, shop.ServerKey, alice).flags(t)["timed"]["variant"])
		c.advance(time.Minute)
	}
}
