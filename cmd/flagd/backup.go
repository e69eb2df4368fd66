package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/store/sqlite"
)

// newBackupCommand is flagd backup.
func newBackupCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the SQLite database to a new file, also while a server is running",
		Args:  oneArg("FILE"),
		Long:  "Copy the SQLite database in --data-dir, as it is at one moment, to a new file, whether or not a server is running. A file that exists is never overwritten. The copy holds hashes of keys, and no secrets.",
		RunE: func(cmd *cobra.Command, args []string) error {
			database, err := s.sqlitePath("backup", "pg_dump")
			if err != nil {
				return err
			}
			err = sqlite.Backup(cmd.Context(), database, args[0])
			switch {
			case errors.Is(err, fs.ErrExist):
				return &usageError{
					fmt.Errorf("%s exists: choose another name, for a backup overwrites nothing", args[0]),
				}
			case errors.Is(err, fs.ErrNotExist):
				return fmt.Errorf("%w: is --data-dir the server's?", err)
			case err != nil:
				return err
			}
			info, err := os.Stat(args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "Backed up %s to %s (%d bytes).\n", database, args[0], info.Size())
			return err
		},
	}
}

// newRestoreCommand is flagd restore.
func newRestoreCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the SQLite database; the server must be stopped",
		Args:  oneArg("FILE"),
		Long:  "Put a backup in the place of the SQLite database in --data-dir. The server must be stopped. The database that was there is kept beside it. The restored one begins a new epoch: every client that comes back gets a full snapshot.",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			database, err := s.sqlitePath("restore", "pg_restore, and flagd new-epoch after it")
			if err != nil {
				return err
			}
			lock, err := sqlite.AcquireLock(database)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, lock.Close()) }()
			aside, err := sqlite.Restore(cmd.Context(), args[0], database, time.Now())
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Restored %s from %s.\n", database, args[0])
			if aside != "" {
				fmt.Fprintf(
					cmd.OutOrStdout(),
					"What was there before is %s; delete it when you do not need it any more.\n",
					aside,
				)
			}
			return nil
		},
	}
}

// sqlitePath is the path of the embedded database. If the settings name PostgreSQL, it refuses the command and names
// the one to use instead.
func (s *settings) sqlitePath(command, instead string) (string, error) {
	if s.databaseURL != "" {
		return "", &usageError{
			fmt.Errorf(
				"flagd %s is for SQLite, but %s names PostgreSQL: use %s",
				command,
				named("database-url"),
				instead,
			),
		}
	}
	return filepath.Join(s.dataDir, sqliteFile), nil
}

// oneArg asks for exactly one argument. The name is for the error.
func oneArg(name string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return &usageError{fmt.Errorf("exactly one argument is needed, %s; %d were given", name, len(args))}
	}
}
