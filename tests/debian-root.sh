#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes a clean Debian as a tar archive, for tests that install, build or run something in one:
#
#   ./tests/debian-root.sh FOLDER         (as root)
#
# FOLDER/root.tar has the smallest Debian of the suite that this machine runs, from the archive that it installs from,
# with certificates and apt's sources, and nothing else. An archive that is there already is left alone.
set -euo pipefail

fail() {
  printf 'debian-root: %s\n' "$*" >&2
  exit 1
}

(($# == 1)) || fail "usage: debian-root.sh FOLDER"
mkdir -p -- "$1"
folder=$(cd -- "$1" && pwd)
suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
[[ $(. /etc/os-release && printf '%s' "$ID") == debian && -n $suite ]] || fail "this is no released Debian"
if [[ -f $folder/root.tar && $(cat -- "$folder/complete" 2> /dev/null) == "$suite" ]]; then exit 0; fi

((EUID == 0)) || fail "this needs root"
command -v debootstrap > /dev/null || fail "there is no debootstrap here (package debootstrap)"
archive=$(apt-get indextargets --format "\$(REPO_URI)" 'Created-By: Packages' | grep -E '/debian/?$' | sort -u | head -n 1) ||
  fail "this machine has no source of Debian packages; apt-get update, or a line in /etc/apt, makes one"

root=$folder/root.new
rm -rf -- "$root" "$folder/root.tar" "$folder/complete"
debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$archive" > "$folder/log" 2>&1 ||
  fail "debootstrap of $suite failed:"$'\n'"$(tail -n 5 "$folder/log")"
rm -rf -- "$root"/var/cache/apt/archives/*.deb
tar -C "$root" --numeric-owner -cf "$folder/root.tar" .
rm -rf -- "$root"
printf '%s\n' "$suite" > "$folder/complete"
