package flagdrpc_test

import (
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/stretchr/testify/require"

	v1 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v1"
	v2 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/evaluation/v2"
	syncv1 "github.com/tidegate-io/tidegate/server/flagdrpc/gen/flagd/sync/v1"
)

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	free := open(t, settings{})
	bound := open(t, settings{bound: true})
	const good = connect.Code(0)
	tests := map[string]struct {
		rig      *rig
		metadata []string
		code     connect.Code
	}{
		"nobody without a key":          {free, nil, connect.CodeUnauthenticated},
		"by metadata":                   {free, []string{"Authorization", "Bearer " + free.ServerKey}, good},
		"by the other metadata":         {free, []string{"X-Api-Key", free.ClientKey}, good},
		"by the selector":               {free, []string{"Flagd-Selector", "flagSetId=shop/production,key=" + free.ServerKey}, good},
		"by a selector that is the key": {free, []string{"Flagd-Selector", free.ServerKey}, good},
		"environment alone":             {free, []string{"Flagd-Selector", "production," + free.ServerKey}, good},
		"a key that is wrong":           {free, []string{"Authorization", "Bearer sdk-wrong"}, connect.CodeUnauthenticated},
		"an environment of other keys":  {free, []string{"Flagd-Selector", "shop/staging,key=" + free.ServerKey}, connect.CodePermissionDenied},
		"a project of other keys":       {free, []string{"Flagd-Selector", "flagSetId=other/production,key=" + free.ServerKey}, connect.CodePermissionDenied},
		"a selector of something else":  {free, []string{"Flagd-Selector", "source=file,key=" + free.ServerKey}, connect.CodeInvalidArgument},
		"by the listener":               {bound, nil, good},
		"by the listener, selected":     {bound, []string{"Flagd-Selector", "shop/production"}, good},
		"not by the listener":           {bound, []string{"Flagd-Selector", "shop/staging"}, connect.CodePermissionDenied},
		"a wrong key is not overlooked": {bound, []string{"Authorization", "Bearer sdk-wrong"}, connect.CodeUnauthenticated},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := test.rig.v2().ResolveBoolean(t.Context(), with(&v2.ResolveBooleanRequest{FlagKey: "checkout"}, test.metadata...))
			if test.code == good {
				require.NoError(t, err)
				return
			}
			require.Equal(t, test.code, connect.CodeOf(err))
		})
	}
}

func TestAClientKeySeesFlagsForClientsAndNoRules(t *testing.T) {
	t.Parallel()
	r := open(t, settings{})
	key := []string{"Authorization", "Bearer " + r.ClientKey}
	answer, err := r.v2().ResolveBoolean(t.Context(), with(&v2.ResolveBooleanRequest{FlagKey: "checkout", Context: contextOf("country", "FR")}, key...))
	require.NoError(t, err)
	require.NotContains(t, answer.Msg.GetMetadata().AsMap(), "ruleId")
	_, err = r.v2().ResolveFloat(t.Context(), with(&v2.ResolveFloatRequest{FlagKey: "limit"}, key...))
	require.Equal(t, connect.CodeNotFound, connect.CodeOf(err))
	all, err := r.v1().ResolveAll(t.Context(), with(&v1.ResolveAllRequest{}, key...))
	require.NoError(t, err)
	require.NotContains(t, all.Msg.GetFlags(), "limit")
	require.Contains(t, all.Msg.GetFlags(), "theme")

	_, err = r.sync().FetchAllFlags(t.Context(), with(&syncv1.FetchAllFlagsRequest{}, key...))
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(err))
	s, err := r.sync().SyncFlags(t.Context(), with(&syncv1.SyncFlagsRequest{}, key...))
	require.NoError(t, err)
	_, ok := receive(t, s)
	require.False(t, ok)
	require.Equal(t, connect.CodePermissionDenied, connect.CodeOf(s.Err()))
	require.NoError(t, s.Close())
}

// A key in the selector causes one warning in the log, without the text of the key. A key that is sent in another way
// causes none.
func TestAKeyInTheSelectorIsWarnedOf(t *testing.T) {
	t.Parallel()
	r := open(t, settings{})
	fetch := func(message *syncv1.FetchAllFlagsRequest, metadata ...string) {
		_, err := r.sync().FetchAllFlags(t.Context(), with(message, metadata...))
		require.NoError(t, err)
	}
	fetch(&syncv1.FetchAllFlagsRequest{}, "Authorization", "Bearer "+r.ServerKey, "Flagd-Selector", "flagSetId=shop/production")
	require.Empty(t, r.log.String())
	fetch(&syncv1.FetchAllFlagsRequest{}, "Flagd-Selector", "flagSetId=shop/production,key="+r.ServerKey)
	fetch(&syncv1.FetchAllFlagsRequest{Selector: r.ServerKey})
	require.Equal(t, 1, strings.Count(r.log.String(), "level=WARN"), r.log.String())
	require.NotContains(t, r.log.String(), r.ServerKey)
}
