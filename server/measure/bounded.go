package measure

import (
	"fmt"
	"io"
	"net/http"
)

// boundedAnswers limits the body of each answer to maxAnswer. It is for clients that would read a body of any length
// to its end.
type boundedAnswers struct{ next http.RoundTripper }

// RoundTrip bounds the answer.
func (b boundedAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = &boundedBody{ReadCloser: response.Body, left: maxAnswer}
	return response, nil
}

// boundedBody fails if a body is longer than what is left, since the part that was read means nothing by itself.
type boundedBody struct {
	io.ReadCloser
	left int64
}

// Read reads what is left, and one byte more, to know whether the body is longer.
func (b *boundedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) > b.left {
		return int(b.left), fmt.Errorf("the answer is larger than %d bytes", maxAnswer)
	}
	b.left -= int64(n)
	return n, err
}
