package redis_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/redis"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestTLS(t *testing.T) {
	t.Parallel()
	authority := newAuthority(t)
	server, client := authority.issue(t, "server"), authority.issue(t, "client")
	addr := storetest.FreeAddress(t)
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	storetest.StartRedis(t, "--tls-port", port, "--tls-cert-file", server.cert, "--tls-key-file", server.key,
		"--tls-ca-cert-file", authority.cert, "--tls-auth-clients", "yes", "--user", "tidegate", "on", ">secret", "~*", "&*", "+@all")
	address := func(parameters url.Values) string {
		return "rediss://tidegate:secret@" + addr + "?" + parameters.Encode()
	}
	right := url.Values{"tls_ca_file": {authority.cert}, "tls_cert_file": {client.cert}, "tls_key_file": {client.key}}

	t.Run("both sides show certificates", func(t *testing.T) {
		storetest.RunCache(t, func(t *testing.T) store.SnapshotCache { return open(t, address(right)).SnapshotCache() })
		storetest.RunBus(t, func(t *testing.T) (store.Bus, func()) { return open(t, address(right)).Bus(), nil })
	})
	t.Run("a server that nobody vouches for is refused", func(t *testing.T) {
		parameters := url.Values{"tls_ca_file": {newAuthority(t).cert}, "tls_cert_file": {client.cert}, "tls_key_file": {client.key}}
		require.ErrorContains(t, open(t, address(parameters)).Ping(t.Context()), "certificate")
	})
	t.Run("a client without a certificate is refused", func(t *testing.T) {
		require.Error(t, open(t, address(url.Values{"tls_ca_file": {authority.cert}})).Ping(t.Context()))
	})
}

func TestTLSFilesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	authority := newAuthority(t)
	for address, explained := range map[string]string{
		"redis://localhost?tls_ca_file=" + authority.cert:                 "rediss://",
		"rediss://localhost?tls_ca_file=/no/such/file":                    "tls_ca_file: open /no/such/file",
		"rediss://localhost?tls_ca_file=" + authority.key:                 "no certificate in PEM",
		"rediss+cluster://localhost?tls_cert_file=" + authority.cert:      "go together",
		"rediss://localhost?master_name=x&tls_cert_file=a&tls_key_file=b": "tls_cert_file and tls_key_file: open a",
	} {
		_, err := redis.Open(address, slog.New(slog.DiscardHandler))
		require.ErrorContains(t, err, explained, address)
	}
}

// keyPair are the PEM files of a certificate and its key.
type keyPair struct {
	cert, key string
}

type authority struct {
	keyPair
	certificate *x509.Certificate
	private     *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	template := template("authority")
	template.IsCA, template.KeyUsage, template.BasicConstraintsValid = true, x509.KeyUsageCertSign, true
	private := newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &authority{writePair(t, der, private), certificate, private}
}

// issue makes a certificate for 127.0.0.1.
func (a *authority) issue(t *testing.T, name string) keyPair {
	t.Helper()
	private := newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template(name), a.certificate, &private.PublicKey, a.private)
	require.NoError(t, err)
	return writePair(t, der, private)
}

func template(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return private
}

func writePair(t *testing.T, certificate []byte, private *ecdsa.PrivateKey) keyPair {
	t.Helper()
	encoded, err := x509.MarshalECPrivateKey(private)
	require.NoError(t, err)
	pair := keyPair{filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")}
	require.NoError(t, os.WriteFile(pair.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o600))
	require.NoError(t, os.WriteFile(pair.key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}), 0o600))
	return pair
}
