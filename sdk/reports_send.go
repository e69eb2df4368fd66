package tidegate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
)

// errNotTaken says that the server has certainly taken nothing of a report, so the report may be sent again. After
// any other failure the server may have counted the events already, and no event may count twice.
var errNotTaken = errors.New("the server cannot take reports now")

// errNoReports is the answer of a server that takes no reports, or none from this key.
var errNoReports = errors.New("the server takes no reports from this SDK key")

// send sends one report. If ctx ends meanwhile, it goes on for a while. If it stopped, nobody could tell how much of
// the report the server has counted.
func (r *reports) send(ctx context.Context, to *server, batch []reportEvent) error {
	body, err := json.Marshal(reportBody{
		ServiceName: to.identity.service, ServiceVersion: to.identity.version, ServiceInstanceID: to.identity.instance,
		Events: batch,
	})
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reportTimeout)
	defer cancel()
	request, err := to.request(ctx, http.MethodPost, reportsPath, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := to.client.Do(request)
	if err != nil {
		var dial *net.OpError
		if errors.As(err, &dial) && dial.Op == "dial" {
			return fmt.Errorf("%w: %w", errNotTaken, err)
		}
		return fmt.Errorf("send report: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("read answer to report: %w", err)
	}
	switch code := response.StatusCode; {
	case code < 300:
		r.complainOf(answer)
		return nil
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		return fmt.Errorf("%w: it answers %s", errNotTaken, response.Status)
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusNotFound, code == http.StatusMethodNotAllowed:
		return fmt.Errorf("%w: it answers %s", errNoReports, response.Status)
	default:
		return fmt.Errorf("send report: the server answers %s", response.Status)
	}
}

// complainOf logs what the server could not use of a report that it took.
func (r *reports) complainOf(answer []byte) {
	var taken struct {
		Dropped int `json:"dropped"`
		Errors  []struct {
			Pointer string `json:"pointer"`
			Detail  string `json:"detail"`
		} `json:"errors"`
	}
	if json.Unmarshal(answer, &taken) != nil || taken.Dropped == 0 {
		return // another server may answer something else, and nothing is wrong then
	}
	first := ""
	if len(taken.Errors) > 0 {
		first = taken.Errors[0].Pointer + " " + taken.Errors[0].Detail
	}
	r.provider.options.log.Warn("tidegate: the server could not use all events of a report", "events", taken.Dropped, "first", first)
}

// failed keeps the batch for later if the server has taken nothing of it. Otherwise it logs what is lost.
func (r *reports) failed(batch []reportEvent, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	log := r.provider.options.log
	switch {
	case errors.Is(err, errNoReports):
		r.off, r.queue = true, nil
		log.Warn("tidegate: no tracking events and counts of evaluations are sent any more", "error", err)
	case errors.Is(err, errNotTaken):
		// The older events come first, as before. If there are too many, the newest are dropped.
		r.queue = slices.Concat(batch, r.queue)
		if over := len(r.queue) - maxQueued; over > 0 {
			r.queue, r.dropped = r.queue[:maxQueued], r.dropped+over
		}
	default:
		log.Warn("tidegate: a report was lost", "events", len(batch), "error", err)
	}
}
