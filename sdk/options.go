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
	// defaultRemoteTimeout is long for an answer from memory, and short for a person who waits for a page.
	defaultRemoteTimeout  = 2 * time.Second
	defaultReportInterval = 10 * time.Second
)

// options are the settings of NewProvider.
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
	// Without build information a process has a name only if it is given one.
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

// setPositive sets a duration, unless it is zero or less.
func setPositive(to *time.Duration, d time.Duration) {
	if d > 0 {
		*to = d
	}
}

// WithService says which service the process is an instance of, and in which version. Contexts that name no service
// get both. The server counts the process as a live instance of the service. With an empty name the process says
// nothing about itself.
func WithService(name, version string) Option {
	return func(o *options) { o.identity.service, o.identity.version = name, version }
}

// WithInstanceID names the process among the instances of its service, for instance by the name of its pod. If
// neither this nor a service.instance.id in OTEL_RESOURCE_ATTRIBUTES is set, the id is the name of the host and a
// random part.
func WithInstanceID(id string) Option {
	return func(o *options) { o.identity.instance = id }
}

// WithShadow says that the process gets copies of other requests, and that nobody sees its answers. It evaluates like
// any other process and is shown in the fleet. It does not count for flags that wait for the fleet, nor for
// measurements.
func WithShadow() Option {
	return func(o *options) { o.identity.shadow = true }
}

// WithHTTPClient sets the HTTP client for requests to the server. It must have no timeout, because a stream has no
// end.
func WithHTTPClient(client *http.Client) Option {
	return func(o *options) { o.client = client }
}

// WithLogger sets the logger for problems. It is slog.Default unless set.
func WithLogger(log *slog.Logger) Option {
	return func(o *options) { o.log = log }
}

// WithInitTimeout sets how long initialization waits for the first snapshot at most. It is 10 seconds unless set. The
// provider goes on trying afterwards, and becomes ready by itself.
func WithInitTimeout(d time.Duration) Option {
	return func(o *options) { o.initTimeout = d }
}

// WithReadTimeout sets how long the stream may be silent before it is opened anew, 45 seconds unless set. The server
// gives a sign of life each 15 seconds. Zero or less changes nothing.
func WithReadTimeout(d time.Duration) Option {
	return func(o *options) { setPositive(&o.readTimeout, d) }
}

// WithRetry bounds the random waits between attempts to open the stream. The bound starts at first and doubles up to
// most. They are a second and 30 seconds unless set. Zero or less changes nothing, because some wait is necessary:
// otherwise the clients of a server that is away would overload it when it comes back.
func WithRetry(first, most time.Duration) Option {
	return func(o *options) {
		setPositive(&o.firstRetry, first)
		setPositive(&o.mostRetry, most)
	}
}
