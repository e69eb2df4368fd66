package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

const migrateHelp = `Bring the database's schema up to date, or tell whether it is. A server does it by itself when it starts; these commands
are for those who want it done before, by a job of its own. Any number may run at once. See docs/migrations.md.`

// newMigrateCommand is flagd migrate.
func newMigrateCommand(s *settings) *cobra.Command {
	migrate := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date, or tell whether it is",
		Long:  migrateHelp,
		Args:  usageArgs,
		RunE: func(*cobra.Command, []string) error {
			return &usageError{errors.New("say flagd migrate up or flagd migrate status")}
		},
	}
	migrate.AddCommand(
		&cobra.Command{
			Use: "up", Short: "Apply the migrations that are pending", Args: usageArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				if err := s.migrate(cmd.Context()); err != nil {
					return err
				}
				return s.printSchema(cmd)
			},
		},
		&cobra.Command{
			Use:   "status",
			Short: "Tell the schema's version and the one that this flagd needs; exit code 1 if it is older",
			Args:  usageArgs,
			RunE:  func(cmd *cobra.Command, _ []string) error { return s.printSchema(cmd) },
		},
	)
	return migrate
}

// migrate opens the store, which migrates, and closes it.
func (s *settings) migrate(ctx context.Context) error {
	if s.databaseURL != "" {
		opened, err := s.openPostgres(ctx)
		if err != nil {
			return err
		}
		return opened.Close()
	}
	opened, err := sqlite.Open(ctx, filepath.Join(s.dataDir, sqliteFile))
	if err != nil {
		return err
	}
	return opened.Close()
}

// printSchema fails if a migration is pending.
func (s *settings) printSchema(cmd *cobra.Command) error {
	d, err := s.diagnose(cmd.Context())
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "The schema is at version %d; this flagd needs %d.\n", d.Schema, d.NeededSchema)
	if d.Schema < d.NeededSchema {
		return errors.New("migrations are pending: run flagd migrate up, or start a server")
	}
	return nil
}

func (s *settings) diagnose(ctx context.Context) (store.Diagnosis, error) {
	if s.databaseURL != "" {
		return postgres.Diagnose(ctx, s.databaseURL, s.listenDatabaseURL)
	}
	d, err := sqlite.Diagnose(ctx, filepath.Join(s.dataDir, sqliteFile))
	if errors.Is(err, fs.ErrNotExist) {
		return d, fmt.Errorf("there is no database in %s yet: run flagd migrate up, or start a server", s.dataDir)
	}
	return d, err
}
