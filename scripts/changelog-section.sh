#!/usr/bin/env bash
# Prints what CHANGELOG.md says of a version: the notes of its release. It fails where that section is missing or empty.
#
#   scripts/changelog-section.sh 0.3.0
set -euo pipefail

version=${1:?usage: changelog-section.sh VERSION}
version=${version#v}
section=$(awk -v heading="## $version" '
	index($0, "## ") == 1 { inside = ($0 == heading || index($0, heading " ") == 1); next }
	inside { print }
' "$(dirname "${BASH_SOURCE[0]}")/../CHANGELOG.md")
if [[ -z ${section//[[:space:]]/} ]]; then
	echo "changelog-section: CHANGELOG.md has no section '## $version'" >&2
	exit 1
fi
printf '%s\n' "$section"
