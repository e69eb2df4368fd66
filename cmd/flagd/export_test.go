package main

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/evaluator/flagdjson"
	"github.com/tidegate-io/tidegate/store"
	"github.com/tidegate-io/tidegate/store/sqlite"
)

func TestExportPrintsAnEnvironmentForFlagd(t *testing.T) {
	dir := t.TempDir()
	_, err := execute(t, nil, "sign-in-link", "--data-dir", dir) // makes the first content
	require.NoError(t, err)
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, sqliteFile))
	require.NoError(t, err)
	off := "off"
	_, err = db.CreateFlag(t.Context(), store.Flag{
		Project: "default", Key: "checkout", Name: "Checkout", Type: evaluator.TypeBoolean, Purpose: store.PurposeRelease, Tags: []string{},
		Variations: []evaluator.Variation{{Key: "on", Value: json.RawMessage("true")}, {Key: "off", Value: json.RawMessage("false")}},
	}, evaluator.FlagConfig{Enabled: true, OffVariation: &off, Fallthrough: evaluator.Serve{Variation: "on"}},
		store.Attribution{Actor: store.Actor{Kind: store.ActorUser, Name: "test"}, At: time.Now()})
	require.NoError(t, err)
	require.NoError(t, db.Close())

	printed, err := execute(t, nil, "export", "--format", "flagd", "--environment", "staging", "--data-dir", dir)
	require.NoError(t, err)
	var definition flagdjson.Definition
	require.NoError(t, json.Unmarshal([]byte(printed), &definition))
	require.Equal(t, "default/staging", definition.Metadata[flagdjson.MetadataFlagSetID])
	require.Equal(t, "on", *definition.Flags["checkout"].DefaultVariant)
	var source evaluator.Flag
	require.NoError(t, json.Unmarshal([]byte(definition.Flags["checkout"].Metadata[flagdjson.MetadataFlag].(string)), &source))
	require.Equal(t, "checkout", source.Key)

	_, err = execute(t, nil, "export", "--environment", "nowhere", "--data-dir", dir)
	require.ErrorContains(t, err, "there is no environment default/nowhere")
	require.Equal(t, exitUsage, exitCode(err))
}

func TestExportMakesNoDatabase(t *testing.T) {
	dir := t.TempDir()
	_, err := execute(t, nil, "export", "--data-dir", dir)
	require.Error(t, err)
	require.NoFileExists(t, filepath.Join(dir, sqliteFile))
}
