package faults_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPartition cuts one of two replicas off from a service under load, by refusing connections or by leaving them
// half-open. The replica goes on evaluating with what it knows, and catches up afterwards by itself.
func TestPartition(t *testing.T) {
	cut := func(t *testing.T, l *link) func() {
		l.Cut()
		return func() { l.Mend(t) }
	}
	silence := func(direction string) func(*testing.T, *link) func() {
		return func(t *testing.T, l *link) func() {
			l.Silence(t, direction)
			return l.EndSilence
		}
	}
	for _, partition := range []struct {
		name     string
		database bool
		begin    func(*testing.T, *link) (end func())
	}{
		{"PostgreSQL refuses", true, cut},
		{"PostgreSQL does not hear", true, silence(toService)},
		{"PostgreSQL is not heard", true, silence(fromService)},
		{"Redis refuses", false, cut},
		{"Redis does not hear", false, silence(toService)},
		{"Redis is not heard", false, silence(fromService)},
	} {
		t.Run(partition.name, func(t *testing.T) {
			database, redis := startPostgres(t), startRedis(t)
			toDatabase, toRedis := newLink(t, database.URL), newLink(t, redis.URL)
			whole, _ := replica(t, database.URL, redis.URL)
			parted, _ := replica(t, toDatabase.URL, toRedis.URL)
			run := moderateLoad(whole.URL, parted.URL).start(t, whole)
			run.awaitWrites(t, 30)
			broken := toRedis
			if partition.database {
				broken = toDatabase
			}
			end := partition.begin(t, broken)
			if partition.database {
				requireRefusedSoon(t, run, parted)
			}
			run.awaitWrites(t, 60)
			run.awaitEvaluations(t, 400)
			end()
			run.awaitWrites(t, 30)
			run.settle(t, whole)
			run.report(t, partition.name+" for one of 2 replicas")
			run.check(t, run.sdkKey, whole, parted)
			if partition.database {
				run.checkEvaluations(t)
				assert.Zero(t, run.unanswered.count, "writes must be refused: %q", run.unanswered.samples)
			} else {
				run.checkNothingFailed(t)
			}
		})
	}
}
