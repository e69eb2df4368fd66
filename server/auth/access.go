package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/tidegate-io/tidegate/evaluator"
	"github.com/tidegate-io/tidegate/server/replica"
	"github.com/tidegate-io/tidegate/store"
)

// ErrNoKey says that the request carries no SDK key.
var ErrNoKey = errors.New("no SDK key")

// Keys knows the SDK keys that work now. Finding a known key does no I/O. SDKKeys is one.
type Keys interface {
	// SDKKey finds a key by its text. It fails with ErrUnknownKey where there is none.
	SDKKey(ctx context.Context, secret string) (store.SDKKey, error)
	// SDKKeyByID finds a working key in memory alone; false means that there is none.
	SDKKeyByID(id string) (store.SDKKey, bool)
	// Revoked returns a channel that is closed when the key no longer works. If the key does not work now, the
	// channel is closed already.
	Revoked(id string) <-chan struct{}
}

// KeyText returns the SDK key in the header, or "" if there is none. It reads both headers that OFREP allows.
func KeyText(header http.Header) string {
	if scheme, token, ok := strings.Cut(header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return header.Get("X-API-Key")
}

// RequestKey returns the SDK key of the request. It fails with ErrNoKey or with ErrUnknownKey. It fails with another
// error if the key cannot be checked now.
func RequestKey(r *http.Request, keys Keys) (store.SDKKey, error) {
	text := KeyText(r.Header)
	if text == "" {
		return store.SDKKey{}, ErrNoKey
	}
	return keys.SDKKey(r.Context(), text)
}

// States has the current state of every environment in memory.
type States interface {
	// State fails with replica.ErrNotReady while there is none.
	State(ref store.EnvironmentRef) (*replica.State, error)
}

// Access is what the holder of an SDK key may see, at one moment.
type Access struct {
	Key      store.SDKKey
	State    *replica.State
	Snapshot *evaluator.Snapshot
}

// CurrentAccess returns what the holder of the key may see now. It fails with replica.ErrNotReady.
func CurrentAccess(states States, key store.SDKKey) (Access, error) {
	state, err := states.State(key.EnvironmentRef)
	if err != nil {
		return Access{}, err
	}
	return Access{Key: key, State: state, Snapshot: state.Snapshot}, nil
}

// ClientSide reports whether the holder may see clientSide flags only.
func (a *Access) ClientSide() bool { return a.Key.Kind != store.SDKKeyServer }

// Visible reports whether the holder may see the flag. For a server key, a flag that does not exist counts as
// visible.
func (a *Access) Visible(flag string) bool { return !a.ClientSide() || IsClientSide(a.Snapshot, flag) }

// IsClientSide reports whether the snapshot has the flag and the flag is visible to client keys.
func IsClientSide(s *evaluator.Snapshot, flag string) bool {
	found, ok := s.Flag(flag)
	return ok && found.ClientSide
}
