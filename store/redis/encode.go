package redis

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/store"
)

// The encodings of a body.
const (
	encodingJSON = "json"
	encodingGzip = "json+gzip"
)

const (
	// compressAbove is the size in bytes from which compression is worth its time.
	compressAbove = 16 << 10
	// largestSnapshot is the most that a reader unpacks, in bytes.
	largestSnapshot = 256 << 20
)

func encodeSnapshot(def evaluator.Definition) ([]any, error) {
	body, err := json.Marshal(def)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	if len(body) > largestSnapshot {
		return nil, fmt.Errorf("encode: %d bytes are more than the %d that a reader takes", len(body), largestSnapshot)
	}
	encoding := encodingJSON
	if len(body) > compressAbove {
		encoding = encodingGzip
		if body, err = compress(body); err != nil {
			return nil, err
		}
	}
	return []any{fieldEpoch, def.Epoch, fieldRevision, def.Revision, fieldEncoding, encoding, fieldBody, body}, nil
}

// decodeSnapshot gives ErrNotFound if there are no fields, and for an encoding or format that it does not know.
func decodeSnapshot(ref store.EnvironmentRef, fields map[string]string) (evaluator.Definition, error) {
	body := []byte(fields[fieldBody])
	switch encoding := fields[fieldEncoding]; encoding {
	case encodingJSON:
	case encodingGzip:
		var err error
		if body, err = decompress(body); err != nil {
			return evaluator.Definition{}, err
		}
	case "":
		return evaluator.Definition{}, store.ErrNotFound
	default:
		return evaluator.Definition{}, fmt.Errorf("%w: encoding %q is unknown", store.ErrNotFound, encoding)
	}
	var def evaluator.Definition
	if err := json.Unmarshal(body, &def); err != nil {
		return evaluator.Definition{}, fmt.Errorf("decode: %w", err)
	}
	if def.FormatVersion != evaluator.FormatVersion {
		return evaluator.Definition{}, fmt.Errorf(
			"%w: format version %d is unknown",
			store.ErrNotFound,
			def.FormatVersion,
		)
	}
	if got := (store.EnvironmentRef{Project: def.Project, Environment: def.Environment}); got != ref {
		return evaluator.Definition{}, fmt.Errorf("decode: it is that of %s/%s", got.Project, got.Environment)
	}
	return def, nil
}

func compress(body []byte) ([]byte, error) {
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if _, err := writer.Write(body); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return packed.Bytes(), nil
}

func decompress(packed []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	body, err := io.ReadAll(io.LimitReader(reader, largestSnapshot+1))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	if len(body) > largestSnapshot {
		return nil, errors.New("decompress: it is too large")
	}
	return body, nil
}
