package hooks

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/tidegate-io/tidegate/server/problem"
	"github.com/tidegate-io/tidegate/store"
)

// earliness is how far the clock of a sender may be ahead.
const earliness = time.Hour

// always is a time in the far future. A receipt that begins to age then is kept for ever.
var always = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// digest stands for a signed delivery of a webhook. Only what is signed goes into it, so a copy with other headers
// has the same digest. With a new secret the digests are different; that does no harm, because older copies then fail
// the check of their signature.
func digest(webhook string, secret, payload []byte) []byte {
	all := sha256.New()
	for _, part := range [][]byte{[]byte("webhook delivery"), []byte(webhook), secret, payload} {
		one := sha256.Sum256(part)
		all.Write(one[:])
	}
	return all.Sum(nil)
}

// deployOnce takes in a report. A copy of a signed delivery passes the check of its signature as long as the secret
// stays the same. So the digest of the delivery is stored in the same transaction as its change, and the copy changes
// nothing. A note says that there was nothing to take in.
func (h *Receiver) deployOnce(
	ctx context.Context, from source, r report, d store.Deployment, by store.Attribution,
) (stored store.Deployment, changed bool, note string, err error) {
	if from.digest == nil {
		stored, changed, err = h.Deployer.Deploy(ctx, d, by)
		return stored, changed, "", err
	}
	timed := !r.at.IsZero()
	request := store.Request{ID: from.digest, Fingerprint: from.digest, AgesFrom: always}
	if timed && d.ExternalID == "" {
		if err := checkWindow(cmp.Or(from.names.fields["at"], "/at"), r.at, by.At); err != nil {
			return stored, false, "", err
		}
		request.AgesFrom = r.at.Add(lateness)
	}
	by.Request = &request
	stored, changed, err = h.Deployer.Deploy(ctx, d, by)
	switch {
	case errors.Is(err, store.ErrRepeated) && (timed || d.ExternalID != ""):
		return stored, false, nothingNew, nil
	case errors.Is(err, store.ErrRepeated):
		return stored, false, "", problem.Conflict(
			"The same signed event was taken in before, and it has neither an external id nor a time, so it may be a copy. " +
				"Give each event an externalId of its own, or the time `at`.",
		)
	case err != nil || changed:
		return stored, changed, "", err
	}
	// Nothing was written, so there is no receipt yet. It is made here, because with another mapping a copy might
	// write something.
	return stored, false, "", h.Store.PutAnswer(ctx, request, nil, by.At)
}

// checkWindow refuses an event whose time is too far from now. It is for events that differ from a copy only by their
// time.
func checkWindow(pointer string, at, now time.Time) error {
	if late := now.Sub(at); late <= lateness && late >= -earliness {
		return nil
	}
	return problem.Invalid(
		problem.Field(
			pointer,
			"must be at most %d days ago and at most an hour ahead, for the event is signed and has no external id; "+
				"%s is not",
			int(lateness.Hours()/24),
			at.UTC().Format(time.RFC3339),
		),
	)
}
