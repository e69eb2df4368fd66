package redis

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	goredis "github.com/redis/go-redis/v9"
)

// LogDriverTo makes the driver log to log. By itself the driver would log to the standard error output; its logger
// belongs to the whole process. The code that uses the client meets the same problems, and counts them or logs once
// what they mean. So the driver's own lines are logged at the level debug. Only one line is news that nobody else
// has: that another server has become the primary.
func LogDriverTo(log *slog.Logger) { goredis.SetLogger(driverLog{log}) }

type driverLog struct {
	log *slog.Logger
}

const newPrimary = "sentinel: new master"

// Printf is called by the driver.
func (d driverLog) Printf(ctx context.Context, format string, args ...any) {
	level := slog.LevelDebug
	if strings.HasPrefix(format, newPrimary) {
		level = slog.LevelInfo
	}
	if d.log.Enabled(ctx, level) {
		d.log.Log(ctx, level, "Redis's driver says: "+strings.TrimSpace(fmt.Sprintf(format, args...)))
	}
}
