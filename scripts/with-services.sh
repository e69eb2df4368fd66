#!/usr/bin/env bash
# Runs a command beside a PostgreSQL and a Redis of its own, and stops both when the command ends, however it ends.
#
#   scripts/with-services.sh [--browser] [--haproxy] [--pgbouncer] [--prometheus] command [argument…]
#
# The command finds, in its environment:
#   FLAGD_TEST_DATABASE_URL      a database whose user may create schemas and databases
#   FLAGD_TEST_REDIS_URL         an empty Redis
#   CHROMIUM                     a Chromium, with --browser
#   HAPROXY                      an HAProxy, with --haproxy
#   PGBOUNCER                    a PgBouncer, with --pgbouncer
#   PROMETHEUS, PROMTOOL         a Prometheus and its promtool, with --prometheus
#   FLAGD_TEST_REQUIRE_SERVICES  1: a test whose service is missing fails rather than being skipped
# Each but the last that is already set is used as it is, and nothing of that kind is installed or started.
#
# What is missing is installed from Debian's packages where the caller is root; PostgreSQL refuses to run as root, so
# both services then run as nobody. Every run has a folder and ports of its own: runs do not disturb each other.
set -euo pipefail

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=
postgres_started=
redis_pid=

# fail prints its arguments as the reason why the services cannot be had.
fail() {
	echo "with-services: $*" >&2
	exit 1
}

# unprivileged runs a command as nobody where the caller is root, and as the caller otherwise.
unprivileged() {
	if [[ $(id -u) -eq 0 ]]; then
		(cd / && exec setpriv --reuid=nobody --regid=nogroup --clear-groups -- "$@")
	else
		"$@"
	fi
}

# find_program prints the path of the first program that exists.
find_program() {
	local candidate
	for candidate in "$@"; do
		if command -v "$candidate"; then
			return
		fi
	done
	return 1
}

# find_postgres prints the folder of PostgreSQL's server programs, the newest where there are several.
find_postgres() {
	local newest
	newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
	dirname "$(find_program "$newest" initdb)"
}

# open_folder makes the folder that holds all data, once.
open_folder() {
	if [[ -z $folder ]]; then
		folder=$(mktemp -d /tmp/tidegate-services.XXXXXX)
		if [[ $(id -u) -eq 0 ]]; then
			chown nobody:nogroup "$folder"
		fi
	fi
}

# random_port prints a port below the range from which the system gives out ports by itself.
random_port() {
	echo $((RANDOM % 12000 + 20000))
}

# start_postgres starts PostgreSQL. The kernel keeps what a killed process has written, so a killed flagd, or even a killed
# PostgreSQL, loses nothing without fsync; only a power cut would, and the data is thrown away at the end in any case.
start_postgres() {
	local bin data port
	bin=$(find_postgres) || { "$scripts/install-debian.sh" postgresql && bin=$(find_postgres); } ||
		fail "no PostgreSQL server; install one or set FLAGD_TEST_DATABASE_URL"
	open_folder
	data=$folder/postgres
	unprivileged "$bin/initdb" --pgdata="$data" --username=flagd --auth=trust --encoding=UTF8 --no-locale --no-sync \
		>"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; fail "initdb failed in $data"; }
	for _ in 1 2 3 4 5; do
		port=$(random_port)
		if unprivileged "$bin/pg_ctl" start --wait --silent --pgdata="$data" --log="$folder/postgres.log" --options="-p $port \
			-c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=300 \
			-c fsync=off -c full_page_writes=off" >/dev/null 2>&1 </dev/null; then
			postgres_started=$bin
			export FLAGD_TEST_DATABASE_URL="postgres://flagd@127.0.0.1:$port/postgres?sslmode=disable"
			return
		fi
	done
	cat "$folder/postgres.log" >&2
	fail "PostgreSQL did not start on any of five ports; its log is above"
}

# start_redis starts Redis, which keeps everything in memory. It is asked over its socket, in this run's own folder: over
# TCP, another process might answer.
start_redis() {
	local server cli port
	server=$(find_program redis-server) || { "$scripts/install-debian.sh" redis-server && server=$(find_program redis-server); } ||
		fail "no redis-server; install one or set FLAGD_TEST_REDIS_URL"
	cli=$(find_program redis-cli) || fail "no redis-cli beside $server"
	open_folder
	for _ in 1 2 3 4 5; do
		port=$(random_port)
		unprivileged setsid "$server" --port "$port" --bind 127.0.0.1 --unixsocket "$folder/redis.sock" --dir "$folder" \
			--save '' --appendonly no --logfile "$folder/redis.log" </dev/null >/dev/null 2>&1 &
		redis_pid=$!
		while kill -0 "$redis_pid" 2>/dev/null; do
			if [[ $("$cli" -s "$folder/redis.sock" ping 2>/dev/null) == PONG ]]; then
				export FLAGD_TEST_REDIS_URL="redis://127.0.0.1:$port/0"
				return
			fi
			sleep 0.05
		done
	done
	cat "$folder/redis.log" >&2
	fail "Redis did not start on any of five ports; its log is above"
}

# find_tool sets a variable to the path of the first of some programs that exists, installing Debian's packages where there
# is none, unless the variable is set already.
#
#   find_tool VARIABLE "package…" program…
find_tool() {
	local variable=$1 packages=$2 path
	shift 2
	if [[ -n ${!variable:-} ]]; then
		return
	fi
	# The packages are several words.
	# shellcheck disable=SC2086
	path=$(find_program "$@") || { "$scripts/install-debian.sh" $packages && path=$(find_program "$@"); } ||
		fail "no $1; install one or set $variable to its path"
	export "$variable=$path"
}

# stop_services stops what this run started and removes its data.
stop_services() {
	if [[ -n $postgres_started ]]; then
		unprivileged "$postgres_started/pg_ctl" stop --mode=immediate --silent --pgdata="$folder/postgres" ||
			echo "with-services: PostgreSQL in $folder did not stop" >&2
	fi
	if [[ -n $redis_pid ]]; then
		redis-cli -s "$folder/redis.sock" shutdown nosave >/dev/null 2>&1 || kill "$redis_pid" 2>/dev/null || true
		wait "$redis_pid" || true
	fi
	if [[ -n $folder ]]; then
		rm -rf "$folder"
	fi
}

# run_command runs the command in a process group of its own, hands on the signals that would end this script, and
# waits until the command has really ended: only then may its services be taken away.
run_command() {
	local child status=0
	set -m
	"$@" </dev/null &
	child=$!
	set +m
	trap 'kill -INT -- "-$child" 2>/dev/null' INT
	trap 'kill -TERM -- "-$child" 2>/dev/null' TERM HUP
	wait "$child" || status=$?
	while kill -0 "$child" 2>/dev/null; do
		wait "$child" || status=$?
	done
	return "$status"
}

tools=()
while [[ ${1:-} == --* ]]; do
	case $1 in
	--browser | --haproxy | --pgbouncer | --prometheus) tools+=("${1#--}") ;;
	*) fail "there is no option $1" ;;
	esac
	shift
done
[[ $# -gt 0 ]] || fail "no command given; the head of this script says how to use it"

trap stop_services EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
[[ -n ${FLAGD_TEST_DATABASE_URL:-} ]] || start_postgres
[[ -n ${FLAGD_TEST_REDIS_URL:-} ]] || start_redis
for tool in "${tools[@]}"; do
	case $tool in
	browser) find_tool CHROMIUM "chromium fonts-liberation" chromium chromium-browser google-chrome ;;
	haproxy) find_tool HAPROXY haproxy haproxy /usr/sbin/haproxy ;;
	pgbouncer) find_tool PGBOUNCER pgbouncer pgbouncer /usr/sbin/pgbouncer ;;
	prometheus)
		find_tool PROMETHEUS prometheus prometheus
		find_tool PROMTOOL prometheus promtool
		;;
	esac
done
export FLAGD_TEST_REQUIRE_SERVICES=1
run_command "$@"
