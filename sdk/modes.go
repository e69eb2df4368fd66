package tidegate

import (
	"context"
	"io/fs"
	"os"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// WithRemote makes every evaluation ask the server, by the OpenFeature Remote Evaluation Protocol, instead of
// evaluating in the process. It is for processes that shall not hold the rules, and works with a client SDK key too. It
// is the one way of evaluating that waits for the network: for the context of the evaluation, but not longer than
// timeout; zero means 2 seconds. An evaluation that gets no answer serves its code default.
func WithRemote(timeout time.Duration) Option {
	return func(o *options) {
		o.remote = true
		setPositive(&o.remoteTimeout, timeout)
	}
}

// WithOffline makes the provider ask nobody: it is ready at once and serves what WithBootstrap gives it, or code
// defaults.
func WithOffline() Option {
	return func(o *options) { o.offline = true }
}

// WithBootstrap gives a definition to evaluate by until the server sends one: a file of fsys, which may be embedded in
// the program, with what GET /sdk/v1/snapshot answers. Without WithOffline, a file that cannot be used is logged and
// otherwise ignored.
func WithBootstrap(fsys fs.FS, name string) Option {
	return func(o *options) { o.bootstrap = func() ([]byte, error) { return fs.ReadFile(fsys, name) } }
}

// WithBootstrapFile is WithBootstrap for a file on disk.
func WithBootstrapFile(path string) Option {
	return func(o *options) { o.bootstrap = func() ([]byte, error) { return os.ReadFile(path) } }
}

// WithSnapshotFile keeps the definition that the server sent last in a file, for starts while the server is away. The
// folder must exist. Only a provider with the same SDK key reads the file. It holds the rules: keep it where nobody
// else reads; it is made for its owner only.
func WithSnapshotFile(path string) Option {
	return func(o *options) { o.snapshotFile = path }
}

// Definitions are a source of definitions in the process itself, for tests.
type Definitions interface {
	// Follow calls serve with the current definition before it returns, unless there is none, and with each later one
	// until ctx ends. It calls it for one definition at a time, and returns when ctx has ended.
	Follow(ctx context.Context, serve func(evaluator.Definition))
}

// WithDefinitions makes the provider evaluate by definitions of the process itself, and ask nobody. Package sdktest has
// some.
func WithDefinitions(d Definitions) Option {
	return func(o *options) { o.definitions = d }
}

// WithoutReports keeps the provider from sending tracking events and counts of evaluations to the server.
func WithoutReports() Option {
	return func(o *options) { o.withoutReports = true }
}

// WithReportInterval sets how often tracking events and counts are sent, 10 seconds unless set. Zero or less changes
// nothing; WithoutReports turns them off.
func WithReportInterval(d time.Duration) Option {
	return func(o *options) { setPositive(&o.reportInterval, d) }
}
