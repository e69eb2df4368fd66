package doctor

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// The limits of the difference between this machine's clock and the database's. Above the second limit, two replicas
// may hold the lease on releases at the same time, because the lease lasts that long.
const (
	clockWarn = 500 * time.Millisecond
	clockFail = 5 * time.Second
)

// slowAnswer is the time above which a database is called slow: changes and starts then take long. It is the time
// that the database takes to tell about itself.
const slowAnswer = 500 * time.Millisecond

// Database checks that the database can be reached and written to; it also checks its schema and its clock. Do says
// what to do if the database cannot be reached.
func Database(diagnose func(context.Context) (store.Diagnosis, error), do string) Check {
	return func(ctx context.Context) []Finding {
		start := time.Now()
		d, err := diagnose(ctx)
		took := time.Since(start)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return []Finding{Found("database", "there is none yet; the first start makes it")}
		case err != nil:
			return []Finding{Failed("database", do, "%v", err)}
		}
		findings := []Finding{connection(d, took), schema(d)}
		if d.OwnClock {
			findings = append(findings, clock(d.ClockAhead))
		}
		return findings
	}
}

func connection(d store.Diagnosis, took time.Duration) Finding {
	switch {
	case d.ReadOnly:
		return Failed("database", "Name the primary, not a standby.", "%s refuses to be written to", d.Server)
	case d.OldServer:
		return Warned("database", "Upgrade it: this version is not tested.", "%s answers", d.Server)
	case took > slowAnswer:
		return Warned(
			"database",
			"Bring the server and the database closer to each other.",
			"%s answers, but took %v to say so",
			d.Server,
			took.Round(time.Millisecond),
		)
	default:
		return Found("database", "%s answers within %v", d.Server, took.Round(time.Millisecond))
	}
}

// schema never fails: a start brings an older schema up to date, and a newer one serves this version too.
func schema(d store.Diagnosis) Finding {
	switch {
	case d.Schema == 0:
		return Found("schema", "there is none yet; the first start makes version %d", d.NeededSchema)
	case d.Schema < d.NeededSchema:
		return Warned(
			"schema",
			"Nothing, unless it may not: the next start migrates it. The version before this one goes on running.",
			"version %d, older than this version's %d",
			d.Schema,
			d.NeededSchema,
		)
	case d.Schema > d.NeededSchema:
		return Warned("schema", "Go on with the upgrade of the other replicas, or run the newer version here too.",
			"version %d, newer than this version's %d", d.Schema, d.NeededSchema)
	default:
		return Found("schema", "version %d, as this version needs it", d.Schema)
	}
}

func clock(ahead time.Duration) Finding {
	const do = "Have both machines keep their time by NTP; `timedatectl` tells whether they do."
	away := ahead.Abs().Round(time.Millisecond)
	side := "ahead of"
	if ahead < 0 {
		side = "behind"
	}
	switch {
	case away >= clockFail:
		return Failed(
			"clock",
			do,
			"the database's clock is %v %s this machine's: two replicas may drive one release",
			away,
			side,
		)
	case away >= clockWarn:
		return Warned("clock", do, "the database's clock is %v %s this machine's", away, side)
	default:
		return Found("clock", "within %v of the database's", max(away, time.Millisecond))
	}
}

// Listen checks that changes can be heard from the database.
func Listen(listen func(context.Context) error) Check {
	return func(ctx context.Context) []Finding {
		if err := listen(ctx); err != nil {
			return []Finding{
				Warned(
					"notify",
					"Name a database that is not behind a pooler with --listen-database-url (FLAGD_LISTEN_DATABASE_URL).",
					"changes are found only by polling: %v",
					err,
				),
			}
		}
		return []Finding{Found("notify", "the database tells of changes")}
	}
}

// Redis checks that Redis can be used. It is never needed, so nothing here fails.
func Redis(diagnose func(context.Context) (string, error)) Check {
	return func(ctx context.Context) []Finding {
		start := time.Now()
		server, err := diagnose(ctx)
		if err != nil {
			return []Finding{
				Warned(
					"redis",
					"Start it, or correct --redis-url (FLAGD_REDIS_URL). A user of an ACL needs ~tidegate:* and &tidegate:*. The server runs without it, with slower changes.",
					"cannot be used: %v",
					err,
				),
			}
		}
		return []Finding{Found("redis", "%s answers within %v", server, time.Since(start).Round(time.Millisecond))}
	}
}
