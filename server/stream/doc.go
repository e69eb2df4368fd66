// Package stream serves server-sent events.
//
// Streams owns the streams of the process: it lets them in, writes the events of their Source, and ends them. A
// stream that another protocol writes has an Admission, and counts like the others. The id of an event is a cursor.
// It is a place in the history of an environment: a client that comes back continues from there.
package stream
