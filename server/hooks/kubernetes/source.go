package kubernetes

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// NewSource gives the Deployments of a cluster that the label selector selects; an empty one selects all.
//
// It knows the one API that it needs. The clientset of client-go knows them all, and more than doubles the size of the
// program.
func NewSource(config *rest.Config, selector string) (Source, error) {
	scheme := runtime.NewScheme()
	if err := appsv1.AddToScheme(scheme); err != nil {
		return nil, fmt.Errorf("register the types of Deployments: %w", err)
	}
	metav1.AddToGroupVersion(scheme, appsv1.SchemeGroupVersion)
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"}) // what refuses is of it
	config = rest.CopyConfig(config)
	config.APIPath, config.GroupVersion = "/apis", &appsv1.SchemeGroupVersion
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	client, err := rest.RESTClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("use the cluster: %w", err)
	}
	return func(namespace string) cache.ListerWatcher {
		return cache.NewFilteredListWatchFromClient(
			client,
			"deployments",
			namespace,
			func(o *metav1.ListOptions) { o.LabelSelector = selector },
		)
	}, nil
}
