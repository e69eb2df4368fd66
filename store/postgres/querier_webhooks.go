package postgres

import (
	"context"

	"github.com/tidegate-io/tidegate/store/internal/postgresdb"
	db "github.com/tidegate-io/tidegate/store/internal/sqlitedb"
)

func (q querier) WebhookInsert(ctx context.Context, arg db.WebhookInsertParams) error {
	return q.Queries.WebhookInsert(ctx, postgresdb.WebhookInsertParams(arg))
}

func (q querier) WebhookGet(ctx context.Context, id string) (db.Webhook, error) {
	row, err := q.Queries.WebhookGet(ctx, id)
	return db.Webhook(row), err
}

func (q querier) WebhookList(ctx context.Context, project string) ([]db.Webhook, error) {
	rows, err := q.Queries.WebhookList(ctx, project)
	return convert(rows, func(r postgresdb.Webhook) db.Webhook { return db.Webhook(r) }), err
}

func (q querier) WebhookUpdate(ctx context.Context, arg db.WebhookUpdateParams) error {
	return q.Queries.WebhookUpdate(ctx, postgresdb.WebhookUpdateParams(arg))
}

func (q querier) WebhookDeliveryInsert(ctx context.Context, arg db.WebhookDeliveryInsertParams) error {
	return q.Queries.WebhookDeliveryInsert(ctx, postgresdb.WebhookDeliveryInsertParams(arg))
}

func (q querier) WebhookDeliveryGet(ctx context.Context, arg db.WebhookDeliveryGetParams) (db.WebhookDelivery, error) {
	row, err := q.Queries.WebhookDeliveryGet(ctx, postgresdb.WebhookDeliveryGetParams(arg))
	return db.WebhookDelivery(row), err
}

func (q querier) WebhookDeliveryList(ctx context.Context, webhook string) ([]db.WebhookDeliveryListRow, error) {
	rows, err := q.Queries.WebhookDeliveryList(ctx, webhook)
	return convert(rows, func(r postgresdb.WebhookDeliveryListRow) db.WebhookDeliveryListRow {
		return db.WebhookDeliveryListRow(r)
	}), err
}

func (q querier) WebhookDeliveryForget(ctx context.Context, arg db.WebhookDeliveryForgetParams) error {
	return q.Queries.WebhookDeliveryForget(ctx, postgresdb.WebhookDeliveryForgetParams(arg))
}
