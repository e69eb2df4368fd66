package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tidegate-io/tidegate/store"
)

// route is how a store reaches its database.
type route struct {
	pool *pgxpool.Config
	// session leads to the database itself.
	session *pgx.ConnConfig
	// pooled: the two lead to different places.
	pooled bool
	// begin follows the BEGIN of each transaction, "" where the connections carry the limits.
	begin string
}

// parseRoute reads the URL of a store, and that of the database itself if the first leads to a pooler.
func parseRoute(url, session string) (route, error) {
	config, err := parseURL(url)
	if err != nil {
		return route{}, err
	}
	if session == "" {
		return route{pool: config, session: config.ConnConfig}, nil
	}
	direct, err := parseURL(session)
	if err != nil {
		return route{}, err
	}
	return route{pool: config, session: direct.ConnConfig, pooled: true, begin: throughPooler(config)}, nil
}

// prepare brings the schema up to date, which takes a session. Where the pooler alone can be reached, a schema that
// is up to date already will do: no replica waits for a connection that it only listens on.
func (r route) prepare(ctx context.Context, migrate bool) error {
	err := storeError(prepareSchema(ctx, r.session, migrate))
	if r.pooled && errors.Is(err, store.ErrUnavailable) && prepareSchema(ctx, r.pool.ConnConfig, false) == nil {
		return nil
	}
	return err
}

// throughPooler makes connections that may lead to another session of the database after every transaction. Such a
// pooler refuses settings at a connection's start, so the limits are given back as statements for the start of a
// transaction. A statement that was prepared is not there any more in the next session, so none is: what pgx has
// learnt of its types is remembered instead.
func throughPooler(config *pgxpool.Config) (begin string) {
	if config.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	var statements []string
	for name := range limits() {
		// A pooler keeps track of the name by itself.
		if name == "application_name" {
			continue
		}
		value := config.ConnConfig.RuntimeParams[name]
		statements = append(
			statements,
			fmt.Sprintf("; SET LOCAL %s = '%s'", name, strings.ReplaceAll(value, "'", "''")),
		)
		delete(config.ConnConfig.RuntimeParams, name)
	}
	slices.Sort(statements)
	return strings.Join(statements, "")
}
