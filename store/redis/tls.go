package redis

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
)

// The parameters of a url that name PEM files for TLS. Only Tidegate knows them; the driver does not.
const (
	parameterCA   = "tls_ca_file"
	parameterCert = "tls_cert_file"
	parameterKey  = "tls_key_file"
)

// tlsFiles are PEM files: a private authority that is trusted for Redis instead of the system's authorities, and a
// certificate that this client shows, with its key. Each may be "".
type tlsFiles struct {
	ca, cert, key string
}

// takeTLSFiles removes the parameters that the driver does not know. It gives the address without them, and their
// values.
func takeTLSFiles(address *url.URL) (*url.URL, tlsFiles) {
	query := address.Query()
	files := tlsFiles{ca: query.Get(parameterCA), cert: query.Get(parameterCert), key: query.Get(parameterKey)}
	for _, parameter := range []string{parameterCA, parameterCert, parameterKey} {
		query.Del(parameter)
	}
	without := *address
	without.RawQuery = query.Encode()
	return &without, files
}

// apply sets config up. The config is nil if the connection does not use TLS. Each server has to show a certificate
// for its own name. Without this, the driver would expect the name of the host in the url from all the nodes that it
// finds.
func (f tlsFiles) apply(config *tls.Config) error {
	if config == nil {
		if f != (tlsFiles{}) {
			return fmt.Errorf(
				"%s, %s and %s are for rediss:// and rediss+cluster://",
				parameterCA,
				parameterCert,
				parameterKey,
			)
		}
		return nil
	}
	config.ServerName, config.MinVersion = "", tls.VersionTLS12
	if f.ca != "" {
		pem, err := os.ReadFile(f.ca)
		if err != nil {
			return fmt.Errorf("%s: %w", parameterCA, err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return fmt.Errorf("%s: %s holds no certificate in PEM", parameterCA, f.ca)
		}
	}
	if f.cert == "" && f.key == "" {
		return nil
	}
	if f.cert == "" || f.key == "" {
		return errors.New(parameterCert + " and " + parameterKey + " go together")
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("%s and %s: %w", parameterCert, parameterKey, err)
	}
	config.Certificates = []tls.Certificate{pair}
	return nil
}
