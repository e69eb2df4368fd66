package sdkapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/tidegate-io/tidegate/openapi"
	"github.com/tidegate-io/tidegate/server/body"
	"github.com/tidegate-io/tidegate/server/presence"
	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// maxInstanceBody bounds the announcement of an instance, in bytes.
const maxInstanceBody = 16 << 10

// announcement is the body of POST /sdk/v1/instances.
type announcement struct {
	ServiceName       string    `json:"serviceName"`
	ServiceVersion    string    `json:"serviceVersion"`
	ServiceInstanceID string    `json:"serviceInstanceId"`
	StartedAt         time.Time `json:"startedAt"`
	Shadow            bool      `json:"shadow"`
}

// heartbeat is the answer to it: how long the instance counts as alive, and when it should announce itself again.
type heartbeat struct {
	ExpiresInSeconds int `json:"expiresInSeconds"`
	RepeatInSeconds  int `json:"repeatInSeconds"`
}

// announce is POST /sdk/v1/instances. A process without a stream calls it again and again to say that it is alive.
func (h *Handler) announce(w http.ResponseWriter, r *http.Request) {
	key, err := serverKey(r, h.Keys)
	if err == nil {
		var who presence.Identity
		if who, err = readAnnouncement(w, r); err == nil {
			err = h.Presence.Announce(key.EnvironmentRef, who, time.Now())
		}
	}
	if errors.Is(err, presence.ErrFull) {
		err = problem.Unavailable(err.Error())
	}
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// An error means that the client has gone.
	_ = json.MarshalWrite(w, heartbeat{
		ExpiresInSeconds: int(store.PresenceTTL.Seconds()), RepeatInSeconds: int(store.PresenceTTL.Seconds()) / 3,
	})
}

func readAnnouncement(w http.ResponseWriter, r *http.Request) (presence.Identity, error) {
	data, err := body.Read(w, r, maxInstanceBody)
	if err != nil {
		return presence.Identity{}, err
	}
	if err := body.Check(data); err != nil {
		return presence.Identity{}, err
	}
	var said announcement
	if err := body.Lenient(data, &said); err != nil {
		return presence.Identity{}, err
	}
	var missing []openapi.FieldError
	for _, field := range []struct{ pointer, value string }{
		{"/serviceName", said.ServiceName}, {"/serviceVersion", said.ServiceVersion}, {"/serviceInstanceId", said.ServiceInstanceID},
	} {
		switch {
		case field.value == "":
			missing = append(missing, problem.Field(field.pointer, "is required: the process says what it is"))
		case len(field.value) > presence.MaxIdentity:
			missing = append(missing, problem.Field(field.pointer, "may have %d bytes", presence.MaxIdentity))
		}
	}
	if len(missing) > 0 {
		return presence.Identity{}, problem.Invalid(missing...)
	}
	return presence.Identity{
		Service: said.ServiceName, Version: said.ServiceVersion, Instance: said.ServiceInstanceID,
		StartedAt: said.StartedAt, Shadow: said.Shadow,
	}, nil
}
