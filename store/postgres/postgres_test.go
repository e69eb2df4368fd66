package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.PostgresURL(t) // skips, or fails, once
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, storetest.PostgresURL(t)) })
}

func open(t *testing.T, url string, opts ...postgres.Option) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), url, opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}
