#!/usr/bin/env bash
# Runs every fuzz test of every module for a while, one after the other. An input that fails stays in testdata/fuzz, where
# `go test` runs it from then on.
#
#   scripts/fuzz.sh 30s
set -euo pipefail

time=${1:?usage: fuzz.sh TIME, as in 30s or 5m}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=()
while IFS=: read -r file name; do
	folder=$(dirname "$file")
	echo "fuzz: $name in $folder for $time"
	(cd "$folder" && go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" .) || failed+=("$name in $folder")
done < <(git grep -E '^func Fuzz[A-Za-z0-9]*\(' -- '*_test.go' | sed -E 's/:func (Fuzz[A-Za-z0-9]*)\(.*/:\1/')

if ((${#failed[@]})); then
	printf 'fuzz: failed: %s\n' "${failed[@]}" >&2
	exit 1
fi
