package redis

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
)

// The parameters of a url that name PEM files for TLS. They are Tidegate's own.
const (
	parameterCA   = "tls_ca_file"
	parameterCert = "tls_cert_file"
	parameterKey  = "tls_key_file"
)

// tlsFiles are the PEM files of a private authority that vouches for Redis, in place of the system's, and of a
// certificate that this client shows. Each may be "".
type tlsFiles struct {
	ca, cert, key string
}

// takeTLSFiles gives the address without the parameters that the driver does not know, and those.
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

// apply sets config up, which is nil where the connection is not by TLS. Each server has to show a certificate of its
// own name: the driver would ask the nodes that it finds for that of the host in the url.
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
