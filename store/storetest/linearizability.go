package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tidegate-io/tidegate/store"
)

const (
	racingWriters = 50
	racingReaders = 50
	racingFlags   = 10
	// searchedReaders is the number of readers of the revision whose reads porcupine gets. Its search for an order
	// grows without limit with the number of reads at the same time. The function counts checks the reads of all
	// readers.
	searchedReaders = 8
	writesEach      = 6
	readsEach       = 20
	// checkWithin is the limit for the search for an order. It takes milliseconds. A search that does not end is a
	// failure too.
	checkWithin = 30 * time.Second
)

// operation is what a client asked. It is about one flag in production, or about the environment itself if flag is
// empty.
type operation struct {
	flag    string
	write   bool
	version int64 // that a write is guarded by
}

// outcome is the answer to a client: the version, or the revision of the environment. For a refused write it is the
// current version.
type outcome struct {
	version  int64
	conflict bool
}

// history is everything that the clients asked, with the answers and the times of both.
type history struct {
	mu         sync.Mutex
	start      time.Time
	operations []porcupine.Operation
}

// record runs one operation of a client and keeps its outcome. If an operation fails, the test fails, so that a
// history holds nothing uncertain.
func (h *history) record(client int, asked operation, run func() (outcome, error)) (outcome, error) {
	called := time.Since(h.start)
	told, err := run()
	if err == nil {
		h.add(client, asked, called, told)
	}
	return told, err
}

// add keeps an operation that has just returned.
func (h *history) add(client int, asked operation, called time.Duration, told outcome) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, porcupine.Operation{
		ClientId: client, Input: asked, Call: int64(called), Output: told, Return: int64(time.Since(h.start)),
	})
}

// versions is the model of guarded writes. Of all writes that are guarded by the same version, exactly one succeeds.
// The others get the current version. A read gives the current version. Flags are independent of each other.
func versions() porcupine.Model {
	return porcupine.Model{
		Partition: partitionByFlag,
		Init:      func() any { return int64(1) },
		Step: func(state, input, output any) (bool, any) {
			current, asked, told := state.(int64), input.(operation), output.(outcome)
			switch {
			case !asked.write:
				return told.version == current, current
			case told.conflict:
				return told.version == current && asked.version != current, current
			default:
				return asked.version == current && told.version == current+1, current + 1
			}
		},
	}
}

// revisions is the model of an environment. Each write that succeeds raises the revision by one, for whichever flag
// it is. A read gives the current revision.
func revisions(first int64) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return first },
		Step: func(state, input, output any) (bool, any) {
			current, told := state.(int64), output.(outcome)
			if input.(operation).write {
				return told.version == current+1, current + 1
			}
			return told.version == current, current
		},
	}
}

// searchable is the part of an environment's history that porcupine can search: the writes, and the reads of some
// readers.
func (h *history) searchable() (part []porcupine.Operation) {
	for _, o := range h.operations {
		if o.ClientId < racingWriters+searchedReaders {
			part = append(part, o)
		}
	}
	return part
}

func partitionByFlag(operations []porcupine.Operation) [][]porcupine.Operation {
	byFlag := make(map[string][]porcupine.Operation)
	for _, o := range operations {
		flag := o.Input.(operation).flag
		byFlag[flag] = append(byFlag[flag], o)
	}
	var parts [][]porcupine.Operation
	for _, part := range byFlag {
		parts = append(parts, part)
	}
	return parts
}

func testLinearizability(t *testing.T, open opener) {
	t.Run("the checker refuses what no order explains", func(t *testing.T) {
		t.Parallel()
		at := func(client int, call, end int64, asked operation, told outcome) porcupine.Operation {
			return porcupine.Operation{ClientId: client, Input: asked, Call: call, Output: told, Return: end}
		}
		read, write := operation{flag: "a"}, operation{flag: "a", write: true, version: 1}
		first := at(1, 0, 10, write, outcome{version: 2})
		for name, wrong := range map[string]porcupine.Operation{
			"a second winner":  at(2, 5, 15, write, outcome{version: 2}),
			"a stale read":     at(2, 11, 20, read, outcome{version: 1}),
			"a stale conflict": at(2, 11, 20, write, outcome{version: 1, conflict: true}),
			"a gap":            at(2, 11, 20, operation{flag: "a", write: true, version: 2}, outcome{version: 4}),
		} {
			require.False(t, porcupine.CheckOperations(versions(), []porcupine.Operation{first, wrong}), name)
		}
		require.True(
			t,
			porcupine.CheckOperations(
				versions(),
				[]porcupine.Operation{first, at(2, 5, 15, read, outcome{version: 1})},
			),
		)
		for name, wrong := range map[string]porcupine.Operation{
			"a stale read":       at(2, 11, 20, read, outcome{version: 1}),
			"a gap":              at(2, 5, 20, write, outcome{version: 4}),
			"a revision twice":   at(2, 5, 20, write, outcome{version: 2}),
			"a read too early":   at(2, 0, 20, read, outcome{version: 3}),
			"a write to the old": at(2, 11, 20, write, outcome{version: 1}),
		} {
			require.False(t, porcupine.CheckOperations(revisions(1), []porcupine.Operation{first, wrong}), name)
			require.Error(t, counts(1, []porcupine.Operation{wrong, first}), name)
		}
		require.NoError(
			t,
			counts(
				1,
				[]porcupine.Operation{
					first,
					at(2, 5, 15, read, outcome{version: 1}),
					at(3, 2, 20, read, outcome{version: 2}),
				},
			),
		)
	})

	t.Run("of racing writers and readers", func(t *testing.T) {
		t.Parallel()
		s := setup(t, open)
		for i := range racingFlags {
			createFlag(t, s, racingFlag(i))
		}
		start := revision(t, s, inProduction)
		ofFlags, ofEnvironment := race(t, s)

		require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(versions(), ofFlags.operations, checkWithin))
		require.Equal(
			t,
			porcupine.Ok,
			porcupine.CheckOperationsTimeout(revisions(start), ofEnvironment.searchable(), checkWithin),
		)
		require.NoError(t, counts(start, ofEnvironment.operations))
		won := 0
		for _, o := range ofEnvironment.operations {
			if o.Input.(operation).write {
				won++
			}
		}
		require.Greater(t, won, racingFlags, "there were winners")
		require.Less(t, won, racingWriters*writesEach, "there were losers")
		requireEveryRevision(t, s, inProduction, start+int64(won))
	})
}

func racingFlag(i int) string { return fmt.Sprintf("flag-%d", i%racingFlags) }

// race runs writers and readers on a few flags at the same time. It gives the history of the flags' versions and the
// history of the environment's revision.
func race(t *testing.T, s store.Store) (ofFlags, ofEnvironment *history) {
	t.Helper()
	now := time.Now()
	ofFlags, ofEnvironment = &history{start: now}, &history{start: now}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	clients, ctx := errgroup.WithContext(ctx)
	for i := range racingWriters {
		clients.Go(func() error { return raceToWrite(ctx, s, i, ofFlags, ofEnvironment) })
	}
	for i := range racingReaders {
		clients.Go(func() error { return raceToRead(ctx, s, i, ofFlags, ofEnvironment) })
	}
	require.NoError(t, clients.Wait())
	return ofFlags, ofEnvironment
}

// raceToWrite writes on top of the version that it got last, so it often comes too late.
func raceToWrite(ctx context.Context, s store.Store, client int, ofFlags, ofEnvironment *history) error {
	known := outcome{version: 1}
	for range writesEach {
		asked := operation{flag: racingFlag(client), write: true, version: known.version}
		called := time.Since(ofFlags.start)
		var written store.FlagConfig
		told, err := ofFlags.record(client, asked, func() (told outcome, err error) {
			written, err = s.UpdateFlagConfig(
				ctx,
				flagIn(inProduction, asked.flag),
				fullConfig(),
				asked.version,
				ada(1),
			)
			var conflict *store.ConflictError
			if errors.As(err, &conflict) {
				return outcome{version: conflict.Current, conflict: true}, nil
			}
			return outcome{version: written.Version}, err
		})
		if err != nil {
			return err
		}
		if !told.conflict {
			ofEnvironment.add(client, operation{write: true}, called, outcome{version: written.Revision})
		}
		known = told
	}
	return nil
}

func raceToRead(ctx context.Context, s store.Store, i int, ofFlags, ofEnvironment *history) error {
	client := racingWriters + i
	for range readsEach {
		asked := operation{flag: racingFlag(i)}
		_, err := ofFlags.record(client, asked, func() (outcome, error) {
			config, err := s.FlagConfig(ctx, flagIn(inProduction, asked.flag))
			return outcome{version: config.Version}, err
		})
		if err != nil {
			return err
		}
		_, err = ofEnvironment.record(client, operation{}, func() (outcome, error) {
			cursor, err := s.Cursor(ctx, inProduction)
			return outcome{version: cursor.Revision}, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
