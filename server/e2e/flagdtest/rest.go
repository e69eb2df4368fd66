package flagdtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Map is a JSON object.
type Map = map[string]any

// Project is the path of the project that every store has from the start.
const Project = "/api/v1/projects/default"

// Call sends body, if any, as JSON with the admin's token, and decodes the answer into result unless that is nil.
// Every status from 300 on is an error that holds the answer.
func (s *Server) Call(ctx context.Context, method, path string, body, result any) error {
	return s.CallAs(ctx, Token, method, path, body, result)
}

// MustCall is Call for a test that cannot go on without it.
func (s *Server) MustCall(t testing.TB, method, path string, body, result any) {
	t.Helper()
	require.NoError(t, s.Call(t.Context(), method, path, body, result))
}

// SDKKey makes an SDK key of the kind, server or client, for the environment.
func (s *Server) SDKKey(t testing.TB, environment, kind string) string {
	t.Helper()
	var made struct {
		Key string `json:"key"`
	}
	s.MustCall(
		t,
		http.MethodPost,
		Project+"/environments/"+environment+"/sdk-keys",
		Map{"name": t.Name(), "kind": kind},
		&made,
	)
	require.NotEmpty(t, made.Key)
	return made.Key
}

// Evaluation is the part of OFREP's answer for one flag that tests look at.
type Evaluation struct {
	Value    any    `json:"value"`
	Variant  string `json:"variant"`
	Reason   string `json:"reason"`
	Metadata struct {
		Detail string `json:"detail"`
	} `json:"metadata"`
}

// Evaluate evaluates a flag by OFREP for the targeting key.
func (s *Server) Evaluate(ctx context.Context, sdkKey, flag, targetingKey string) (Evaluation, error) {
	var evaluation Evaluation
	body := Map{"context": Map{"targetingKey": targetingKey}}
	err := s.CallAs(ctx, sdkKey, http.MethodPost, "/ofrep/v1/evaluate/flags/"+flag, body, &evaluation)
	return evaluation, err
}

// CallAs is Call with another bearer than the admin: the text of an SDK key, for instance.
func (s *Server) CallAs(ctx context.Context, bearer, method, path string, body, result any) error {
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return fmt.Errorf("encode body of %s %s: %w", method, path, err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, s.URL+path, &sent)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	request.Header.Set("Content-Type", contentType(method))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read answer to %s %s: %w", method, path, err)
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s answered %s: %s", method, path, response.Status, answer)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(answer, result); err != nil {
		return fmt.Errorf("decode answer to %s %s: %w", method, path, err)
	}
	return nil
}

func contentType(method string) string {
	if method == http.MethodPatch {
		return "application/merge-patch+json"
	}
	return "application/json"
}
