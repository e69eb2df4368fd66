package kubernetes

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// apiServer speaks the part of the Kubernetes API that a Source uses: a list of one Deployment, and a watch that
// changes it.
func apiServer(t *testing.T) *httptest.Server {
	t.Helper()
	write := func(w http.ResponseWriter, status int, document any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		assert.NoError(t, json.NewEncoder(w).Encode(document))
		http.NewResponseController(w).Flush()
	}
	object := func(revision, version string) *appsv1.Deployment {
		d := deployment()
		d.TypeMeta = metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}
		d.Annotations[revisionAnnotation], d.ResourceVersion = revision, revision
		d.Spec.Template.Labels = map[string]string{labelVersion: version}
		return d
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		assert.Equal(t, "Bearer of the pod", r.Header.Get("Authorization"))
		assert.Equal(t, "tier=web", query.Get("labelSelector"))
		switch {
		case query.Get("sendInitialEvents") != "": // as servers that do not know it
			write(w, http.StatusUnprocessableEntity, metav1.Status{
				TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"}, Status: metav1.StatusFailure, Reason: metav1.StatusReasonInvalid, Code: 422,
			})
		case query.Get("watch") == "":
			write(w, http.StatusOK, appsv1.DeploymentList{
				TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "DeploymentList"}, ListMeta: metav1.ListMeta{ResourceVersion: "2"},
				Items: []appsv1.Deployment{*object("2", "2.3.0")},
			})
		default:
			write(w, http.StatusOK, map[string]any{"type": "MODIFIED", "object": object("3", "2.4.0")})
			<-r.Context().Done()
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /apis/apps/v1/namespaces/shop/deployments", handler)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestASourceFollowsAnAPIServer(t *testing.T) {
	t.Parallel()
	source, err := NewSource(&rest.Config{Host: apiServer(t).URL, BearerToken: "of the pod"}, "tier=web")
	require.NoError(t, err)
	l := &ledger{told: make(chan string, 10)}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() {
		done <- NewWatcher(Options{Source: source, Namespaces: []string{"shop"}, Reporter: l, Log: slog.New(slog.DiscardHandler)}).Run(ctx)
	}()
	defer func() {
		stop()
		require.NoError(t, <-done)
	}()
	// It is a matter of chance whether the first state is seen before the second comes. The last state is always
	// seen.
	for told := ""; told != "shop: checkout 2.4.0 succeeded 0f5d9d4e/3"; told = l.next(t) {
		assert.Contains(t, []string{"", "shop: checkout 2.3.0 succeeded 0f5d9d4e/2"}, told)
	}
}
