package tidegate

import (
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"time"
)

const (
	defaultInitTimeout = 10 * time.Second
	// defaultReadTimeout is three times the pause between the server's keep-alives.
	defaultReadTimeout = 45 * time.Second
	defaultFirstRetry  = time.Second
	defaultMostRetry   = 30 * time.Second
	// defaultRemoteTimeout is long for an answer from memory, and short for somebody who waits for a page.
	defaultRemoteTimeout  = 2 * time.Second
	defaultReportInterval = 10 * time.Second
)

// options are what NewProvider can be told.
type options struct {
	identity identity

	remote         bool
	remoteTimeout  time.Duration
	offline        bool
	withoutReports bool
	reportInterval time.Duration
	snapshotFile   string
	bootstrap      func() ([]byte, error)
	definitions    Definitions

	client      *http.Client
	log         *slog.Logger
	initTimeout time.Duration
	readTimeout time.Duration
	firstRetry  time.Duration
	mostRetry   time.Duration
}

// Option changes how a Provider works.
type Option func(*options)

func newOptions(opts []Option) options {
	// Without build information a process has no name unless it is told.
	build, _ := debug.ReadBuildInfo()
	o := options{
		identity:       processIdentity(os.Getenv, build),
		remoteTimeout:  defaultRemoteTimeout,
		reportInterval: defaultReportInterval,
		log:            slog.Default(),
		initTimeout:    defaultInitTimeout,
		readTimeout:    defaultReadTimeout,
		firstRetry:     defaultFirstRetry,
		mostRetry:      defaultMostRetry,
	}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// setPositive sets a duration, unless that would leave no time at all.
func setPositive(to *time.Duration, d time.Duration) {
	if d > 0 {
		*to = d
	}
}

// WithService says which service the process is an instance of, and in which version. Contexts that name no service
// get both, and the server counts the process as a live instance of it. An empty name keeps the process from saying
// anything of itself.
func WithService(name, version string) Option {
	return func(o *options) { o.identity.service, o.identity.version = name, version }
}

// WithInstanceID names the process among the instances of its service, for instance by the name of its pod. Unless it
// is set, or OTEL_RESOURCE_ATTRIBUTES has a service.instance.id, it is the name of the host with something random.
func WithInstanceID(id string) Option {
	return func(o *options) { o.identity.instance = id }
}

// WithShadow says that nobody sees the answers of the process, which gets copies of the requests of others. It
// evaluates like any other and is shown in the fleet, but counts neither for flags that wait for it nor for
// measurements.
func WithShadow() Option {
	return func(o *options) { o.identity.shadow = true }
}

// WithHTTPClient sets the client that the server is asked with. It must have no timeout: a stream has no end.
func WithHTTPClient(client *http.Client) Option {
	return func(o *options) { o.client = client }
}

// WithLogger sets where the provider says what goes wrong; slog.Default unless set.
func WithLogger(log *slog.Logger) Option {
	return func(o *options) { o.log = log }
}

// WithInitTimeout bounds how long initialization waits for the first snapshot, 10 seconds unless set. The provider
// goes on trying afterwards, and becomes ready by itself.
func WithInitTimeout(d time.Duration) Option {
	return func(o *options) { o.initTimeout = d }
}

// WithReadTimeout sets how long the stream may be silent before it is opened anew, 45 seconds unless set. The server
// gives a sign of life each 15 seconds. Zero or less changes nothing.
func WithReadTimeout(d time.Duration) Option {
	return func(o *options) { setPositive(&o.readTimeout, d) }
}

// WithRetry bounds the random waits between attempts to open the stream: up to first, doubling up to most. They are a
// second and 30 seconds unless set. Zero or less changes nothing: without any wait, the processes of a server that is
// away would keep it away.
func WithRetry(first, most time.Duration) Option {
	return func(o *options) {
		setPositive(&o.firstRetry, first)
		setPositive(&o.mostRetry, most)
	}
}
