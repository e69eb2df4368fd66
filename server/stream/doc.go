// Package stream serves server-sent events.
//
// Streams owns the streams of the process: it lets them in, writes what their Source gives, and ends them. A stream
// that another protocol writes has an Admission, and counts like the others. The id of an event is a cursor: the
// place in the history of an environment from which a client goes on when it comes back.
package stream
