package conformance

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	tidegate "github.com/tidegate-io/tidegate/sdk"
	"github.com/tidegate-io/tidegate/server/stream/streamtest"
)

// away is the address of a server that has been stopped.
func away(t *testing.T, shop *streamtest.Shop) *streamtest.Server {
	t.Helper()
	server := streamtest.Start(t, shop, streamtest.Options{})
	server.Stop()
	return server
}

// bootstrap is a definition with one flag, as a file.
func bootstrap(t *testing.T, flags ...evaluator.Flag) fstest.MapFS {
	t.Helper()
	data, err := json.Marshal(evaluator.Definition{
		FormatVersion: evaluator.FormatVersion, Project: "shop", Environment: "production", Epoch: "shipped", Revision: 1_000_000, Flags: flags,
	})
	require.NoError(t, err)
	return fstest.MapFS{"flags.json": {Data: data}}
}

func TestBootstrapServesUntilTheServerIsThere(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := away(t, shop)

	// The start does not wait for the init timeout.
	a := start(t, server.URL, shop.ServerKey, tidegate.WithInitTimeout(time.Hour),
		tidegate.WithBootstrap(bootstrap(t, streamtest.Switch("checkout", true)), "flags.json"))
	require.NoError(t, a.setError)
	require.True(t, a.enabled("checkout"))
	a.hear(t, openfeature.ProviderStale)

	streamtest.Start(t, shop, streamtest.Options{Addr: server.Addr})
	require.Equal(t, []string{"checkout"}, a.hear(t, openfeature.ProviderConfigChange).FlagChanges)
	require.False(t, a.enabled("checkout"), "what the server sends goes before, whatever its revision")
}

func TestBootstrapThatIsOfNoUseIsLeft(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	server := streamtest.Start(t, shop, streamtest.Options{})
	for name, files := range map[string]fstest.MapFS{
		"missing": {}, "no JSON": {"flags.json": {Data: []byte("{")}}, "another format": {"flags.json": {Data: []byte(`{"formatVersion":99}`)}},
	} {
		a := start(t, server.URL, shop.ServerKey, tidegate.WithBootstrap(files, "flags.json"))
		require.NoError(t, a.setError, name)
		require.True(t, a.enabled("checkout"), name)

		offline := start(t, "", "", tidegate.WithOffline(), tidegate.WithBootstrap(files, "flags.json"))
		var fatal *openfeature.ProviderInitError
		require.ErrorAs(t, offline.setError, &fatal, name)
		require.ErrorContains(t, fatal, "bootstrap")
	}
}

func TestOfflineAsksNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "flags.json")
	require.NoError(t, os.WriteFile(path, bootstrap(t, streamtest.Switch("checkout", true))["flags.json"].Data, 0o600))
	shipped := start(t, "", "", tidegate.WithOffline(), tidegate.WithBootstrapFile(path))
	require.NoError(t, shipped.setError)
	require.True(t, shipped.enabled("checkout"))

	bare := start(t, "", "", tidegate.WithOffline())
	require.NoError(t, bare.setError)
	detail, err := bare.client.BooleanValueDetails(t.Context(), "checkout", true, openfeature.NewEvaluationContext("user-1", nil))
	require.NoError(t, err)
	require.True(t, detail.Value, "the code default")
	require.Equal(t, openfeature.DefaultReason, detail.Reason)
	bare.client.Track(t.Context(), "nobody.hears", openfeature.EvaluationContext{}, openfeature.TrackingEventDetails{})
}

// kept waits until the snapshot file has the flag with this value of enabled.
func kept(t *testing.T, path string, enabled bool) {
	t.Helper()
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		data, err := os.ReadFile(path)
		require.NoError(c, err)
		var file struct{ Definition evaluator.Definition }
		require.NoError(c, json.Unmarshal(data, &file))
		require.Len(c, file.Definition.Flags, 1)
		require.Equal(c, enabled, file.Definition.Flags[0].Config.Enabled)
	}, 10*time.Second, 10*time.Millisecond)
}

func TestSnapshotFileServesAStartWithoutTheServer(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", false))
	server := streamtest.Start(t, shop, streamtest.Options{})
	path := filepath.Join(t.TempDir(), "snapshot.json")

	before := tidegate.NewProvider(server.URL, shop.ServerKey, tidegate.WithSnapshotFile(path))
	require.NoError(t, before.Init(openfeature.EvaluationContext{}))
	shop.Configure(t, "checkout", streamtest.SwitchConfig(true))
	kept(t, path, true)
	before.Shutdown()
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, files, 1, "no draft is left")

	server.Stop()
	a := start(t, server.URL, shop.ServerKey, tidegate.WithInitTimeout(time.Hour), tidegate.WithSnapshotFile(path))
	require.NoError(t, a.setError)
	require.True(t, a.enabled("checkout"))

	shop.Configure(t, "checkout", streamtest.SwitchConfig(false))
	streamtest.Start(t, shop, streamtest.Options{Addr: server.Addr})
	a.hear(t, openfeature.ProviderConfigChange)
	require.False(t, a.enabled("checkout"))
	kept(t, path, false)
}

// A file of another environment, or a damaged file, is not served.
func TestSnapshotFileOfNoUse(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	server := streamtest.Start(t, shop, streamtest.Options{})
	path := filepath.Join(t.TempDir(), "snapshot.json")
	first := tidegate.NewProvider(server.URL, shop.ServerKey, tidegate.WithSnapshotFile(path))
	require.NoError(t, first.Init(openfeature.EvaluationContext{}))
	first.Shutdown()
	kept(t, path, true)
	server.Stop()

	staging := start(t, server.URL, "sdk-staging", tidegate.WithInitTimeout(50*time.Millisecond), tidegate.WithSnapshotFile(path))
	require.ErrorContains(t, staging.setError, "trying on")
	require.False(t, staging.enabled("checkout"))

	require.NoError(t, os.WriteFile(path, []byte(`{"key":`), 0o600))
	damaged := start(t, server.URL, shop.ServerKey, tidegate.WithInitTimeout(50*time.Millisecond), tidegate.WithSnapshotFile(path))
	require.ErrorContains(t, damaged.setError, "trying on")
	streamtest.Start(t, shop, streamtest.Options{Addr: server.Addr})
	damaged.hear(t, openfeature.ProviderReady)
	require.True(t, damaged.enabled("checkout"))
	kept(t, path, true)
}

// A revoked key ends the provider, even if the provider has a definition of its own.
func TestBootstrapDoesNotOutliveTheKey(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	server := streamtest.Start(t, shop, streamtest.Options{})
	a := start(t, server.URL, "sdk-unknown", tidegate.WithBootstrap(bootstrap(t, streamtest.Switch("checkout", true)), "flags.json"))
	var fatal *openfeature.ProviderInitError
	require.ErrorAs(t, a.setError, &fatal)
	require.Equal(t, openfeature.ProviderFatalCode, fatal.ErrorCode)
}

// The server's answer can be used as the file of a bootstrap.
func TestSnapshotAnswerIsABootstrap(t *testing.T) {
	t.Parallel()
	shop := streamtest.NewShop(t)
	shop.AddFlag(t, streamtest.Switch("checkout", true))
	server := streamtest.Start(t, shop, streamtest.Options{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/sdk/v1/snapshot", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+shop.ServerKey)
	response, err := server.Client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var def evaluator.Definition
	require.NoError(t, json.NewDecoder(response.Body).Decode(&def))
	data, err := json.Marshal(def)
	require.NoError(t, err)

	a := start(t, "", "", tidegate.WithOffline(), tidegate.WithBootstrap(fstest.MapFS{"f": {Data: data}}, "f"))
	require.NoError(t, a.setError)
	require.True(t, a.enabled("checkout"))
}
