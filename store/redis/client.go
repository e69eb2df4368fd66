// Package redis makes a store faster where there is a Redis. It has a bus for changes and a cache of snapshots. The
// server is correct without it. Every key has a format version, so that two versions of the server can share one
// Redis.
package redis

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tidegate-io/tidegate/store"
)

// namespace is the beginning of every key and channel. It has the version of their format.
const namespace = "tidegate:v1:"

// The time limits of Redis, unless the url says otherwise. They are short, because the callers can work without
// Redis.
const (
	dialTimeout = 2 * time.Second
	ioTimeout   = time.Second
)

// Client is a connection pool that a Bus, a SnapshotCache and RateLimits share.
type Client struct {
	redis goredis.UniversalClient
	log   *slog.Logger
}

// Open reads the url. It does not connect before the client is used, so a server can start while Redis is away.
//
// The url is redis://, rediss:// (TLS) or unix://, as in go-redis. With a parameter master_name it leads to
// sentinels. redis+cluster:// and rediss+cluster:// lead to a cluster. Both take further hosts as parameters addr. If
// it leads to sentinels, its user and password are for the sentinels, and the parameters username and password are
// for Redis itself. With TLS, the parameters tls_ca_file, tls_cert_file and tls_key_file name PEM files; see
// tlsFiles.
func Open(address string, log *slog.Logger) (*Client, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		// The error of Parse shows the whole url, and with it the password.
		return nil, errors.New("read Redis's URL: it is no URL; use redis://host:port")
	}
	client, err := newClient(parsed)
	if err != nil {
		return nil, fmt.Errorf("read Redis's URL: %w", err)
	}
	return &Client{redis: client, log: log}, nil
}

func newClient(address *url.URL) (goredis.UniversalClient, error) {
	address, files := takeTLSFiles(address)
	switch {
	case address.Scheme == "redis+cluster", address.Scheme == "rediss+cluster":
		plain := *address
		plain.Scheme = strings.TrimSuffix(address.Scheme, "+cluster")
		return construct(&plain, files, goredis.ParseClusterURL, func(o *goredis.ClusterOptions) settings {
			return settings{o.TLSConfig, &o.ContextTimeoutEnabled, &o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout}
		}, goredis.NewClusterClient)
	case address.Query().Has("master_name"):
		return construct(address, files, goredis.ParseFailoverURL, func(o *goredis.FailoverOptions) settings {
			return settings{o.TLSConfig, &o.ContextTimeoutEnabled, &o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout}
		}, goredis.NewFailoverClient)
	default:
		return construct(address, files, goredis.ParseURL, func(o *goredis.Options) settings {
			return settings{o.TLSConfig, &o.ContextTimeoutEnabled, &o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout}
		}, goredis.NewClient)
	}
}

// settings are the options that all kinds of clients of the driver have.
type settings struct {
	tls               *tls.Config
	contextTimeouts   *bool
	dial, read, write *time.Duration
}

// construct reads the address into options of one kind, and makes the client of that kind.
func construct[O any, C goredis.UniversalClient](
	address *url.URL, files tlsFiles, parse func(string) (*O, error), part func(*O) settings, client func(*O) C,
) (goredis.UniversalClient, error) {
	options, err := parse(address.String())
	if err != nil {
		return nil, err
	}
	of := part(options)
	if err := files.apply(of.tls); err != nil {
		return nil, err
	}
	*of.contextTimeouts = true
	*of.dial, *of.read, *of.write = cmp.Or(
		*of.dial,
		dialTimeout,
	), cmp.Or(
		*of.read,
		ioTimeout,
	), cmp.Or(
		*of.write,
		ioTimeout,
	)
	return client(options), nil
}

// Ping tells whether Redis can be reached.
func (c *Client) Ping(ctx context.Context) error {
	if err := c.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("reach Redis: %w", storeError(err))
	}
	return nil
}

// Close closes every connection.
func (c *Client) Close() error { return c.redis.Close() }

// storeError is the only place that translates the driver's errors into those of package store.
func storeError(err error) error {
	var reply goredis.Error
	switch {
	case errors.Is(err, goredis.Nil):
		return store.ErrNotFound
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &reply) && !isTemporary(err):
		return err
	default:
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
}

// isTemporary tells whether a reply of Redis says that it cannot work now.
func isTemporary(err error) bool {
	return goredis.IsLoadingError(err) || goredis.IsReadOnlyError(err) || goredis.IsClusterDownError(err) ||
		goredis.IsTryAgainError(err) || goredis.IsMasterDownError(err) || goredis.IsMaxClientsError(err) ||
		goredis.IsNoReplicasError(err) || goredis.IsOOMError(err)
}
