package tidegate

import (
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProcessIdentity(t *testing.T) {
	t.Parallel()
	build := func(path, version string) *debug.BuildInfo {
		return &debug.BuildInfo{Path: path, Main: debug.Module{Path: "example.com/shop", Version: version}}
	}
	const attributes = "service.name=cart,service.version=1.4.0,service.instance.id=pod-7"
	for name, test := range map[string]struct {
		environment map[string]string
		build       *debug.BuildInfo
		want        identity
	}{
		"the binary alone":           {nil, build("example.com/shop/cmd/checkout", "v2.3.0"), identity{service: "checkout", version: "2.3.0"}},
		"a second major version":     {nil, build("example.com/shop/v2", "v2.3.0"), identity{service: "shop", version: "2.3.0"}},
		"a build without a version":  {nil, build("example.com/shop", "(devel)"), identity{service: "shop"}},
		"a test of the command line": {nil, build("command-line-arguments", ""), identity{}},
		"nothing":                    {nil, nil, identity{}},
		"resource attributes":        {map[string]string{envResourceAttributes: attributes}, build("x", "v9.0.0"), identity{service: "cart", version: "1.4.0", instance: "pod-7"}},
		"the service name":           {map[string]string{envResourceAttributes: attributes, envServiceName: "basket"}, nil, identity{service: "basket", version: "1.4.0", instance: "pod-7"}},
		"what is encoded":            {map[string]string{envResourceAttributes: " service.name = a%2Cb , other=1,"}, nil, identity{service: "a,b"}},
		"what has no form":           {map[string]string{envResourceAttributes: "service.name=cart,oops"}, nil, identity{}},
		"what is encoded wrongly":    {map[string]string{envResourceAttributes: "service.name=%zz"}, nil, identity{}},
	} {
		got := processIdentity(func(name string) string { return test.environment[name] }, test.build)
		require.NotEmpty(t, got.instance, name)
		if test.want.instance == "" {
			got.instance = ""
		}
		require.Equal(t, test.want, got, name)
	}
}

func TestRandomInstanceNamesTheHost(t *testing.T) {
	t.Parallel()
	host, err := os.Hostname()
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(randomInstance(), host+"-"))
	first, second := randomInstance(), randomInstance()
	require.NotEqual(t, first, second)
}
