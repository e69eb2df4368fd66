// Package replica keeps the snapshot of every environment current in this process.
//
// A Replica follows the store. Announcements of the bus are hints, and a poll is the net under them. What it serves is
// always a Snapshot that was read from the store or, while the store is away, from the cache or the disk. Memory never
// expires: what was last known good is served until something better comes. Empty is never a valid state: an
// environment that was not loaded yet is an error.
//
// A State also holds the last patches, encoded as server-sent events: each change is encoded once for all SDKs that
// follow it.
package replica
