package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/tidegate-io/tidegate/server/edit"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// withCurrent adds the current document to a version conflict. The caller can then look at it and repeat the change
// without another request. If the document cannot be read, the conflict is answered without it.
func (a *API) withCurrent(ctx context.Context, err error) error {
	var conflict *edit.ConflictError
	if !errors.As(err, &conflict) {
		return err
	}
	document, readErr := a.document(ctx, conflict.Object)
	if readErr != nil {
		return err
	}
	encoded, encodeErr := json.Marshal(document, wire)
	if encodeErr != nil {
		return err
	}
	return &problem.CurrentError{ConflictError: conflict.ConflictError, Document: encoded}
}

// document is what a GET answers of the object.
func (a *API) document(ctx context.Context, object any) (any, error) {
	switch object := object.(type) {
	case store.Project:
		return projectDocument(object), nil
	case store.Environment:
		return environmentDocument(object), nil
	case store.Flag:
		return a.wholeFlag(ctx, object)
	case store.FlagConfig:
		return a.flagConfigDocument(ctx, object)
	case store.Segment:
		return a.wholeSegment(ctx, object)
	case store.ReleasePolicy:
		return releasePolicyDocument(object), nil
	case store.Webhook:
		return a.wholeWebhook(object, "")
	}
	return nil, fmt.Errorf("encode %T: it has no document", object)
}
