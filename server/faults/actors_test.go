package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/tidegate-io/tidegate/server/e2e/flagdtest"
)

// write writes to the flag of the writer again and again. After a failure it continues at another address.
func (l load) write(ctx context.Context, run *traffic, writer int) {
	ticker := time.NewTicker(l.writeEvery)
	defer ticker.Stop()
	urls, flag := l.turned(writer), l.flagOf(writer)
	for n, turn := 1, 0; ; n++ {
		marker := fmt.Sprintf("%s write %d", flag, n)
		body := flagdtest.Map{"targets": []flagdtest.Map{{"variation": "on", "values": []string{marker}}}}
		status, answer, err := run.send(urls[turn%len(urls)], http.MethodPatch,
			flagdtest.Project+"/flags/"+flag+"/environments/production", flagdtest.Token, marker, body)
		var written struct {
			Revision int64 `json:"revision"`
		}
		if err == nil && status == http.StatusOK {
			err = json.Unmarshal(answer, &written)
		}
		run.note(func() {
			switch {
			case err != nil:
				run.unanswered.add(fmt.Sprintf("%s: %v", marker, err))
			case status == http.StatusOK:
				run.acknowledged[marker] = written.Revision
			default:
				run.refused.add(fmt.Sprintf("%s: %d %s", marker, status, answer))
			}
		})
		if err != nil || status != http.StatusOK {
			turn++
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// evaluate evaluates again and again at one address, whatever happens there.
func (l load) evaluate(ctx context.Context, run *traffic, evaluator int) {
	ticker := time.NewTicker(l.evaluateEvery)
	defer ticker.Stop()
	url, flag := l.turned(evaluator)[0], l.flagOf(evaluator%l.writers)
	for {
		status, answer, err := run.send(url, http.MethodPost, "/ofrep/v1/evaluate/flags/"+flag, run.sdkKey, "",
			flagdtest.Map{"context": flagdtest.Map{"targetingKey": "someone"}})
		var evaluation struct {
			Value *bool `json:"value"`
		}
		if err == nil && status == http.StatusOK {
			err = json.Unmarshal(answer, &evaluation)
		}
		run.note(func() {
			if err == nil && status == http.StatusOK && evaluation.Value != nil {
				run.evaluated++
			} else {
				run.evaluations.at(url, fmt.Sprintf("%s %s at %s: %d %s %v", url, flag, time.Now().Format("15:04:05.000"), status, answer, err))
			}
		})
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// answerWithin bounds a request. An answer that takes longer is treated as no answer.
const answerWithin = 30 * time.Second

// send sends one request. The end of the load does not cancel it: the test waits for each request, so that it never
// gives up one itself.
func (r *traffic) send(url, method, path, bearer, reason string, body any) (status int, answer []byte, err error) {
	content, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, url+path, bytes.NewReader(content))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	request.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/merge-patch+json")
		request.Header.Set("Tidegate-Reason", reason)
	}
	response, err := (&http.Client{Transport: r.transport}).Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}
