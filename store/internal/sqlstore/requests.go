package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/tidegate-io/tidegate/store"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

// leaveReceipt is the last step of a write. It fails if the same request was applied already. If there are two
// attempts at the same time, one of them waits until the other ends, either here or before at a lock.
func (tx *writeTx) leaveReceipt(ctx context.Context) error {
	r := tx.by.Request
	if r == nil {
		return nil
	}
	inserted, err := tx.ReceiptInsert(ctx, db.ReceiptInsertParams{
		ID: r.ID, Fingerprint: r.Fingerprint, Subject: tx.recorded.key, CreatedAt: micros(r.Age(tx.by.At)),
	})
	if err != nil {
		return fmt.Errorf("leave receipt: %w", err)
	}
	if inserted == 0 {
		return store.ErrRepeated
	}
	return nil
}

// Receipt reads the receipt of a request.
func (s *Store) Receipt(ctx context.Context, id []byte) (store.Receipt, error) {
	row, err := s.queries().ReceiptGet(ctx, id)
	if err != nil {
		return store.Receipt{}, s.wrap(err, "read", "receipt")
	}
	return store.Receipt{
		Fingerprint: row.Fingerprint,
		Subject:     row.Subject,
		Answer:      row.Answer,
		At:          timeOf(row.CreatedAt),
	}, nil
}

// PutAnswer completes a receipt, or makes one.
func (s *Store) PutAnswer(ctx context.Context, r store.Request, answer []byte, at time.Time) error {
	err := s.engine.Write(ctx, func(q db.Querier) error {
		return q.ReceiptAnswer(
			ctx,
			db.ReceiptAnswerParams{ID: r.ID, Fingerprint: r.Fingerprint, Answer: answer, CreatedAt: micros(r.Age(at))},
		)
	})
	return s.wrap(err, "keep", "answer")
}

// DeleteReceipts deletes the receipts that are older than the time given.
func (s *Store) DeleteReceipts(ctx context.Context, before time.Time) error {
	err := s.engine.Write(ctx, func(q db.Querier) error { return q.ReceiptDeleteBefore(ctx, micros(before)) })
	return s.wrap(err, "delete", "receipts")
}
