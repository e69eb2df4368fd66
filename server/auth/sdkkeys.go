package auth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidegate-io/tidegate/store"
)

// ErrUnknownKey says that there is no such SDK key, or that it was revoked.
var ErrUnknownKey = errors.New("unknown SDK key")

const (
	// reloadSpacing is the least time between two reloads. So callers with invented keys cannot burden the database.
	reloadSpacing = 100 * time.Millisecond
	// reloadInterval is the time between reloads without a hint. If a hint is lost, a revoked key works for this long
	// at most.
	reloadInterval = 5 * time.Second
	reloadTimeout  = 2 * time.Second
)

// SDKKeys is the table of all working SDK keys in memory. Looking up a known key does no I/O. For an unknown key, the
// store is asked once more, so that a new key works at once on every replica. While the store is away the table stays
// as it was. If the store has never answered, the remembered keys work.
type SDKKeys struct {
	store  store.Credentials
	memory Memory
	log    *slog.Logger
	table  atomic.Pointer[keyTable]
	kick   chan struct{}
	filled bool // from the store or from memory; belongs to Run

	mu sync.Mutex
	// next is the reload that has not begun yet. Callers who need a reload wait for it.
	next *reload
}

// Memory has the keys that worked when the store was last reached.
type Memory interface {
	// RecallSDKKeys fails with store.ErrNotFound where nothing is remembered.
	RecallSDKKeys(ctx context.Context) ([]store.SDKKey, error)
}

// keyTable is immutable.
type keyTable struct {
	byHash map[[sha256.Size]byte]store.SDKKey
	byID   map[string]workingKey
}

// workingKey is a key with a channel that is closed when the key no longer works. Each new table takes over the
// channel.
type workingKey struct {
	store.SDKKey
	revoked chan struct{}
}

// reload is one reading of the table. err may be read after done is closed.
type reload struct {
	done chan struct{}
	err  error
}

// NewSDKKeys returns an empty table. Run fills it. While the store has never answered, the table is filled from
// memory. memory may be nil.
func NewSDKKeys(credentials store.Credentials, memory Memory, log *slog.Logger) *SDKKeys {
	k := &SDKKeys{
		store:  credentials,
		memory: memory,
		log:    log,
		kick:   make(chan struct{}, 1),
		next:   &reload{done: make(chan struct{})},
	}
	k.table.Store(&keyTable{})
	return k
}

// SDKKey returns the key whose text is secret. It returns ErrUnknownKey if there is none. It returns another error if
// the key could not be checked.
func (k *SDKKeys) SDKKey(ctx context.Context, secret string) (store.SDKKey, error) {
	if !strings.HasPrefix(secret, PrefixServerKey) && !strings.HasPrefix(secret, PrefixClientKey) {
		return store.SDKKey{}, ErrUnknownKey
	}
	hash := sha256.Sum256([]byte(secret))
	if key, ok := k.find(hash); ok {
		return key, nil
	}
	err := k.Reload(ctx)
	if key, ok := k.find(hash); ok {
		return key, nil
	}
	if err != nil {
		return store.SDKKey{}, err
	}
	return store.SDKKey{}, ErrUnknownKey
}

// SDKKeyByID returns a working key from memory alone.
func (k *SDKKeys) SDKKeyByID(id string) (store.SDKKey, bool) {
	key, ok := k.table.Load().byID[id]
	return key.SDKKey, ok
}

// Revoked returns a channel that is closed when the key no longer works. If the key does not work now, the channel is
// closed already.
func (k *SDKKeys) Revoked(id string) <-chan struct{} {
	if key, ok := k.table.Load().byID[id]; ok {
		return key.revoked
	}
	closed := make(chan struct{})
	close(closed)
	return closed
}

func (k *SDKKeys) find(hash [sha256.Size]byte) (store.SDKKey, bool) {
	key, ok := k.table.Load().byHash[hash]
	return key, ok
}

// Reload waits until the table has been read again. Run must be running.
func (k *SDKKeys) Reload(ctx context.Context) error {
	k.mu.Lock()
	next := k.next
	k.mu.Unlock()
	k.Refresh()
	ctx, cancel := context.WithTimeout(ctx, reloadTimeout)
	defer cancel()
	select {
	case <-next.done:
		return next.err
	case <-ctx.Done():
		return fmt.Errorf("reload SDK keys: %w", errors.Join(store.ErrUnavailable, ctx.Err()))
	}
}

// Refresh asks Run to read the table again soon.
func (k *SDKKeys) Refresh() {
	select {
	case k.kick <- struct{}{}:
	default: // one is asked for already
	}
}

// Run keeps the table current until ctx ends.
func (k *SDKKeys) Run(ctx context.Context) {
	ticker := time.NewTicker(reloadInterval)
	defer ticker.Stop()
	failing := false
	for ctx.Err() == nil {
		err := k.load(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			k.log.ErrorContext(ctx, "SDK keys cannot be read; those known stay valid", "error", err)
		}
		failing = err != nil
		pause(ctx, reloadSpacing)
		select {
		case <-ctx.Done():
		case <-k.kick:
		case <-ticker.C:
		}
	}
}

func (k *SDKKeys) load(ctx context.Context) error {
	k.mu.Lock()
	current := k.next
	k.next = &reload{done: make(chan struct{})}
	k.mu.Unlock()
	defer close(current.done)

	asking, cancel := context.WithTimeout(ctx, reloadTimeout)
	defer cancel()
	keys, err := k.store.ListSDKKeys(asking, store.EnvironmentRef{})
	if err != nil {
		current.err = errors.Join(err, k.recall(ctx))
		return current.err
	}
	k.filled = true
	k.replace(keys)
	return nil
}

// recall fills an empty table from memory. A key that was revoked meanwhile works until the store answers.
func (k *SDKKeys) recall(ctx context.Context) error {
	if k.filled || k.memory == nil {
		return nil
	}
	keys, err := k.memory.RecallSDKKeys(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("recall SDK keys: %w", err)
	}
	k.filled = true
	k.replace(keys)
	k.log.WarnContext(ctx, "the SDK keys of the last good directory work until the store answers", "keys", len(keys))
	return nil
}

// replace swaps the table. Then it tells the users of each key that is no longer in it. Only Run swaps the table.
func (k *SDKKeys) replace(keys []store.SDKKey) {
	before := k.table.Load()
	after := newKeyTable(keys, before)
	k.table.Store(after)
	for id, key := range before.byID {
		if _, works := after.byID[id]; !works {
			close(key.revoked)
		}
	}
}

// newKeyTable takes over the channels of the keys that were already in the table before.
func newKeyTable(keys []store.SDKKey, before *keyTable) *keyTable {
	table := &keyTable{
		byHash: make(map[[sha256.Size]byte]store.SDKKey, len(keys)),
		byID:   make(map[string]workingKey, len(keys)),
	}
	for _, key := range keys {
		if len(key.Hash) != sha256.Size {
			continue
		}
		revoked := before.byID[key.ID].revoked
		if revoked == nil {
			revoked = make(chan struct{})
		}
		table.byHash[[sha256.Size]byte(key.Hash)] = key
		table.byID[key.ID] = workingKey{key, revoked}
	}
	return table
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
