package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server"
	evaluationv2 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v2"
	"github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v2/evaluationv2connect"
	syncv1 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/sync/v1"
	"github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/sync/v1/syncv1connect"
	"github.com/tidegate-io/tidegate/server/servertest"
)

func TestFlagdsProtocolsAreOffUnlessAskedFor(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t)
	require.Empty(t, s.EvaluationURL)
	require.Empty(t, s.SyncURL)
}

func TestFlagdsProtocolsInTheClearAndByTLS(t *testing.T) {
	t.Parallel()
	cert, key, authority := certificate(t)
	for name, settings := range map[string]server.FlagdProtocols{"in the clear": {}, "by TLS": {TLSCert: cert, TLSKey: key}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings.Addr, settings.SyncAddr = "127.0.0.1:0", "127.0.0.1:0"
			s := servertest.StartOn(t, servertest.Backend(t), server.Config{Flagd: settings})
			s.Must(t, http.StatusCreated, http.MethodPut, "/projects/default/flags/hello", `{"type": "boolean"}`)
			var made struct{ Key string }
			s.Must(t, http.StatusCreated, http.MethodPost, "/projects/default/environments/production/sdk-keys", `{"name": "k", "kind": "server"}`).Decode(t, &made)

			transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authority}, Protocols: new(http.Protocols)}
			transport.Protocols.SetHTTP2(true)
			transport.Protocols.SetUnencryptedHTTP2(true)
			t.Cleanup(transport.CloseIdleConnections)
			client := &http.Client{Transport: transport}

			ask := connect.NewRequest(&evaluationv2.ResolveBooleanRequest{FlagKey: "hello"})
			ask.Header().Set("Authorization", "Bearer "+made.Key)
			answer, err := evaluationv2connect.NewServiceClient(client, s.EvaluationURL, connect.WithGRPC()).ResolveBoolean(t.Context(), ask)
			require.NoError(t, err)
			require.Equal(t, "off", answer.Msg.GetVariant())

			subscribe := connect.NewRequest(&syncv1.SyncFlagsRequest{Selector: made.Key})
			stream, err := syncv1connect.NewFlagSyncServiceClient(client, s.SyncURL, connect.WithGRPC()).SyncFlags(t.Context(), subscribe)
			require.NoError(t, err)
			require.True(t, stream.Receive(), stream.Err())
			require.Contains(t, stream.Msg().GetFlagConfiguration(), `"hello"`)
			s.Stop(t) // which waits for the stream, and the stream for its client
			require.False(t, stream.Receive())
			require.Equal(t, connect.CodeUnavailable, connect.CodeOf(stream.Err()))
			require.NoError(t, stream.Close())
		})
	}
}

// certificate writes a certificate of 127.0.0.1 and its key to files. It returns the authority that has signed it.
func certificate(t *testing.T) (certFile, keyFile string, authority *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "flagd"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	folder := t.TempDir()
	certFile, keyFile = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	authority = x509.NewCertPool()
	authority.AddCert(parsed)
	return certFile, keyFile, authority
}
