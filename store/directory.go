package store

import (
	"context"
	"encoding/json"
	"fmt"
)

// DirectoryFormat is the version of an encoded Directory. A server of another version keeps its own.
const DirectoryFormat = 1

// Directory is what a server must know, besides the snapshots, to start while the database is away: which
// environments there are and which SDK keys work in them.
type Directory struct {
	// Epoch and Revision tell which of two directories is newer. Revision is the sum of the revisions of all
	// environments. It is read before the keys are read. Every write that makes or revokes a key raises it.
	Epoch        string
	Revision     int64
	Environments []EnvironmentRef
	SDKKeys      []SDKKey
}

// DirectoryCache keeps the newest Directory.
type DirectoryCache interface {
	// PutDirectory stores d unless a newer revision of the same epoch is there.
	PutDirectory(ctx context.Context, d Directory) error
	// Directory gives ErrNotFound where there is none that this version can read.
	Directory(ctx context.Context) (Directory, error)
}

type directoryDocument struct {
	FormatVersion int              `json:"formatVersion"`
	Epoch         string           `json:"epoch"`
	Revision      int64            `json:"revision"`
	Environments  []EnvironmentRef `json:"environments"`
	SDKKeys       []keyDocument    `json:"sdkKeys"`
}

// keyDocument has the hash of a key. The JSON of an SDKKey never shows the hash.
type keyDocument struct {
	SDKKey
	Hash []byte `json:"hash"`
}

// EncodeDirectory writes d as JSON, with the hashes of the keys.
func EncodeDirectory(d Directory) ([]byte, error) {
	document := directoryDocument{
		FormatVersion: DirectoryFormat, Epoch: d.Epoch, Revision: d.Revision, Environments: d.Environments,
		SDKKeys: make([]keyDocument, len(d.SDKKeys)),
	}
	for i, key := range d.SDKKeys {
		document.SDKKeys[i] = keyDocument{SDKKey: key, Hash: key.Hash}
	}
	data, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("encode directory: %w", err)
	}
	return data, nil
}

// DecodeDirectory reads what EncodeDirectory writes. For another format it gives ErrNotFound.
func DecodeDirectory(data []byte) (Directory, error) {
	var document directoryDocument
	if err := json.Unmarshal(data, &document); err != nil {
		return Directory{}, fmt.Errorf("decode directory: %w", err)
	}
	if document.FormatVersion != DirectoryFormat {
		return Directory{}, fmt.Errorf(
			"decode directory: %w: format version %d is unknown",
			ErrNotFound,
			document.FormatVersion,
		)
	}
	d := Directory{
		Epoch: document.Epoch, Revision: document.Revision, Environments: document.Environments,
		SDKKeys: make([]SDKKey, len(document.SDKKeys)),
	}
	for i, key := range document.SDKKeys {
		d.SDKKeys[i] = key.SDKKey
		d.SDKKeys[i].Hash = key.Hash
	}
	return d, nil
}
