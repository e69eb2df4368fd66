package tidegate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/open-feature/go-sdk/openfeature"
)

// remoteSession finds out whether the server evaluates flags for the key. The server tells it when flags have
// changed.
type remoteSession struct {
	provider *Provider
	// etag is the ETag of the last answer for all flags, and "" before the first answer.
	etag string
}

// bulkAnswer is the part of the answer for all flags that names the event streams.
type bulkAnswer struct {
	etag         string
	EventStreams []struct {
		Type     string `json:"type"`
		URL      string `json:"url"`
		Endpoint struct {
			Origin     string `json:"origin"`
			RequestURI string `json:"requestUri"`
		} `json:"endpoint"`
	} `json:"eventStreams"`
}

// hold evaluates all flags once, and then follows the event stream that the answer names.
func (s *remoteSession) hold(ctx context.Context, f *follower) (opened bool, err error) {
	answer, err := s.evaluateAll(ctx, f.server)
	if err != nil {
		return false, err
	}
	f.recover()
	f.ready("the server evaluates flags")
	if s.etag != "" && s.etag != answer.etag {
		s.changed()
	}
	s.etag = answer.etag
	address := answer.stream(f.server.base)
	if address == "" {
		<-ctx.Done() // a server without event streams
		return true, ctx.Err()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false, fmt.Errorf("%w address of an event stream: %w", errMalformed, err)
	}
	opened, err = f.server.listen(request, s.provider.options.readTimeout, func() {}, func(e event) error {
		if e.name == "" || e.name == "message" {
			s.changed()
		}
		return nil
	})
	if errors.Is(err, errRefused) {
		// The token in the address may have expired. The next evaluation shows whether the key is wrong.
		err = errors.New("the server refuses the token of the event stream")
	}
	return opened, err
}

func (s *remoteSession) changed() {
	s.provider.emit(openfeature.ProviderConfigChange, openfeature.ProviderEventDetails{Message: "flags may have changed"})
}

func (s *remoteSession) evaluateAll(ctx context.Context, to *server) (*bulkAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, s.provider.options.readTimeout)
	defer cancel()
	request, err := to.request(ctx, http.MethodPost, evaluatePath, strings.NewReader(`{"context":{}}`))
	if err != nil {
		return nil, err
	}
	response, err := to.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("evaluate flags: %w", err)
	}
	defer response.Body.Close()
	if err := checkStatus("evaluate flags", response); err != nil {
		return nil, err
	}
	answer := &bulkAnswer{etag: response.Header.Get("ETag")}
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		return nil, fmt.Errorf("evaluate flags: %w answer; is %s a Tidegate server? %w", errMalformed, to.base, err)
	}
	return answer, nil
}

// stream is the address of the first event stream of a known type, and "" if there is none.
func (a *bulkAnswer) stream(base string) string {
	for _, s := range a.EventStreams {
		if s.Type != "sse" {
			continue
		}
		if s.URL != "" {
			return s.URL
		}
		origin := s.Endpoint.Origin
		if origin == "" {
			origin = originOf(base)
		}
		return strings.TrimSuffix(origin, "/") + s.Endpoint.RequestURI
	}
	return ""
}

// originOf is the scheme and host of a base that was parsed before.
func originOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Scheme + "://" + u.Host
}
