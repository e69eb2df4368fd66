package postgres

import (
	"context"

	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func (q querier) ReceiptAnswer(ctx context.Context, arg db.ReceiptAnswerParams) error {
	return q.Queries.ReceiptAnswer(ctx, postgresdb.ReceiptAnswerParams(arg))
}

func (q querier) ReceiptGet(ctx context.Context, id []byte) (db.Receipt, error) {
	row, err := q.Queries.ReceiptGet(ctx, id)
	return db.Receipt(row), err
}

func (q querier) ReceiptInsert(ctx context.Context, arg db.ReceiptInsertParams) (int64, error) {
	return q.Queries.ReceiptInsert(ctx, postgresdb.ReceiptInsertParams(arg))
}
