package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"github.com/tidegate-io/tidegate/client"
	"github.com/tidegate-io/tidegate/server/hooks/kubernetes"
	"github.com/tidegate-io/tidegate/supervise"
)

const watchHelp = `Follow the Deployments of a Kubernetes cluster and report each rollout: started when its pods change, succeeded when as many
replicas are updated, ready and available as are wanted and no old one is left, failed when the progress deadline is exceeded.

In a cluster it uses its service account, which has to be allowed to get, list and watch Deployments; elsewhere the current
context of the kubeconfig. Reports are idempotent: it may be restarted at any time, and several may run side by side.

Of a Deployment, the service is the annotation tidegate.io/service, the label app.kubernetes.io/name or the name; the version
is the annotation tidegate.io/version or the label app.kubernetes.io/version of the pods, or the tag of their image. The
annotation tidegate.io/environment names another environment, and tidegate.io/ignore: "true" leaves it alone. What is paused
or scaled to zero is left alone, and so is what Flagger or Argo Rollouts own: they report it by their webhooks.`

const watchExamples = `  export FLAGD_SERVER_URL=https://flags.example.com FLAGD_TOKEN=tg_…   # a token of the role releaser
  flagd watch kubernetes --environment production --namespace shop --namespace payments`

// watchSettings are the flags of flagd watch kubernetes.
type watchSettings struct {
	remote                                     remoteSettings
	environment, kubeconfig, context, selector string
	metricsAddr                                string
	namespaces                                 []string
}

// newWatchCommand is flagd watch.
func newWatchCommand(serverSettings *settings) *cobra.Command {
	watch := &cobra.Command{
		Use: "watch", Short: "Follow a platform and report what it deploys", Args: usageArgs,
		RunE: func(*cobra.Command, []string) error {
			return &usageError{errors.New("say what to follow: flagd watch kubernetes")}
		},
	}
	watch.SetUsageTemplate(remoteUsage)
	s := &watchSettings{}
	command := &cobra.Command{
		Use:     "kubernetes",
		Short:   "Follow the Deployments of a Kubernetes cluster",
		Long:    watchHelp,
		Example: watchExamples,
		Args:    usageArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return watchKubernetes(cmd, s, serverSettings) },
	}
	flags := command.Flags()
	flags.StringVar(
		&s.environment,
		"environment",
		"",
		"environment of Deployments that do not name theirs (default their namespace)",
	)
	flags.StringSliceVar(&s.namespaces, "namespace", nil, "namespace to follow; may be repeated (default all)")
	flags.StringVar(&s.selector, "selector", "", "label selector of the Deployments to follow (default all)")
	flags.StringVar(
		&s.kubeconfig,
		"kubeconfig",
		"",
		"kubeconfig file (default the service account, KUBECONFIG, or ~/.kube/config)",
	)
	flags.StringVar(&s.context, "context", "", "context of the kubeconfig (default the current one)")
	flags.StringVar(
		&s.metricsAddr,
		"metrics-addr",
		"",
		"address that answers /metrics, for instance :9090 (default none)",
	)
	s.remote.bind(command)
	watch.AddCommand(command)
	return watch
}

func watchKubernetes(cmd *cobra.Command, s *watchSettings, serverSettings *settings) error {
	log, err := newLogger(cmd.ErrOrStderr(), serverSettings.logLevel, serverSettings.logFormat)
	if err != nil {
		return err
	}
	c, err := s.remote.client(cmd, client.WithRetryNotice(func(why error, wait time.Duration) {
		log.Warn("a report waits, since Tidegate cannot take it in", "error", why, "wait", wait.Round(time.Millisecond))
	}))
	if err != nil {
		return err
	}
	if _, err := labels.Parse(s.selector); err != nil {
		return &usageError{fmt.Errorf("%s: %w", named("selector"), err)}
	}
	cluster, err := s.cluster()
	if err != nil {
		return err
	}
	klog.SetSlogLogger(log)
	registry := prometheus.NewRegistry()
	watcher := kubernetes.NewWatcher(kubernetes.Options{
		Source: cluster, Namespaces: s.namespaces, Environment: s.environment,
		Reporter: &kubernetes.ServerReporter{Client: c, Project: s.remote.project}, Log: log, Registerer: registry,
	})
	running, ctx := errgroup.WithContext(supervise.With(cmd.Context(), supervise.New(log)))
	running.Go(func() error {
		return supervise.Try(ctx, supervise.Piece{Name: "watcher"}, func() error { return watcher.Run(ctx) })
	})
	if s.metricsAddr != "" {
		running.Go(func() error {
			of := supervise.Piece{Name: "listener", Detail: "metrics"}
			return supervise.Try(ctx, of, func() error { return serveMetrics(ctx, s.metricsAddr, registry) })
		})
	}
	return running.Wait()
}

// serveMetrics answers /metrics until ctx ends.
func serveMetrics(ctx context.Context, address string, metrics prometheus.Gatherer) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return &usageError{fmt.Errorf("%s: %w", named("metrics-addr"), err)}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics: %w", err)
	}
	return nil
}

// cluster gives the Deployments of the cluster that the flags name.
func (s *watchSettings) cluster() (kubernetes.Source, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = s.kubeconfig
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		rules,
		&clientcmd.ConfigOverrides{CurrentContext: s.context},
	).ClientConfig()
	if err != nil {
		return nil, &usageError{
			fmt.Errorf("find the cluster: %w; run it in a pod, or name a file with --kubeconfig", err),
		}
	}
	config.UserAgent = "flagd/" + version()
	return kubernetes.NewSource(config, s.selector)
}
