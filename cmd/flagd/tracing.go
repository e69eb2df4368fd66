package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"

	"github.com/tidegate-io/tidegate/server"
	"github.com/tidegate-io/tidegate/server/observe"
)

// tracesTimeout bounds the sending of the last traces.
const tracesTimeout = 5 * time.Second

// withTracing runs use with the tracing that OpenTelemetry's standard variables ask for. At the end it sends the
// traces that are left, whether or not ctx has ended.
func withTracing(ctx context.Context, config server.Config, use func(server.Config) error) (err error) {
	// Without this, OpenTelemetry would write its own messages to the error output, with addresses and their
	// passwords.
	otel.SetLogger(logr.FromSlogHandler(config.Log.Handler()))
	otel.SetErrorHandler(
		otel.ErrorHandlerFunc(
			func(err error) { config.Log.Warn("OpenTelemetry has failed at something", "error", err) },
		),
	)
	config.Tracing, err = observe.NewTracing(ctx, os.Getenv, config.Version, config.Log)
	if err != nil {
		return &usageError{err}
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tracesTimeout)
		defer cancel()
		err = errors.Join(err, config.Tracing.Shutdown(ctx))
	}()
	return use(config)
}
