#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the agent and runs it in the foreground: real process accounting on this host, the page on
# http://127.0.0.1:9810/. Ctrl-C ends it and leaves accounting as it was found.
#
#   ./deploy/run.sh [flags of `acct-exporter serve`]
#   ./deploy/run.sh --source=FILE      read-only: follows an accounting file that something else writes; without root
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/common.sh
source "$root/deploy/common.sh"

agent=$root/src/AcctExporter/bin/Release/net10.0/acct-exporter

# given FLAG ARGUMENTS...: is the flag among the arguments?
given() {
  local flag=$1 argument
  shift
  for argument; do
    if [[ $argument == "$flag" || $argument == "$flag="* ]]; then return 0; fi
  done
  return 1
}

if given --help "$@" || given -h "$@"; then
  sed -n '4,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 0
fi

[[ $(uname -s) == Linux ]] || die "Process accounting as read here is Linux's: this is $(uname -s)."
find_dotnet

read_only=
if given --source "$@"; then read_only=yes; fi

if [[ -z $read_only && ! -e /proc/sys/kernel/acct ]]; then
  die "This kernel has no process accounting (/proc/sys/kernel/acct is missing: built without" \
    "CONFIG_BSD_PROCESS_ACCT)." \
    $'\n'"Debian's kernels have it. An accounting file from elsewhere can be read here:" \
    $'\n'"  ./deploy/run.sh --source=FILE"
fi

build src/AcctExporter

defaults=()
if ! given --web.listen-address "$@"; then
  defaults+=(--web.listen-address=127.0.0.1:9810)
  page="The page: http://127.0.0.1:9810/"
else
  page="The page's address is in the line 'listening on' below."
fi

if [[ -n $read_only ]]; then
  if ((EUID != 0)) && ! given --storage.path "$@"; then
    state=${XDG_STATE_HOME:-$HOME/.local/state}/acct-exporter
    mkdir -p -- "$state"
    defaults+=(--storage.path="$state")
  fi
  say "$page  (Ctrl-C ends it.)"
  exec "$agent" serve "${defaults[@]}" "$@"
fi

if ! given --accounting.on-exit "$@"; then defaults+=(--accounting.on-exit=off); fi
if ! given --accounting.follow-active "$@" && ! given --accounting.take-over "$@"; then
  defaults+=(--accounting.follow-active)
fi

if ((EUID != 0)); then
  if ! command -v sudo > /dev/null; then
    die "Switching process accounting on needs root, and there is no sudo here." \
      $'\n'"Either start this as root:   su -c '$root/deploy/run.sh'" \
      $'\n'"or read a file without root: $root/deploy/run.sh --source=FILE   (an accounting file that you may read)"
  fi
  say "Switching process accounting on needs root, so sudo may ask for your password."
  say "(Without root: ./deploy/run.sh --source=FILE follows an accounting file that you may read.)"
  say "$page  (Ctrl-C ends it and leaves accounting as it was found.)"
  exec sudo -- env DOTNET_ROOT="$DOTNET_ROOT" "$agent" serve "${defaults[@]}" "$@"
fi

say "$page  (Ctrl-C ends it and leaves accounting as it was found.)"
exec "$agent" serve "${defaults[@]}" "$@"
