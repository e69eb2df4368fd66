package store

import "time"

// Diagnosis is what can be found out about a database without changing anything in it.
type Diagnosis struct {
	// Server is the database's product and version.
	Server string
	// OldServer: the version of the database is older than the versions that this program is tested with.
	OldServer bool
	// Schema is the version of the schema, 0 where there is none yet; NeededSchema is the one that this program brings.
	Schema, NeededSchema int64
	// ReadOnly: the database refuses writes, for instance because it is a standby.
	ReadOnly bool
	// OwnClock: the database has a clock of its own. ClockAhead is how far it is ahead of the clock of this process.
	OwnClock   bool
	ClockAhead time.Duration
}
