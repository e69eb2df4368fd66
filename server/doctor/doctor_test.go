package doctor_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/doctor"
	"github.com/tidegate-io/tidegate/server/servertest"
	"github.com/tidegate-io/tidegate/store"
)

// statuses gives what was found of each thing looked at; of several findings the last.
func statuses(findings []doctor.Finding) map[string]doctor.Status {
	all := make(map[string]doctor.Status)
	for _, f := range findings {
		all[f.Check] = f.Status
	}
	return all
}

func TestDatabase(t *testing.T) {
	t.Parallel()
	current := store.Diagnosis{Server: "PostgreSQL 17", Schema: 3, NeededSchema: 3, OwnClock: true}
	with := func(change func(d *store.Diagnosis)) store.Diagnosis {
		d := current
		change(&d)
		return d
	}
	for name, c := range map[string]struct {
		diagnosis store.Diagnosis
		err       error
		found     map[string]doctor.Status
	}{
		"healthy":      {diagnosis: current, found: map[string]doctor.Status{"database": "ok", "schema": "ok", "clock": "ok"}},
		"away":         {err: store.ErrUnavailable, found: map[string]doctor.Status{"database": "fail"}},
		"none yet":     {err: fs.ErrNotExist, found: map[string]doctor.Status{"database": "ok"}},
		"standby":      {diagnosis: with(func(d *store.Diagnosis) { d.ReadOnly = true }), found: map[string]doctor.Status{"database": "fail", "schema": "ok", "clock": "ok"}},
		"old server":   {diagnosis: with(func(d *store.Diagnosis) { d.OldServer = true }), found: map[string]doctor.Status{"database": "warn", "schema": "ok", "clock": "ok"}},
		"empty":        {diagnosis: with(func(d *store.Diagnosis) { d.Schema = 0 }), found: map[string]doctor.Status{"database": "ok", "schema": "ok", "clock": "ok"}},
		"older schema": {diagnosis: with(func(d *store.Diagnosis) { d.Schema = 2 }), found: map[string]doctor.Status{"database": "ok", "schema": "warn", "clock": "ok"}},
		"newer schema": {diagnosis: with(func(d *store.Diagnosis) { d.Schema = 4 }), found: map[string]doctor.Status{"database": "ok", "schema": "warn", "clock": "ok"}},
		"clock behind": {diagnosis: with(func(d *store.Diagnosis) { d.ClockAhead = -time.Second }), found: map[string]doctor.Status{"database": "ok", "schema": "ok", "clock": "warn"}},
		"clock ahead":  {diagnosis: with(func(d *store.Diagnosis) { d.ClockAhead = time.Hour }), found: map[string]doctor.Status{"database": "ok", "schema": "ok", "clock": "fail"}},
		"no clock":     {diagnosis: with(func(d *store.Diagnosis) { d.OwnClock = false }), found: map[string]doctor.Status{"database": "ok", "schema": "ok"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := doctor.Database(func(context.Context) (store.Diagnosis, error) { return c.diagnosis, c.err }, "Start it.")
			findings := check(t.Context())
			assert.Equal(t, c.found, statuses(findings))
			for _, f := range findings {
				assert.Equal(t, f.Status == doctor.OK, f.Do == "", "only what is wrong says what to do: %+v", f)
			}
		})
	}
}

func TestRedisAndListeningNeverFail(t *testing.T) {
	t.Parallel()
	broken := errors.New("NOPERM\nnot you")
	report := doctor.Run(t.Context(),
		doctor.Redis(func(context.Context) (string, error) { return "", broken }),
		doctor.Listen(func(context.Context) error { return broken }))
	assert.Equal(t, doctor.Warn, report.Status)
	assert.Equal(t, 2, report.Count(doctor.Warn))
	assert.Contains(t, report.Findings[0].Found, "NOPERM not you")
}

func TestDataDir(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o700))
	open := filepath.Join(dir, "open")
	require.NoError(t, os.Mkdir(open, 0o700))
	require.NoError(t, os.Chmod(open, 0o755))
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, c := range map[string]struct {
		dir    string
		status doctor.Status
		says   string
	}{
		"private":        {dir: dir, status: doctor.OK, says: "can be written to"},
		"to be made":     {dir: filepath.Join(dir, "a", "b"), status: doctor.OK, says: "is made by the first start"},
		"open to others": {dir: open, status: doctor.Warn, says: "open to other users"},
		"a file":         {dir: file, status: doctor.Fail, says: "is not a folder"},
		"below a file":   {dir: filepath.Join(file, "data"), status: doctor.Fail, says: "not a directory"},
		"read-only":      {dir: "/proc/data", status: doctor.Fail, says: "cannot be made"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := doctor.DataDir(c.dir)(t.Context())
			require.Len(t, findings, 2)
			assert.Equal(t, c.status, findings[0].Status, findings[0])
			assert.Contains(t, findings[0].Found, c.says)
		})
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2, "something was left behind")
}

func TestAddress(t *testing.T) {
	t.Parallel()
	running := servertest.Start(t)
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	free := silent.Addr().String()
	require.NoError(t, silent.Close())
	for name, c := range map[string]struct {
		addr   string
		status doctor.Status
		says   string
	}{
		"free":             {addr: free, status: doctor.OK, says: "is free"},
		"a Tidegate":       {addr: strings.TrimPrefix(running.URL, "http://"), status: doctor.OK, says: "is ready"},
		"another program":  {addr: strings.TrimPrefix(other.URL, "http://"), status: doctor.Fail, says: "another program"},
		"of other machine": {addr: "192.0.2.1:8080", status: doctor.Fail, says: "cannot assign"},
	} {
		t.Run(name, func(t *testing.T) {
			findings := doctor.Address(c.addr, "http://"+c.addr)(t.Context())
			require.Len(t, findings, 1)
			assert.Equal(t, c.status, findings[0].Status, findings[0])
			assert.Contains(t, findings[0].Found, c.says)
		})
	}
}

func TestPublicURL(t *testing.T) {
	t.Parallel()
	running := servertest.Start(t)
	stopping := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(`{"status": "stopping", "reason": "the server was asked to stop", "environments": []}`))
	}))
	t.Cleanup(stopping.Close)
	for name, c := range map[string]struct {
		set, addr string
		statuses  []doctor.Status
	}{
		"this machine alone":      {addr: "127.0.0.1:8080", statuses: []doctor.Status{"ok"}},
		"others, without an URL":  {addr: ":8080", statuses: []doctor.Status{"warn"}},
		"answers":                 {set: running.URL + "/", addr: ":8080", statuses: []doctor.Status{"ok"}},
		"stops":                   {set: stopping.URL, addr: ":8080", statuses: []doctor.Status{"warn"}},
		"silent and in the clear": {set: "http://tidegate.invalid", addr: ":8080", statuses: []doctor.Status{"warn", "warn"}},
		"silent":                  {set: "https://tidegate.invalid", addr: ":8080", statuses: []doctor.Status{"warn"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []doctor.Status
			for _, f := range doctor.PublicURL(c.set, c.addr)(t.Context()) {
				got = append(got, f.Status)
			}
			assert.Equal(t, c.statuses, got)
		})
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	report := doctor.Run(t.Context(),
		func(context.Context) []doctor.Finding {
			return []doctor.Finding{doctor.Found("schema", "version %d", 3)}
		},
		func(context.Context) []doctor.Finding {
			return []doctor.Finding{doctor.Failed("disk", "Make room.", "full")}
		},
		func(context.Context) []doctor.Finding {
			return []doctor.Finding{doctor.Warned("redis", "Start it.", "away")}
		})
	assert.Equal(t, doctor.Fail, report.Status, "the worst of all")
	var text, document strings.Builder
	require.NoError(t, report.WriteText(&text))
	assert.Equal(t, `ok    schema  version 3
fail  disk    full
              > Make room.
warn  redis   away
              > Start it.
`, text.String())
	require.NoError(t, report.WriteJSON(&document))
	var decoded doctor.Report
	require.NoError(t, json.Unmarshal([]byte(document.String()), &decoded))
	assert.Equal(t, report, decoded)
}
