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
	// pooled says that the two lead to different places.
	pooled bool
	// begin is sent after the BEGIN of each transaction. It is "" if the connections have the limits themselves.
	begin string
}

// parseRoute reads the URL of a store. If that leads to a pooler, it also reads the URL of the database itself.
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

// prepare brings the schema up to date, which needs a session. If only the pooler can be reached, it accepts a schema
// that is up to date already. So no replica waits for a connection on which it only listens.
func (r route) prepare(ctx context.Context, migrate bool) error {
	err := storeError(prepareSchema(ctx, r.session, migrate))
	if r.pooled && errors.Is(err, store.ErrUnavailable) && prepareSchema(ctx, r.pool.ConnConfig, false) == nil {
		return nil
	}
	return err
}

// throughPooler prepares the connections for a pooler. After every transaction they may lead to another session of
// the database. Such a pooler refuses settings at the start of a connection. So throughPooler gives the limits back
// as statements for the start of a transaction. A prepared statement would be missing in the next session, so no
// statement is prepared. Instead, pgx remembers what it has learnt about the types of the statement.
func throughPooler(config *pgxpool.Config) (begin string) {
	if config.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	var statements []string
	for name := range limits() {
		// The pooler keeps track of this name by itself.
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
