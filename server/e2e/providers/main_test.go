// Package providers tests flagd with OpenFeature's official Go providers, unmodified: the one for flagd, by RPC and
// in-process, and the one for OFREP. It is a module of its own, so that nothing else inherits their dependencies.
package providers

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"testing"
	"time"

	flagd "github.com/open-feature/go-sdk-contrib/providers/flagd/pkg"
	"github.com/open-feature/go-sdk-contrib/providers/ofrep"
	"github.com/open-feature/go-sdk/openfeature"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// root is the folder of the repository, where flagd is built: with its own dependencies, not with those of this module.
const root = "../../.."

// patience bounds waiting for something that must come. The providers wait up to some seconds before they connect
// again.
const patience = 40 * time.Second

func TestMain(m *testing.M) {
	if err := os.Chdir(root); err != nil {
		fmt.Fprintln(os.Stderr, "go to the root of the repository:", err)
		os.Exit(1)
	}
	os.Exit(flagdtest.Main(m))
}

// place is a flagd that is started and ended again at the same addresses, with the same data.
type place struct {
	*flagdtest.Server
	settings flagdtest.Settings
	key      string
	// rpc and sync are the addresses of flagd's protocols.
	rpc, sync string
}

func open(t *testing.T) *place {
	t.Helper()
	p := &place{rpc: flagdtest.FreeAddress(t), sync: flagdtest.FreeAddress(t)}
	p.settings = flagdtest.Settings{
		DataDir: t.TempDir(), Addr: flagdtest.FreeAddress(t), Environment: []string{
			"FLAGD_FLAGD_ADDR=" + p.rpc, "FLAGD_FLAGD_SYNC_ADDR=" + p.sync, "FLAGD_DRAIN_GRACE=1ms",
		},
	}
	p.start(t)
	p.key = p.SDKKey(t, "production", "server")
	return p
}

func (p *place) start(t *testing.T) {
	t.Helper()
	p.Server = flagdtest.Start(t, p.settings)
}

// selector is the selector of a client that can send its key in no other way.
func (p *place) selector() string { return "flagSetId=default/production,key=" + p.key }

// modes make the providers.
var modes = map[string]func(t *testing.T, p *place) openfeature.FeatureProvider{
	"rpc": func(t *testing.T, p *place) openfeature.FeatureProvider {
		host, port := hostPort(t, p.rpc)
		provider, err := flagd.NewProvider(flagd.WithRPCResolver(), flagd.WithHost(host), flagd.WithPort(port),
			flagd.WithSelector(p.selector()), flagd.WithEventStreamConnectionMaxAttempts(1000))
		require.NoError(t, err)
		return provider
	},
	"in-process": func(t *testing.T, p *place) openfeature.FeatureProvider {
		host, port := hostPort(t, p.sync)
		provider, err := flagd.NewProvider(append(withKey(p.key), flagd.WithHost(host), flagd.WithPort(port),
			flagd.WithSelector("flagSetId=default/production"), flagd.WithRetryBackoffMaxMs(500))...)
		require.NoError(t, err)
		return provider
	},
	"ofrep": func(_ *testing.T, p *place) openfeature.FeatureProvider {
		return ofrep.NewProvider(p.URL, ofrep.WithBearerToken(p.key))
	},
}

// withKey makes the in-process provider send its key as metadata, as docs/flagd.md describes.
func withKey(key string) []flagd.ProviderOption {
	authorize := func(
		ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, streamer grpc.Streamer, options ...grpc.CallOption,
	) (grpc.ClientStream, error) {
		return streamer(metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+key), desc, conn, method, options...)
	}
	return []flagd.ProviderOption{flagd.WithInProcessResolver(), flagd.WithGrpcDialOptionsOverride([]grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithStreamInterceptor(authorize),
	})}
}

func hostPort(t *testing.T, address string) (string, uint16) {
	t.Helper()
	host, text, err := net.SplitHostPort(address)
	require.NoError(t, err)
	port, err := strconv.ParseUint(text, 10, 16)
	require.NoError(t, err)
	return host, uint16(port)
}

// connect gives a client of the provider.
func connect(t *testing.T, provider openfeature.FeatureProvider) *openfeature.Client {
	t.Helper()
	require.NoError(t, openfeature.SetNamedProviderAndWait(t.Name(), provider))
	if handler, ok := provider.(openfeature.StateHandler); ok {
		t.Cleanup(handler.Shutdown)
	}
	return openfeature.NewClient(t.Name())
}
