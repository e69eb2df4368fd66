package server_test

import (
	"bytes"
	"crypto/tls"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/servertest"
)

// TestCertificatesAreRenewed replaces the two files of a certificate one after the other, like the tools that renew
// certificates.
func TestCertificatesAreRenewed(t *testing.T) {
	t.Parallel()
	cert, key, _ := certificate(t)
	var log lockedBuffer
	s := servertest.StartOn(t, servertest.Backend(t), server.Config{
		Log: slog.New(slog.NewTextHandler(&log, nil)), Flagd: server.FlagdProtocols{Addr: "127.0.0.1:0", TLSCert: cert, TLSKey: key},
	})
	address, err := url.Parse(s.EvaluationURL)
	require.NoError(t, err)
	// served is the certificate that the server shows to a new connection.
	served := func() []byte {
		t.Helper()
		// This test does not check who has signed the certificate.
		connection, err := (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(t.Context(), "tcp", address.Host)
		require.NoError(t, err)
		defer connection.Close()
		return connection.(*tls.Conn).ConnectionState().PeerCertificates[0].Raw
	}
	first := served()
	require.Equal(t, first, served())

	nextCert, nextKey, _ := certificate(t)
	require.NoError(t, os.Rename(nextCert, cert))
	require.Equal(t, first, served(), "with the key of the one before it is of no use yet")
	require.Contains(t, log.String(), "cannot be used; the one before is served")
	require.NoError(t, os.Rename(nextKey, key))
	second := served()
	require.NotEqual(t, first, second)
	require.Contains(t, log.String(), "the certificate was renewed")

	require.NoError(t, os.Remove(cert))
	require.Equal(t, second, served(), "what was last known good is served")
	require.Equal(t, second, served())
	require.Equal(t, 1, strings.Count(log.String(), "the certificate cannot be looked at"), "said once")
	require.NoError(t, os.WriteFile(cert, []byte("nonsense"), 0o600))
	require.Equal(t, second, served())
}

// lockedBuffer is a buffer that a server writes to while a test reads it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
