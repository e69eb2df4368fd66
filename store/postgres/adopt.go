package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Source is what Adopt copies: a database of another kind with the same schema.
type Source interface {
	Epoch(ctx context.Context) (string, error)
	Count(ctx context.Context, table string) (int64, error)
	// Rows calls each with the values of every row, in the order of the columns named, until it fails.
	Rows(ctx context.Context, table string, columns []string, each func(values []any) error) error
}

// ErrNotEmpty says that a database holds another installation.
var ErrNotEmpty = errors.New("the database holds another installation already")

// adopted are the tables that move with an installation. A table comes after those that it refers to.
func adopted() []string {
	return []string{
		"projects", "environments", "flags", "flag_configs", "segments", "segment_revisions", "deployments", "releases",
		"sdk_keys", "access_tokens", "users", "changes", "webhooks", "release_policies", "measurements",
		"receipts",
	}
}

// leftBehind are the tables that do not move, because they hold only the state of the moment. A table comes before
// those that it refers to.
func leftBehind() []string {
	return []string{"webhook_deliveries", "leases", "instances", "sessions", "token_sessions"}
}

// adoptBatch is how many rows are sent at once.
const adoptBatch = 500

// Adopt copies everything from the source, with its history and its epoch, in one transaction: it copies all or
// nothing. It first brings the schema of the database at url up to date. That database must be empty, or have been
// filled from the same source and not been changed since. In the second case it is filled again. Progress is called
// with the number of copied rows of a table and the number of all its rows.
func Adopt(ctx context.Context, url string, from Source, progress func(table string, done, total int64)) (err error) {
	opened, err := Open(ctx, url)
	if err != nil {
		return err
	}
	if err := opened.Close(); err != nil {
		return err
	}
	config, err := parseURL(url)
	if err != nil {
		return err
	}
	// The reference checks of a large table may take longer than the limit for a statement of a server.
	config.ConnConfig.RuntimeParams["statement_timeout"] = "0"
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return fmt.Errorf("connect: %w", storeError(err))
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return adopt(ctx, tx, from, progress) })
	if err != nil {
		return fmt.Errorf("copy into PostgreSQL: %w", storeError(err))
	}
	return nil
}

func adopt(ctx context.Context, tx pgx.Tx, from Source, progress func(table string, done, total int64)) error {
	epoch, err := from.Epoch(ctx)
	if err != nil {
		return err
	}
	if err := checkAdoptable(ctx, tx, from, epoch); err != nil {
		return err
	}
	tables := adopted()
	outgoing := slices.Clone(tables)
	slices.Reverse(outgoing)
	for _, table := range slices.Concat(leftBehind(), outgoing) {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	for _, table := range tables {
		if err := adoptTable(ctx, tx, from, table, progress); err != nil {
			return fmt.Errorf("copy %s: %w", table, err)
		}
	}
	_, err = tx.Exec(ctx, "UPDATE settings SET value = $1 WHERE name = 'epoch'", epoch)
	return err
}

// checkAdoptable refuses a database whose content would be lost. It keeps others from writing to the database
// meanwhile.
func checkAdoptable(ctx context.Context, tx pgx.Tx, from Source, epoch string) error {
	if _, err := tx.Exec(
		ctx,
		"LOCK TABLE settings, projects, environments, access_tokens, users IN SHARE ROW EXCLUSIVE MODE",
	); err != nil {
		return err
	}
	var present string
	var empty bool
	row := tx.QueryRow(ctx, `SELECT (SELECT value FROM settings WHERE name = 'epoch'),
		NOT EXISTS (SELECT FROM projects) AND NOT EXISTS (SELECT FROM users) AND NOT EXISTS (SELECT FROM access_tokens)`)
	if err := row.Scan(&present, &empty); err != nil {
		return err
	}
	if empty {
		return nil
	}
	if present != epoch {
		return ErrNotEmpty
	}
	return checkPrefix(ctx, tx, from)
}

// checkPrefix refuses a database whose history is not the beginning of the source's.
func checkPrefix(ctx context.Context, tx pgx.Tx, from Source) error {
	rows, err := tx.Query(ctx, `SELECT project, environment, revision, at, kind, key, actor_name FROM changes
		WHERE (project, environment, revision) IN (SELECT project, environment, max(revision) FROM changes GROUP BY project, environment)`)
	if err != nil {
		return err
	}
	newest, err := pgx.CollectRows(rows, pgx.RowToStructByPos[changeMark])
	if err != nil {
		return err
	}
	missing := make(map[changeMark]bool, len(newest))
	for _, mark := range newest {
		missing[mark] = true
	}
	columns := []string{"project", "environment", "revision", "at", "kind", "key", "actor_name"}
	err = from.Rows(ctx, "changes", columns, func(v []any) error {
		delete(
			missing,
			changeMark{
				v[0].(string),
				v[1].(string),
				v[2].(int64),
				v[3].(int64),
				v[4].(string),
				v[5].(string),
				v[6].(string),
			},
		)
		return nil
	})
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: it was filled from this one, but has been changed since", ErrNotEmpty)
	}
	return nil
}

// changeMark tells one Change from another.
type changeMark struct {
	Project, Environment string
	Revision, At         int64
	Kind, Key, Actor     string
}

// adoptTable copies one table and makes sure that every row has arrived.
func adoptTable(
	ctx context.Context,
	tx pgx.Tx,
	from Source,
	table string,
	progress func(table string, done, total int64),
) error {
	total, err := from.Count(ctx, table)
	if err != nil {
		return err
	}
	columns, err := columnsOf(ctx, tx, table)
	if err != nil {
		return err
	}
	done := int64(0)
	var batch [][]any
	flush := func() error {
		copied, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(batch))
		batch = batch[:0]
		done += copied
		progress(table, done, total)
		return err
	}
	err = from.Rows(ctx, table, columns, func(values []any) error {
		if batch = append(batch, values); len(batch) < adoptBatch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	var arrived int64
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&arrived); err != nil {
		return err
	}
	if arrived != total {
		return fmt.Errorf("%d of %d rows have arrived", arrived, total)
	}
	return nil
}

func columnsOf(ctx context.Context, tx pgx.Tx, table string) ([]string, error) {
	rows, err := tx.Query(ctx, "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		return nil, err
	}
	var columns []string
	for _, field := range rows.FieldDescriptions() {
		columns = append(columns, field.Name)
	}
	rows.Close()
	return columns, rows.Err()
}
