package storetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// crashVariable is set in the environment of the process that is to be killed. It says where the store is.
const crashVariable = "FLAGD_TEST_CRASH_STORE"

const (
	crashWriters = 4
	// crashAfter is the number of acknowledged writes after which the process is killed.
	crashAfter = 60
)

// Main is the TestMain of a package that uses RunCrash. Normally it runs the tests, and fails if they leave
// goroutines behind. In the process that RunCrash starts, it writes to the store that open opens, until the process
// is killed.
func Main(m *testing.M, open func(ctx context.Context, where string) (store.Store, error)) int {
	where := os.Getenv(crashVariable)
	if where == "" {
		return runWithoutLeaks(m)
	}
	if err := writeUntilKilled(context.Background(), where, open); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func runWithoutLeaks(m *testing.M) int {
	code := m.Run()
	if code != 0 {
		return code
	}
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// RunCrash kills a process with SIGKILL while it writes to the store at where. It requires that the store that reopen
// opens has every write that was acknowledged, and no partial write.
func RunCrash(t *testing.T, where string, reopen func(t *testing.T) store.Store) {
	acknowledged := killWhileWriting(t, where)
	require.GreaterOrEqual(t, len(acknowledged), crashAfter)

	s := reopen(t)
	current := revision(t, s, inProduction)
	changes, err := s.ListChanges(t.Context(), inProduction, store.ChangeFilter{})
	require.NoError(t, err)
	require.Len(t, changes, int(current), "each revision has its Change")
	for i, change := range changes {
		require.Equal(t, current-int64(i), change.Revision)
	}
	for _, revision := range acknowledged {
		require.LessOrEqual(t, revision, current, "an acknowledged write is lost")
	}
	requireWhole(t, s, changes)

	_, err = s.CreateFlag(t.Context(), booleanFlag("after"), offConfig(), ada(1))
	require.NoError(t, err, "the store goes on")
}

// requireWhole requires that each flag has the configuration of the newest Change about it.
func requireWhole(t *testing.T, s store.Store, changes []store.Change) {
	t.Helper()
	seen := make(map[string]bool)
	for _, change := range changes {
		if change.Kind != store.ChangeFlagConfig || seen[change.Key] {
			continue
		}
		seen[change.Key] = true
		config, err := s.FlagConfig(t.Context(), flagIn(inProduction, change.Key))
		require.NoError(t, err)
		require.Equal(t, change.Revision, config.Revision)
		requireDocument(t, config.Config, change.After)
	}
	require.NotEmpty(t, seen)
}

// killWhileWriting gives the revisions that the process acknowledged before it was killed.
func killWhileWriting(t *testing.T, where string) []int64 {
	t.Helper()
	executable, err := os.Executable()
	require.NoError(t, err)
	process := exec.CommandContext(t.Context(), executable)
	process.Env = append(os.Environ(), crashVariable+"="+where)
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())

	var acknowledged []int64
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		revision, err := strconv.ParseInt(lines.Text(), 10, 64)
		require.NoError(t, err)
		acknowledged = append(acknowledged, revision)
		if len(acknowledged) == crashAfter {
			require.NoError(t, process.Process.Kill())
		}
	}
	require.NoError(t, lines.Err())
	var killed *exec.ExitError
	require.ErrorAs(t, process.Wait(), &killed)
	require.False(t, killed.Exited(), "the process was to be killed, but ended by itself")
	return acknowledged
}

// writeUntilKilled makes a shop and edits its flags for ever. It prints the revision of each write that was
// acknowledged.
func writeUntilKilled(
	ctx context.Context,
	where string,
	open func(context.Context, string) (store.Store, error),
) error {
	s, err := open(ctx, where)
	if err != nil {
		return err
	}
	if _, err := s.CreateProject(ctx, store.Project{Key: shop}, ada(0)); err != nil {
		return err
	}
	if _, err := s.CreateEnvironment(ctx, store.Environment{EnvironmentRef: inProduction}, ada(0)); err != nil {
		return err
	}
	var writers errgroup.Group
	for i := range crashWriters {
		key := fmt.Sprintf("flag-%d", i)
		if _, err := s.CreateFlag(ctx, booleanFlag(key), offConfig(), ada(0)); err != nil {
			return err
		}
		writers.Go(func() error { return editForEver(ctx, s, flagIn(inProduction, key), os.Stdout) })
	}
	return writers.Wait()
}

func editForEver(ctx context.Context, s store.Store, ref store.FlagRef, acknowledge io.Writer) error {
	for n := 0; ; n++ {
		config := fullConfig()
		config.Targets = []evaluator.Target{{Variation: "on", Values: []string{strconv.Itoa(n)}}}
		written, err := s.UpdateFlagConfig(ctx, ref, config, store.AnyVersion, ada(n))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(acknowledge, written.Revision); err != nil {
			return err
		}
	}
}
