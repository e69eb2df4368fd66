package store

import (
	"context"
	"time"
)

// Request identifies the request behind a write. So a request that is sent again is applied once.
type Request struct {
	// ID is the SHA-256 of two things: who asks, and the key that they chose.
	ID []byte
	// Fingerprint is the SHA-256 of the whole content of the request.
	Fingerprint []byte
	// AgesFrom is the time from which the age of the receipt counts, if that is later than the write.
	AgesFrom time.Time
}

// Age is the time from which the age of the receipt of a write counts.
func (r *Request) Age(written time.Time) time.Time {
	if r.AgesFrom.After(written) {
		return r.AgesFrom
	}
	return written
}

// Receipt says that the write of a request was committed.
type Receipt struct {
	Fingerprint []byte
	// Subject is the key of what the write changed, as in its last Change. It is empty if the write made no Change.
	Subject string
	// Answer is the answer to the request that PutAnswer stored. It is nil if PutAnswer was never called.
	Answer []byte
	// At is the time from which the age of the receipt counts.
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
