package server

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestConnectionsEndWhenTheOtherSideIsGone(t *testing.T) {
	t.Parallel()
	listener, err := listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	client, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Close()) }()
	accepted, err := listener.Accept()
	require.NoError(t, err)
	defer func() { require.NoError(t, accepted.Close()) }()

	raw, err := accepted.(*net.TCPConn).SyscallConn()
	require.NoError(t, err)
	var milliseconds int
	var failed error
	require.NoError(t, raw.Control(func(fd uintptr) {
		milliseconds, failed = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
	}))
	require.NoError(t, failed)
	require.EqualValues(t, goneAfter.Milliseconds(), milliseconds)
}
