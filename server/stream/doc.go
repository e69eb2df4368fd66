// Package stream keeps the snapshot of every environment current in this process and tells everybody who listens.
//
// A Replica follows the store: announcements of the bus are hints, a poll is the net under them, and what it serves is
// always a Snapshot that was read from the store (or, while the store is away, from the cache or the disk). Memory
// never expires: what was last known good is served until something better comes. Empty is never a valid state: an
// environment that was not loaded yet is an error.
//
// Streams owns the server-sent event streams of the process, SDKHandler the endpoints of SDKs that evaluate
// in-process, Presence the fleet that those SDKs make known, and Feed the changes that the web app follows.
package stream
