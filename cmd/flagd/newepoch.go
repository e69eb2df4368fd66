package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/store/sqlite"
)

const newEpochHelp = `Say that the database was restored from a backup. Its revisions count on from the backup, so replicas and clients may have
seen later ones, which they would wait for. A new epoch tells them that it is another life: each takes one full snapshot of
what was restored. Nothing needs a restart; running replicas notice within two seconds.

Run it right after the restore, before anything is changed. flagd restore does it by itself. Once too often does no harm.`

// newNewEpochCommand is flagd new-epoch.
func newNewEpochCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:     "new-epoch",
		Short:   "Say that the database was restored from a backup, so that everybody reads it anew",
		Long:    newEpochHelp,
		Args:    usageArgs,
		Example: "  pg_restore --clean --if-exists --dbname \"$FLAGD_DATABASE_URL\" tidegate.dump && flagd new-epoch",
		RunE: func(cmd *cobra.Command, _ []string) error {
			epoch, err := s.beginEpoch(cmd.Context())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(
				cmd.OutOrStdout(),
				"The database begins the epoch %s. Replicas and clients read it anew by themselves.\n",
				epoch,
			)
			return err
		},
	}
}

// epochStore is a store that was opened only to begin an epoch.
type epochStore interface {
	BeginEpoch(ctx context.Context) (string, error)
	Close() error
}

func (s *settings) beginEpoch(ctx context.Context) (epoch string, err error) {
	opened, err := s.openRestored(ctx)
	if err != nil {
		return "", err
	}
	epoch, err = opened.BeginEpoch(ctx)
	if closed := opened.Close(); err == nil {
		err = closed
	}
	return epoch, err
}

// openRestored opens the database that the settings name, and brings its schema up to date, because the backup may be
// older than this flagd. If the file is not there, --data-dir is wrong: it fails and makes no file.
func (s *settings) openRestored(ctx context.Context) (epochStore, error) {
	if s.databaseURL != "" {
		return s.openPostgres(ctx)
	}
	file := filepath.Join(s.dataDir, sqliteFile)
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("%w: is --data-dir the server's?", err)
	}
	return sqlite.Open(ctx, file)
}
