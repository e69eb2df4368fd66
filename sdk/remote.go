package tidegate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"

	"github.com/open-feature/go-sdk/openfeature"
)

const evaluatePath = "/ofrep/v1/evaluate/flags"

// maxRemoteAnswer bounds the answer for one flag.
const maxRemoteAnswer = 16 << 20

// remoteAnswer is the server's answer for one flag: a value, the code default or an error.
type remoteAnswer struct {
	Value        any            `json:"value"`
	Variant      string         `json:"variant"`
	Reason       string         `json:"reason"`
	Metadata     map[string]any `json:"metadata"`
	ErrorCode    string         `json:"errorCode"`
	ErrorDetails string         `json:"errorDetails"`
}

// resolveRemotely asks the server for a flag. convert tells whether a value is of the type that was asked for.
func resolveRemotely[T any](
	ctx context.Context, p *Provider, flag string, defaultValue T, flatCtx openfeature.FlattenedContext, convert func(any) (T, bool),
) openfeature.GenericResolutionDetail[T] {
	detail := openfeature.GenericResolutionDetail[T]{Value: defaultValue}
	answer, failure := p.ask(ctx, flag, flatCtx)
	if failure != nil {
		detail.ResolutionError, detail.Reason = *failure, openfeature.ErrorReason
		return detail
	}
	detail.Reason, detail.FlagMetadata = openfeature.Reason(answer.Reason), answer.Metadata
	if answer.Value == nil {
		return detail // the answer is left to the caller
	}
	value, ok := convert(answer.Value)
	if !ok {
		detail.ResolutionError = openfeature.NewTypeMismatchResolutionError("the flag serves values of another type")
		detail.Reason = openfeature.ErrorReason
		return detail
	}
	detail.Value, detail.Variant = value, answer.Variant
	return detail
}

// ask sends one evaluation and returns the answer, or why there is none.
func (p *Provider) ask(ctx context.Context, flag string, flatCtx openfeature.FlattenedContext) (*remoteAnswer, *openfeature.ResolutionError) {
	to := p.server.Load()
	if to == nil {
		return nil, failure(openfeature.NewProviderNotReadyResolutionError("the provider was not initialized, or was shut down"))
	}
	// There is no such flag, and the request would have the path of something else.
	if flag == "" || flag == "." || flag == ".." {
		return nil, failure(openfeature.NewFlagNotFoundResolutionError("no flag has such a key"))
	}
	body, err := json.Marshal(map[string]any{"context": flatCtx})
	if err != nil {
		return nil, failure(openfeature.NewInvalidContextResolutionError("the context cannot be encoded as JSON: " + err.Error()))
	}
	ctx, cancel := context.WithTimeout(ctx, p.options.remoteTimeout)
	defer cancel()
	request, err := to.request(ctx, http.MethodPost, evaluatePath+"/"+url.PathEscape(flag), bytes.NewReader(body))
	if err != nil {
		return nil, failure(openfeature.NewGeneralResolutionError(err.Error()))
	}
	defer p.left(to)
	response, err := to.client.Do(request)
	if err != nil {
		return nil, failure(openfeature.NewGeneralResolutionError("ask the server: " + err.Error()))
	}
	defer response.Body.Close()
	answer, err := readAnswer(response)
	if err != nil {
		return nil, failure(openfeature.NewGeneralResolutionError(err.Error()))
	}
	return answer, answer.failure(response.StatusCode)
}

// left closes the connection that was used, if the provider was shut down meanwhile.
func (p *Provider) left(to *server) {
	if p.server.Load() != to {
		to.close()
	}
}

func failure(e openfeature.ResolutionError) *openfeature.ResolutionError { return &e }

// readAnswer reads the body, of whatever status.
func readAnswer(response *http.Response) (*remoteAnswer, error) {
	data, err := io.ReadAll(io.LimitReader(response.Body, maxRemoteAnswer+1))
	if err == nil && len(data) > maxRemoteAnswer {
		err = errors.New("it is larger than 16 MiB")
	}
	if err != nil {
		return nil, fmt.Errorf("read the server's answer: %w", err)
	}
	answer := &remoteAnswer{}
	if err := json.Unmarshal(data, answer); err != nil {
		return nil, fmt.Errorf("the server answers %s, and what is no JSON: %w", response.Status, err)
	}
	return answer, nil
}

// failure gives the error that the answer stands for, or nil if the answer is no error.
func (a *remoteAnswer) failure(status int) *openfeature.ResolutionError {
	details := a.ErrorDetails
	switch openfeature.ErrorCode(a.ErrorCode) {
	case "":
		if status == http.StatusOK {
			return nil
		}
		if details == "" {
			details = http.StatusText(status)
		}
		return failure(openfeature.NewGeneralResolutionError(fmt.Sprintf("the server answers %d: %s", status, details)))
	case openfeature.FlagNotFoundCode:
		return failure(openfeature.NewFlagNotFoundResolutionError(details))
	case openfeature.ParseErrorCode:
		return failure(openfeature.NewParseErrorResolutionError(details))
	case openfeature.TargetingKeyMissingCode:
		return failure(openfeature.NewTargetingKeyMissingResolutionError(details))
	case openfeature.InvalidContextCode:
		return failure(openfeature.NewInvalidContextResolutionError(details))
	case openfeature.ProviderNotReadyCode:
		return failure(openfeature.NewProviderNotReadyResolutionError(details))
	default:
		return failure(openfeature.NewGeneralResolutionError(a.ErrorCode + ": " + details))
	}
}

func remoteBool(v any) (bool, bool) {
	b, ok := v.(bool)
	return b, ok
}

func remoteString(v any) (string, bool) {
	s, ok := v.(string)
	return s, ok
}

func remoteFloat(v any) (float64, bool) {
	f, ok := v.(float64)
	return f, ok
}

// remoteInt accepts the same numbers as an evaluation in the process: integers that are exact in a double.
func remoteInt(v any) (int64, bool) {
	f, ok := v.(float64)
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53-1 {
		return 0, false
	}
	return int64(f), true
}

func remoteObject(v any) (any, bool) {
	m, ok := v.(map[string]any)
	return m, ok
}
