#!/usr/bin/env bash
# Runs a command beside a Kubernetes control plane of its own, and stops it when the command ends, however it ends.
#
#   scripts/kubernetes/with-cluster.sh command [argument…]
#
# It is the real one: API server, controller manager and scheduler, built from Kubernetes' own code, on an etcd from Debian.
# There are no nodes: who needs pods to run plays the kubelet. The command finds, in its environment:
#   KUBECONFIG         an administrator of the cluster
#   KUBECTL            kubectl: a program and its first argument
#   ROLLOUTS           the program of Argo Rollouts' controller, and its custom resources in ROLLOUTS_CRDS
#   FLAGGER            the program of Flagger, and its custom resources in FLAGGER_CRDS
#
# The programs are built once into the user's cache, in some minutes on two cores. CONTROLPLANE, ROLLOUTS and FLAGGER name
# others.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tidegate-kubernetes
folder=$(mktemp -d /tmp/tidegate-cluster.XXXXXX)
pids=()

fail() {
	echo "with-cluster: $*" >&2
	exit 1
}

# build makes a program of a module beside this script, unless the cache has it as its go.mod names it.
build() {
	local name=$1 package=$2 path
	path=$cache/$name-$(cat "$here/testdata/$name"/go.mod "$here/testdata/$name"/*.go 2>/dev/null | sha256sum | cut -c 1-12)
	if [[ ! -x $path ]]; then
		echo "with-cluster: building $name, once" >&2
		mkdir -p "$cache"
		(cd "$here/testdata/$name" && GOFLAGS=-trimpath go build -ldflags '-s -w -X k8s.io/component-base/version.gitVersion=v1.37.2' -o "$path.new" "$package" && mv "$path.new" "$path")
	fi
	echo "$path"
}

# module_folder is where the code of a module that a module here requires is.
module_folder() {
	(cd "$here/testdata/$1" && go mod download "$2" && go list -m -f '{{.Dir}}' "$2")
}

free_port() { echo $((RANDOM % 12000 + 20000)); }

run() {
	local name=$1
	shift
	"$@" >"$folder/$name.log" 2>&1 </dev/null &
	pids+=($!)
}

# stop_cluster kills what this run started: it has nothing to lose, and an API server that is asked waits for its watchers.
stop_cluster() {
	if [[ ${#pids[@]} -gt 0 ]]; then
		kill -KILL "${pids[@]}" 2>/dev/null || true
		wait "${pids[@]}" 2>/dev/null || true
	fi
	if [[ -n ${TIDEGATE_KEEP_LOGS:-} ]]; then
		echo "with-cluster: logs are in $folder" >&2
	else
		rm -rf "$folder"
	fi
}

# start_api starts etcd and the API server, whose users are told by static tokens.
start_api() {
	local etcd_port peer_port
	etcd_port=$(free_port) peer_port=$(free_port) api_port=$(free_port)
	run etcd etcd --data-dir "$folder/etcd" --listen-client-urls "http://127.0.0.1:$etcd_port" \
		--advertise-client-urls "http://127.0.0.1:$etcd_port" --listen-peer-urls "http://127.0.0.1:$peer_port" \
		--initial-advertise-peer-urls "http://127.0.0.1:$peer_port" --initial-cluster "default=http://127.0.0.1:$peer_port"
	openssl genrsa -out "$folder/accounts.key" 2048 2>/dev/null
	echo "administrator,administrator,administrator,system:masters" >"$folder/tokens.csv"
	echo "shop-only,shop-only,shop-only" >>"$folder/tokens.csv"
	run kube-apiserver "$CONTROLPLANE" kube-apiserver --etcd-servers "http://127.0.0.1:$etcd_port" --secure-port "$api_port" \
		--bind-address 127.0.0.1 --cert-dir "$folder/certificates" --service-cluster-ip-range 10.0.0.0/24 --authorization-mode RBAC \
		--token-auth-file "$folder/tokens.csv" --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$folder/accounts.key" \
		--service-account-signing-key-file "$folder/accounts.key" --disable-admission-plugins ServiceAccount
	cat >"$folder/kubeconfig" <<CONFIG
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://127.0.0.1:$api_port", insecure-skip-tls-verify: true}}]
users: [{name: administrator, user: {token: administrator}}, {name: shop-only, user: {token: shop-only}}]
contexts: [{name: test, context: {cluster: test, user: administrator}}, {name: shop-only, context: {cluster: test, user: shop-only}}]
current-context: test
CONFIG
	export KUBECONFIG=$folder/kubeconfig
	for _ in $(seq 600); do
		if "$CONTROLPLANE" kubectl get --raw /readyz >/dev/null 2>&1; then
			return
		fi
		sleep 0.2
	done
	tail -n 20 "$folder"/*.log >&2
	fail "the API server did not become ready"
}

command -v etcd >/dev/null || "$here/../install-debian.sh" etcd-server
CONTROLPLANE=${CONTROLPLANE:-$(build controlplane .)}
ROLLOUTS=${ROLLOUTS:-$(build argorollouts github.com/argoproj/argo-rollouts/cmd/rollouts-controller)}
FLAGGER=${FLAGGER:-$(build flagger github.com/fluxcd/flagger/cmd/flagger)}
ROLLOUTS_CRDS=$(module_folder argorollouts github.com/argoproj/argo-rollouts)/manifests/crds
FLAGGER_CRDS=$(module_folder flagger github.com/fluxcd/flagger)/artifacts/flagger/crd.yaml
export CONTROLPLANE ROLLOUTS FLAGGER ROLLOUTS_CRDS FLAGGER_CRDS KUBECTL="$CONTROLPLANE kubectl"

trap stop_cluster EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
start_api
run kube-controller-manager "$CONTROLPLANE" kube-controller-manager --kubeconfig "$KUBECONFIG" --leader-elect=false --secure-port 0 \
	--service-account-private-key-file "$folder/accounts.key" --controllers '*,-nodelifecycle'
run kube-scheduler "$CONTROLPLANE" kube-scheduler --kubeconfig "$KUBECONFIG" --leader-elect=false --secure-port 0
export TIDEGATE_CLUSTER_FOLDER=$folder
"$@"
