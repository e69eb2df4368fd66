package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store/postgres"
	"github.com/tidegate-io/tidegate/store/storetest"
)

func TestDiagnoseChangesNothing(t *testing.T) {
	t.Parallel()
	url := storetest.PostgresURL(t)
	for range 2 {
		d, err := postgres.Diagnose(t.Context(), url, "")
		require.NoError(t, err)
		assert.Zero(t, d.Schema, "looking at the database has made a schema")
		assert.Positive(t, d.NeededSchema)
	}
	opened, err := postgres.Open(t.Context(), url)
	require.NoError(t, err)
	require.NoError(t, opened.Close())
	d, err := postgres.Diagnose(t.Context(), url, "")
	require.NoError(t, err)
	assert.Equal(t, d.NeededSchema, d.Schema)
	assert.False(t, d.ReadOnly)
}
