package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/flagdrpc"
	"github.com/tidegate-io/tidegate/server/web"
)

// Connections of flagd's protocols last for days, and one connection carries all streams of its client. When a
// connection is silent, the server sends a ping to find out whether the client is still there. The server answers
// pings of clients however often they come.
const (
	pingAfter          = 30 * time.Second
	pongTimeout        = 15 * time.Second
	streamsAConnection = 1000
)

// The names of the protocols.
const (
	protocolEvaluation = "evaluation"
	protocolSync       = "sync"
)

// FlagdProtocols are the settings of flagd's gRPC services. Each is off without an address.
type FlagdProtocols struct {
	// Addr is where flagd.evaluation is served, ":8013" for instance.
	Addr string
	// SyncAddr is where flagd.sync is served, ":8015" for instance. It must differ from Addr.
	SyncAddr string
	// TLSCert and TLSKey name PEM files, which may be renewed at any time. Without them, HTTP/2 and HTTP/1.1 are served in
	// the clear.
	TLSCert, TLSKey string
	// Keys are SDK keys for callers who send none: such callers may use these keys.
	Keys []string
	// Context holds attributes. They take precedence over the attributes of every caller.
	Context map[string]string
}

// validate returns a SettingError for the first setting that cannot work.
func (f *FlagdProtocols) validate() error {
	for setting, addr := range map[string]string{"flagd-addr": f.Addr, "flagd-sync-addr": f.SyncAddr} {
		if _, _, err := net.SplitHostPort(addr); addr != "" && err != nil {
			return &SettingError{setting, fmt.Sprintf("must be host:port, for instance 127.0.0.1:8013, not %q", addr)}
		}
	}
	if f.Addr == "" && f.SyncAddr == "" {
		return nil
	}
	if (f.TLSCert == "") != (f.TLSKey == "") {
		return &SettingError{"flagd-tls-cert", "and flagd-tls-key go together: set both, or neither"}
	}
	if f.TLSCert != "" {
		if _, err := tls.LoadX509KeyPair(f.TLSCert, f.TLSKey); err != nil {
			return &SettingError{"flagd-tls-cert", "and flagd-tls-key cannot be used: " + err.Error()}
		}
	}
	return nil
}

// context returns the attributes in the form that an evaluation reads.
func (f *FlagdProtocols) context() map[string]any {
	attributes := make(map[string]any, len(f.Context))
	for name, value := range f.Context {
		attributes[name] = value
	}
	return attributes
}

// tlsConfig is nil where there is no certificate.
func (f *FlagdProtocols) tlsConfig(log *slog.Logger) (*tls.Config, error) {
	if f.TLSCert == "" || f.Addr == "" && f.SyncAddr == "" {
		return nil, nil
	}
	files, err := newCertificateFiles(f.TLSCert, f.TLSKey, log)
	if err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: files.GetCertificate}, nil
}

// flagdServer serves one of flagd's protocols.
type flagdServer struct {
	name     string
	listener net.Listener
	http     *http.Server
}

// listenFlagd opens the listeners of flagd's protocols that have an address.
func (s *Server) listenFlagd(ctx context.Context, handler *flagdrpc.Handler) error {
	settings := &s.config.Flagd
	secure, err := settings.tlsConfig(s.config.Log)
	if err != nil {
		return err
	}
	for _, one := range []struct {
		name, setting, addr string
		handler             http.Handler
	}{
		{protocolEvaluation, "flagd-addr", settings.Addr, handler.Evaluation()},
		{protocolSync, "flagd-sync-addr", settings.SyncAddr, handler.Sync()},
	} {
		if one.addr == "" {
			continue
		}
		listener, err := listen(ctx, one.addr)
		if errors.Is(err, syscall.EADDRINUSE) {
			return &AddressInUseError{Addr: one.addr, Setting: one.setting}
		}
		if err != nil {
			return fmt.Errorf("listen for flagd's %s protocol on %s: %w", one.name, one.addr, err)
		}
		s.flagd = append(
			s.flagd,
			&flagdServer{
				name:     one.name,
				listener: listener,
				http:     s.flagdHTTP(s.recovering(one.name, body.Timed(one.handler)), secure),
			},
		)
	}
	return nil
}

// FlagdURLs are the addresses of flagd's evaluation and sync protocols. A protocol that is off has an empty address.
func (s *Server) FlagdURLs() (evaluation, sync string) {
	scheme := "http://"
	if s.config.Flagd.TLSCert != "" {
		scheme = "https://"
	}
	for _, f := range s.flagd {
		url := scheme + f.listener.Addr().String()
		if f.name == protocolEvaluation {
			evaluation = url
		} else {
			sync = url
		}
	}
	return evaluation, sync
}

func (s *Server) flagdHTTP(handler http.Handler, secure *tls.Config) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler: s.windDown(
			web.Secured(handler),
		),
		BaseContext:       s.baseContext,
		Protocols:         protocols,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		HTTP2: &http.HTTP2Config{
			SendPingTimeout:      pingAfter,
			PingTimeout:          pongTimeout,
			MaxConcurrentStreams: streamsAConnection,
		},
		ErrorLog:  slog.NewLogLogger(s.config.Log.Handler(), slog.LevelWarn),
		TLSConfig: secure.Clone(),
	}
}

// serve serves until the server is shut down.
func (f *flagdServer) serve() error {
	if f.http.TLSConfig != nil {
		return f.http.ServeTLS(f.listener, "", "")
	}
	return f.http.Serve(f.listener)
}
