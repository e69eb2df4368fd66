package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sqlc-dev/pqtype"
)

// micros is a time as it is stored. Fractions of a microsecond are lost.
func micros(t time.Time) int64 { return t.UnixMicro() }

func microsOrNull(t *time.Time) *int64 {
	if t == nil {
		return nil
	}
	stored := micros(*t)
	return &stored
}

// timeOf is the stored time, in UTC.
func timeOf(stored int64) time.Time { return time.UnixMicro(stored).UTC() }

func timeOrNil(stored *int64) *time.Time {
	if stored == nil {
		return nil
	}
	t := timeOf(*stored)
	return &t
}

// encode gives a document as it is stored.
func encode(document any) ([]byte, error) {
	encoded, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", document, err)
	}
	return encoded, nil
}

// encodeList stores a nil list as an empty one.
func encodeList[T any](list []T) ([]byte, error) {
	if list == nil {
		list = []T{}
	}
	return encode(list)
}

func encodeNullable(document any) (pqtype.NullRawMessage, error) {
	if document == nil {
		return pqtype.NullRawMessage{}, nil
	}
	encoded, err := encode(document)
	return pqtype.NullRawMessage{RawMessage: encoded, Valid: err == nil}, err
}

// decodeNullable reads a stored document, nil where there is none.
func decodeNullable[T any](what string, stored pqtype.NullRawMessage) (*T, error) {
	if !stored.Valid {
		return nil, nil
	}
	document, err := decode[T](what, stored.RawMessage)
	return &document, err
}

// decode reads a stored document.
func decode[T any](what string, stored []byte) (T, error) {
	var document T
	if err := json.Unmarshal(stored, &document); err != nil {
		return document, fmt.Errorf("decode stored %s: %w", what, err)
	}
	return document, nil
}

// convert applies f to each row. Its result is never nil.
func convert[R, T any](rows []R, f func(R) T) []T {
	list := make([]T, 0, len(rows))
	for _, row := range rows {
		list = append(list, f(row))
	}
	return list
}

// tryConvert is convert for an f that can fail.
func tryConvert[R, T any](rows []R, f func(R) (T, error)) ([]T, error) {
	list := make([]T, 0, len(rows))
	for _, row := range rows {
		item, err := f(row)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, nil
}
