package redis

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tidegate-io/tidegate/store"
)

const (
	// instanceFormat is the version of the encoding of instances. Servers that use another version have other keys.
	instanceFormat = 1
	// instanceMemory is how long after the last report the instances of an environment are forgotten.
	instanceMemory = time.Hour
	// maxSwept is how many expired instances one read removes at most.
	maxSwept = 500
)

// The fields of the hash of an environment. One field says since when the hash exists, in milliseconds since 1970.
// Each other field is one instance.
const (
	fieldSince     = "since"
	instancePrefix = "i:"
)

// Instances keeps which instances are alive, in one hash for each environment.
type Instances struct {
	redis goredis.UniversalClient
}

var _ store.InstanceCache = (*Instances)(nil)

// Instances gives a cache of instances. It ends when the client is closed.
func (c *Client) Instances() *Instances { return &Instances{redis: c.redis} }

// cachedInstance is the content of a field. Other versions of the server use the same form: fields may be added, but
// never changed.
type cachedInstance struct {
	Version   string `json:"version"`
	StartedAt int64  `json:"startedAt"` // milliseconds since 1970, like SeenAt
	SeenAt    int64  `json:"seenAt"`
	Revision  int64  `json:"revision,omitempty"`
	Shadow    bool   `json:"shadow,omitempty"`
}

func instancesKey(ref store.EnvironmentRef) string {
	return fmt.Sprintf("%sinstances:%d:{%s/%s}", namespace, instanceFormat, ref.Project, ref.Environment)
}

// PutInstances writes each environment by one command.
func (c *Instances) PutInstances(ctx context.Context, instances []store.Instance, now time.Time) error {
	fields := make(map[store.EnvironmentRef][]any)
	for _, i := range instances {
		encoded, err := json.Marshal(cachedInstance{
			Version:   i.Version,
			StartedAt: i.StartedAt.UnixMilli(),
			SeenAt:    i.SeenAt.UnixMilli(),
			Revision:  i.Revision,
			Shadow:    i.Shadow,
		})
		if err != nil {
			return fmt.Errorf("encode instance %q of %q: %w", i.InstanceID, i.Service, err)
		}
		fields[i.EnvironmentRef] = append(
			fields[i.EnvironmentRef],
			instancePrefix+i.Service+"\x00"+i.InstanceID,
			encoded,
		)
	}
	_, err := c.redis.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		for ref, pairs := range fields {
			pipe.HSet(ctx, instancesKey(ref), pairs...)
			claim(ctx, pipe, ref, now)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("cache instances: %w", storeError(err))
	}
	return nil
}

// claim writes since when the hash exists, unless that is written already. It also extends the life of the hash.
func claim(ctx context.Context, pipe goredis.Pipeliner, ref store.EnvironmentRef, now time.Time) {
	pipe.HSetNX(ctx, instancesKey(ref), fieldSince, now.UnixMilli())
	pipe.PExpire(ctx, instancesKey(ref), instanceMemory)
}

// CachedInstances reads the instances. It also extends the life of the hash, so that a fleet without instances is
// known to be empty. And it removes instances that expired long ago.
func (c *Instances) CachedInstances(
	ctx context.Context, ref store.EnvironmentRef, since, now time.Time,
) (instances []store.Instance, complete bool, err error) {
	var read *goredis.MapStringStringCmd
	_, err = c.redis.Pipelined(ctx, func(pipe goredis.Pipeliner) error {
		claim(ctx, pipe, ref, now)
		read = pipe.HGetAll(ctx, instancesKey(ref))
		return nil
	})
	if err != nil {
		return nil, false, fmt.Errorf(
			"read cached instances of %s/%s: %w",
			ref.Project,
			ref.Environment,
			storeError(err),
		)
	}
	var expired []string
	for field, value := range read.Val() {
		name, isInstance := strings.CutPrefix(field, instancePrefix)
		if !isInstance {
			continue
		}
		instance, err := decodeInstance(ref, name, value)
		switch {
		case err != nil:
			return nil, false, err
		case !instance.SeenAt.Before(since):
			instances = append(instances, instance)
		case now.Sub(instance.SeenAt) > 2*now.Sub(since) && len(expired) < maxSwept:
			expired = append(expired, field)
		}
	}
	if len(expired) > 0 {
		// An instance that comes back right now reports again within seconds.
		if err := c.redis.HDel(ctx, instancesKey(ref), expired...).Err(); err != nil {
			return nil, false, fmt.Errorf(
				"forget instances of %s/%s: %w",
				ref.Project,
				ref.Environment,
				storeError(err),
			)
		}
	}
	began, err := strconv.ParseInt(read.Val()[fieldSince], 10, 64)
	return instances, err == nil && !time.UnixMilli(began).After(since), nil
}

func decodeInstance(ref store.EnvironmentRef, name, value string) (store.Instance, error) {
	var cached cachedInstance
	if err := json.Unmarshal([]byte(value), &cached); err != nil {
		return store.Instance{}, fmt.Errorf(
			"decode cached instance %q of %s/%s: %w",
			name,
			ref.Project,
			ref.Environment,
			err,
		)
	}
	service, id, _ := strings.Cut(name, "\x00")
	return store.Instance{
		EnvironmentRef: ref, Service: service, InstanceID: id, Version: cached.Version,
		StartedAt: time.UnixMilli(cached.StartedAt).UTC(), SeenAt: time.UnixMilli(cached.SeenAt).UTC(),
		Revision: cached.Revision, Shadow: cached.Shadow,
	}, nil
}
