package store

import "time"

// Diagnosis is what can be found out about a database without changing anything in it.
type Diagnosis struct {
	// Server is the database's product and version.
	Server string
	// OldServer: the database is of an older version than those that this program is tested with.
	OldServer bool
	// Schema is the version of the schema, 0 where there is none yet; NeededSchema is the one that this program brings.
	Schema, NeededSchema int64
	// ReadOnly: writes are refused, as by a standby.
	ReadOnly bool
	// OwnClock: the database has a clock of its own, which is ClockAhead of this process's.
	OwnClock   bool
	ClockAhead time.Duration
}
