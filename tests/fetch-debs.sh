#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fetches packages of a Debian suite and unpacks them; nothing is installed, and apt's own state stays as it is. For
# tools that the machine's own suite does not have: name their libraries too, and libc6, whose loader then starts them.
#
#   ./tests/fetch-debs.sh SUITE FOLDER PACKAGE...
#
# The packages come from the archive that this machine installs from, and its signature is checked. A folder that has
# them already is left alone.
set -euo pipefail

fail() {
  printf 'fetch-debs: %s\n' "$*" >&2
  exit 1
}

(($# >= 3)) || fail "usage: fetch-debs.sh SUITE FOLDER PACKAGE..."
suite=$1 folder=$2
shift 2
mkdir -p -- "$folder"
folder=$(cd -- "$folder" && pwd)
wanted="$suite $*"
if [[ -f $folder/complete && $(< "$folder/complete") == "$wanted" ]]; then exit 0; fi

for tool in apt-get dpkg-deb; do
  command -v "$tool" > /dev/null || fail "there is no $tool here: $suite's packages ($*) cannot be fetched"
done
key=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -e $key ]] || fail "$key is missing (package debian-archive-keyring): no signature could be checked"
# The archive proper, not its security updates or another vendor's.
archive=$(apt-get indextargets --format "\$(REPO_URI)" 'Created-By: Packages' | grep -E '/debian/?$' | sort -u | head -n 1) ||
  fail "this machine has no source of Debian packages; apt-get update, or a line in /etc/apt, makes one"

rm -rf -- "$folder/root" "$folder/complete" "$folder/apt"
state=$folder/apt
mkdir -p -- "$folder/root" "$state"/{lists/partial,cache/archives/partial,debs}
printf 'deb [signed-by=%s] %s %s main\n' "$key" "$archive" "$suite" > "$state/sources.list"
# Without a list of what is installed, what is installed does not stand in for what is asked for.
: > "$state/status"
options=(
  -o Dir::Etc::SourceParts=/dev/null -o "Dir::Etc::SourceList=$state/sources.list" -o "Dir::State::Lists=$state/lists"
  -o "Dir::Cache=$state/cache" -o "Dir::State::status=$state/status" -o APT::Sandbox::User=root
  -o Acquire::Languages=none -o Acquire::Retries=3 -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
)
apt-get "${options[@]}" -qq update > "$state/log" 2>&1 ||
  fail "the list of $suite's packages could not be fetched:"$'\n'"$(tail -n 5 "$state/log")"
(cd -- "$state/debs" && apt-get "${options[@]}" -qq download "$@") > "$state/log" 2>&1 ||
  fail "$* of $suite could not be fetched:"$'\n'"$(tail -n 5 "$state/log")"
for package in "$state"/debs/*.deb; do
  dpkg-deb -x "$package" "$folder/root"
done
rm -rf -- "$state"
printf '%s\n' "$wanted" > "$folder/complete"
