package server

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificateFiles serves the certificate that is in two PEM files. When the files are replaced, it serves the new
// one, so a certificate can be renewed without a restart. It checks the files at each handshake; the handshake itself
// costs far more. While the files cannot be used, the certificate before is served. This happens, for example, when
// one file is already written and the other is not. It is safe for concurrent use.
type certificateFiles struct {
	cert, key string
	log       *slog.Logger

	mu      sync.Mutex // guards what follows
	seen    [2]os.FileInfo
	missing bool
	current *tls.Certificate
}

// newCertificateFiles fails if the files cannot be used.
func newCertificateFiles(cert, key string, log *slog.Logger) (*certificateFiles, error) {
	c := &certificateFiles{cert: cert, key: key, log: log}
	seen, err := c.look()
	if err == nil {
		err = c.load(seen)
	}
	if err != nil {
		return nil, fmt.Errorf("load certificate: %w", err)
	}
	return c, nil
}

// GetCertificate is for a tls.Config. It never fails.
func (c *certificateFiles) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen, err := c.look()
	if err != nil {
		if !c.missing {
			c.log.Error("the certificate cannot be looked at; the one before is served", "error", err)
		}
		c.missing = true
		return c.current, nil
	}
	c.missing = false
	if sameFiles(c.seen, seen) {
		return c.current, nil
	}
	if err := c.load(seen); err != nil {
		c.log.Error(
			"the certificate has changed and cannot be used; the one before is served",
			"file",
			c.cert,
			"error",
			err,
		)
		return c.current, nil
	}
	c.log.Info("the certificate was renewed", "file", c.cert, "expires", c.current.Leaf.NotAfter.Format(time.RFC3339))
	return c.current, nil
}

// load reads the files. seen describes the files and was read before them. If a file changes after that, it differs
// from seen, and the files are read again at the next handshake. So no change is missed.
func (c *certificateFiles) load(seen [2]os.FileInfo) error {
	c.seen = seen
	certificate, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.current = &certificate
	return nil
}

func (c *certificateFiles) look() (seen [2]os.FileInfo, err error) {
	for i, name := range []string{c.cert, c.key} {
		if seen[i], err = os.Stat(name); err != nil {
			return seen, err
		}
	}
	return seen, nil
}

// sameFiles reports whether the files are still the same: none was written or replaced.
func sameFiles(before, after [2]os.FileInfo) bool {
	for i := range before {
		b, a := before[i], after[i]
		if !os.SameFile(b, a) || b.Size() != a.Size() || !b.ModTime().Equal(a.ModTime()) {
			return false
		}
	}
	return true
}
