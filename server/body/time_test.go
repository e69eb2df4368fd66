package body_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/server/body"
)

func TestTimesHaveARange(t *testing.T) {
	t.Parallel()
	type document struct {
		At  time.Time   `json:"at"`
		End *time.Time  `json:"end"`
		All []time.Time `json:"all"`
	}
	for _, decode := range []func([]byte, any) error{body.Strict, body.Lenient} {
		for _, at := range []string{"1970-01-01T00:00:00Z", "2199-12-31T23:59:59Z", "2026-12-01T09:00:00.5+01:00"} {
			var d document
			require.NoError(t, decode([]byte(`{"at":"`+at+`","end":"`+at+`","all":["`+at+`"]}`), &d), at)
			want, err := time.Parse(time.RFC3339Nano, at)
			require.NoError(t, err)
			require.True(t, want.Equal(d.At) && want.Equal(*d.End) && want.Equal(d.All[0]))
		}
		for _, at := range []string{"9999-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z"} {
			for _, text := range []string{`{"at":"` + at + `"}`, `{"end":"` + at + `"}`, `{"all":["` + at + `"]}`} {
				var d document
				require.ErrorContains(t, decode([]byte(text), &d), "must be a time from 1970-01-01T00:00:00Z to 2199-12-31T23:59:59Z", text)
			}
		}
		var d document
		require.NoError(t, decode([]byte(`{"end":null,"all":[]}`), &d))
		require.Nil(t, d.End)
		require.ErrorContains(t, decode([]byte(`{"at":"soon"}`), &d), "RFC 3339")
		require.ErrorContains(t, decode([]byte(`{"at":5}`), &d), "RFC 3339")
	}
}
