#!/usr/bin/env bash
# Installs Debian packages that are missing, as root, without asking and without starting their services.
#
#   scripts/install-debian.sh redis-server chromium
set -euo pipefail

if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
	echo "install-debian: $* missing: install with 'apt-get install $*' as root (or your system's equivalent)" >&2
	exit 1
fi

# Several runs at once take turns: apt itself gives up when its lists are locked.
exec 9>/tmp/tidegate-install.lock
flock 9

# Debian asks this script whether a package may start its service. Ours are started on ports of their own instead.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod +x "$policy"
	trap 'rm -f "$policy"' EXIT
fi

export DEBIAN_FRONTEND=noninteractive
echo "install-debian: installing $*" >&2
log=$(mktemp)
if ! { apt-get update -q &&
	apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; } >"$log" 2>&1 </dev/null; then
	cat "$log" >&2
	rm -f "$log"
	echo "install-debian: apt-get could not install $*; its output is above" >&2
	exit 1
fi
rm -f "$log"
