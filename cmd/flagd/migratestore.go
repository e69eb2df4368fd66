package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

const migrateStoreHelp = `Move an installation from SQLite to PostgreSQL, with its history, keys, tokens and users. The server must be stopped;
applications that evaluate in their own process go on meanwhile. The PostgreSQL database must be empty. Everything is
copied in one transaction: it is all there afterwards, or nothing is. So the command can be run again, also after it
succeeded, as long as nothing was changed in PostgreSQL since. Who was signed in signs in again.`

// newMigrateStoreCommand is flagd migrate-store.
func newMigrateStoreCommand(s *settings) *cobra.Command {
	var from, to string
	command := &cobra.Command{
		Use:     "migrate-store",
		Short:   "Move an installation from SQLite to PostgreSQL, with its history",
		Long:    migrateStoreHelp,
		Args:    usageArgs,
		Example: "  flagd migrate-store --from ./data/tidegate.db --to postgres://tidegate:secret@db/tidegate",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" {
				return &usageError{errors.New("--to is needed: the URL of the PostgreSQL database to move to")}
			}
			if from == "" {
				from = filepath.Join(s.dataDir, sqliteFile)
			}
			return migrateStore(cmd.Context(), cmd.OutOrStdout(), from, to)
		},
	}
	command.Flags().StringVar(&from, "from", "", "SQLite file to move (default tidegate.db in --data-dir)")
	command.Flags().StringVar(&to, "to", "", "PostgreSQL to move to, postgres://user:password@host/database")
	return command
}

func migrateStore(ctx context.Context, out io.Writer, from, to string) (err error) {
	lock, err := sqlite.AcquireLock(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	dump, err := sqlite.OpenDump(ctx, from)
	if errors.Is(err, fs.ErrNotExist) {
		return &usageError{fmt.Errorf("there is no database %s to move", from)}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dump.Close()) }()
	bar := progressBar{out: out, alive: isTerminal(out)}
	err = postgres.Adopt(ctx, to, dump, bar.show)
	if errors.Is(err, postgres.ErrNotEmpty) {
		return fmt.Errorf(
			"%w; nothing was copied. Give --to an empty database, or an empty schema with ?search_path=…",
			err,
		)
	}
	if err != nil {
		return fmt.Errorf("%w; nothing was copied, run the command again", err)
	}
	_, err = fmt.Fprintf(
		out,
		"Moved %s. Start the servers with %s set to the new database, and keep the file until they run.\n",
		from,
		named("database-url"),
	)
	return err
}
