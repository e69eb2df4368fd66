#!/usr/bin/env bash
# Proves that the generated code is current: generates it in a copy of the work tree and shows every difference. The
# work tree itself, with whatever is not committed yet, stays as it is.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
copies=$(mktemp -d)
trap 'rm -rf "$copies"' EXIT

# copy_tree copies the files of the work tree that git knows or would take.
copy_tree() {
	mkdir "$1"
	git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' path; do
		if [[ -e $path ]]; then
			printf '%s\0' "$path"
		fi
	done | xargs -0 cp --parents --preserve=timestamps --target-directory="$1"
}

copy_tree "$copies/tree"
cp -a "$copies/tree" "$copies/generated"
# The generator of the web app's types is installed already.
mkdir -p "$copies/generated/ui"
ln -s "$PWD/ui/node_modules" "$copies/generated/ui/node_modules"

make --no-print-directory -C "$copies/generated" generate
if ! diff -ru --exclude=node_modules "$copies/tree" "$copies/generated"; then
	echo "verify-generated: generated code differs from its source as shown; run 'make generate' and commit the result" >&2
	exit 1
fi
echo "verify-generated: generated code is current"
