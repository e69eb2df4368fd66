package redis

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheDriverLogsAtTheLevelThatFits(t *testing.T) {
	t.Parallel()
	var logged strings.Builder
	d := driverLog{slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	d.Printf(t.Context(), "redis: connection pool: failed to dial after %d attempts: %v", 5, errors.New("refused"))
	d.Printf(t.Context(), "sentinel: new master=%q addr=%q", "tidegate", "10.0.0.2:6379")
	lines := strings.Split(strings.TrimSpace(logged.String()), "\n")
	require.Len(t, lines, 2)
	require.Contains(t, lines[0], "level=DEBUG")
	require.Contains(t, lines[0], "failed to dial after 5 attempts: refused")
	require.Contains(t, lines[1], "level=INFO")
	require.Contains(t, lines[1], "10.0.0.2:6379")
}
