package optimistic

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/tidegate-io/tidegate/store"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	conflict := &store.ConflictError{What: "it", Current: 2}
	moved := fmt.Errorf("store it: %w", store.ErrMoved)
	for name, test := range map[string]struct {
		named     bool
		failure   error
		failures  int
		cancelled bool
		attempts  int
		err       error
	}{
		"others are faster":                    {failure: conflict, failures: maxAttempts - 1, attempts: maxAttempts},
		"others never cease":                   {failure: conflict, failures: maxAttempts, attempts: maxAttempts, err: conflict},
		"the caller named a version":           {named: true, failure: conflict, failures: 1, attempts: 1, err: conflict},
		"the caller has gone":                  {failure: conflict, failures: 1, cancelled: true, attempts: 1, err: conflict},
		"others move the environment":          {failure: moved, failures: 3, attempts: 4},
		"others move what has a named version": {named: true, failure: moved, failures: 3, attempts: 4},
		"others never cease to move it":        {failure: moved, failures: maxAttempts, attempts: maxAttempts, err: moved},
		"it does not exist":                    {failure: store.ErrNotFound, failures: 1, attempts: 1, err: store.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				attempts := 0
				_, err := Write(ctx, test.named, func() (int, error) {
					attempts++
					if test.cancelled {
						cancel()
					}
					if attempts <= test.failures {
						return 0, test.failure
					}
					return attempts, nil
				})
				require.Equal(t, test.attempts, attempts)
				require.ErrorIs(t, err, test.err)
			})
		})
	}
}
