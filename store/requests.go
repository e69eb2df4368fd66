package store

import (
	"context"
	"time"
)

// Request identifies what asks for a write, so that one that is sent again is applied once.
type Request struct {
	// ID is the SHA-256 of who asks and of the key that they chose.
	ID []byte
	// Fingerprint is the SHA-256 of all that is asked.
	Fingerprint []byte
	// AgesFrom is when the receipt begins to age, where that is later than the write.
	AgesFrom time.Time
}

// Age is when the age of the receipt of a write counts from.
func (r *Request) Age(written time.Time) time.Time {
	if r.AgesFrom.After(written) {
		return r.AgesFrom
	}
	return written
}

// Receipt says that the write of a request was committed.
type Receipt struct {
	Fingerprint []byte
	// Subject is the key of what the write was about, as in its last Change; empty if it made none.
	Subject string
	// Answer is what the request was answered, as PutAnswer was given it; nil if that never happened.
	Answer []byte
	// At is when the age of the receipt counts from.
	At time.Time
}

// Requests stores receipts. A write whose Attribution names a Request leaves its receipt in its own transaction. If
// there is a receipt already, the write fails with ErrRepeated and changes nothing.
type Requests interface {
	// Receipt gives ErrNotFound if no write of the request was committed, and none will be by an attempt that has ended.
	Receipt(ctx context.Context, id []byte) (Receipt, error)
	// PutAnswer keeps what a request was answered, unless an answer is kept already. It makes the receipt of a request
	// that found nothing to write.
	PutAnswer(ctx context.Context, r Request, answer []byte, at time.Time) error
	DeleteReceipts(ctx context.Context, before time.Time) error
}
