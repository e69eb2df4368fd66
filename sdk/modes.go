package tidegate

import (
	"context"
	"io/fs"
	"os"
	"time"

	"github.com/tidegate-io/tidegate/evaluator"
)

// WithRemote makes every evaluation ask the server, by the OpenFeature Remote Evaluation Protocol, instead of
// evaluating in the process. It is for processes that must not hold the rules. It works with a client SDK key too. It
// is the only way of evaluating that waits for the network. It waits until the context of the evaluation ends, but
// not longer than timeout; zero means 2 seconds. An evaluation that gets no answer serves its code default.
func WithRemote(timeout time.Duration) Option {
	return func(o *options) {
		o.remote = true
		setPositive(&o.remoteTimeout, timeout)
	}
}

// WithOffline makes the provider ask no server. It is ready at once. It serves the flags of WithBootstrap, or code
// defaults without it.
func WithOffline() Option {
	return func(o *options) { o.offline = true }
}

// WithBootstrap gives a definition to evaluate by until the server sends one. It is a file of fsys, which may be
// embedded in the program. Its content is the answer of GET /sdk/v1/snapshot. A file that cannot be used is logged
// and otherwise ignored, except with WithOffline.
func WithBootstrap(fsys fs.FS, name string) Option {
	return func(o *options) { o.bootstrap = func() ([]byte, error) { return fs.ReadFile(fsys, name) } }
}

// WithBootstrapFile is WithBootstrap for a file on disk.
func WithBootstrapFile(path string) Option {
	return func(o *options) { o.bootstrap = func() ([]byte, error) { return os.ReadFile(path) } }
}

// WithSnapshotFile keeps in a file the definition that the server sent last, for starts while the server is away. The
// folder must exist. Only a provider with the same SDK key uses the file. The file holds the rules, so keep it where
// nobody else can read it. It is made with access for its owner only.
func WithSnapshotFile(path string) Option {
	return func(o *options) { o.snapshotFile = path }
}

// Definitions are a source of definitions in the process itself, for tests.
type Definitions interface {
	// Follow calls serve with the current definition before it returns, if there is one. Until ctx ends it calls
	// serve with each later definition. It calls serve for one definition at a time. It returns when ctx has ended.
	Follow(ctx context.Context, serve func(evaluator.Definition))
}

// WithDefinitions makes the provider evaluate by definitions from the process itself, and ask no server. Package
// sdktest has such definitions.
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
