package redis

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	goredis "github.com/redis/go-redis/v9"
)

// LogDriverTo has the driver, which logs for the whole process and by itself to the standard error output, log to
// log. What it remarks on is met again by whoever uses the client, who counts it or says once what it means; so its
// own lines are for debugging. Only that another server has become the primary is news that nobody else has.
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
