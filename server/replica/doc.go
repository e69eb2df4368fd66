// Package replica keeps the snapshot of every environment current in this process.
//
// A Replica follows the store. Announcements of the bus are hints. A regular poll finds the changes of which no hint
// came. A Replica always serves a Snapshot that was read from the store or, while the store is away, from the cache
// or the disk. Memory never expires: the last good snapshot is served until a better one comes. Empty is never a
// valid state: an environment that was not loaded yet is an error.
//
// A State also holds the last patches, encoded as server-sent events. Each change is encoded once for all SDKs that
// follow it.
package replica
