package storetest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// FreeAddress gives a loopback address whose port is free now. The port is below those that the system gives out
// by itself. So a process that is started again finds its port still free.
func FreeAddress(t testing.TB) string {
	t.Helper()
	const first, ports, attempts = 20_000, 12_000, 100
	for range attempts {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+rand.N(ports)))
		if err == nil {
			defer listener.Close()
			return listener.Addr().String()
		}
	}
	require.Fail(t, "no free port", "tried %d between %d and %d", attempts, first, first+ports)
	return ""
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}
