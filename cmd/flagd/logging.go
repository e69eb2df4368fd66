package main

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/tidegate-io/tidegate/server"
)

// newLogger returns the logger that the settings ask for.
func newLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var options slog.HandlerOptions
	var parsed slog.Level
	if err := parsed.UnmarshalText([]byte(level)); err != nil {
		return nil, &server.SettingError{
			Setting: "log-level",
			Problem: fmt.Sprintf("must be debug, info, warn or error, not %q", level),
		}
	}
	options.Level = parsed
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, &options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &options)), nil
	}
	return nil, &server.SettingError{
		Setting: "log-format",
		Problem: fmt.Sprintf("must be text or json, not %q", format),
	}
}
