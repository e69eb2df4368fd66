package ofrep

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/evaluator"
)

// TestContextsHaveLimits checks the reader against the limits of evaluator.CheckContext. It tries each limit exactly,
// and one beyond it.
func TestContextsHaveLimits(t *testing.T) {
	t.Parallel()
	attributes := func(n int) string {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprintf(`"a%d":1`, i))
		}
		return "{" + strings.Join(names, ",") + "}"
	}
	elements := func(n int) string { return `{"a":[` + strings.Repeat("1,", n-2) + "1]}" }
	text := func(n int) string { return `{"a":"` + strings.Repeat("x", n-len(`{"a":""}`)) + `"}` }
	depth := func(n int) string { return `{"a":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "}" }
	for _, c := range []struct {
		context func(n int) string
		most    int
		beyond  error
	}{
		{attributes, evaluator.MaxContextAttributes, evaluator.ErrContextAttributes},
		{elements, evaluator.MaxContextElements, evaluator.ErrContextElements},
		{text, evaluator.MaxContextBytes, evaluator.ErrContextBytes},
		{depth, evaluator.MaxContextDepth, evaluator.ErrContextDepth},
	} {
		attributes, failed := decode(`{"context":` + c.context(c.most) + "}")
		require.Nil(t, failed, c.beyond)
		require.NoError(t, evaluator.CheckContext(attributes))
		_, failed = decode(`{"context":` + c.context(c.most+1) + "}")
		require.NotNil(t, failed, c.beyond)
		require.Equal(t, http.StatusBadRequest, failed.status)
		require.Equal(t, "INVALID_CONTEXT", failed.code)
		require.Equal(t, c.beyond.Error(), failed.details)
	}
}
