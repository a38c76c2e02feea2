#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Publishes the agent as it is shipped: one program with the runtime in it, and SQLite's library beside it.
#
#   ./deploy/publish.sh FOLDER [arguments of `dotnet publish`, -p:PublishAot=true for one]
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/common.sh
source "$root/deploy/common.sh"

(($#)) && [[ $1 != -* ]] || die "usage: deploy/publish.sh FOLDER [arguments of dotnet publish]"
folder=$1
shift
find_dotnet
say "Publishing to $folder (about a minute) ..."
# What is built for one kind of machine does not mix with what the tests build, nor with what other arguments built: the
# SDK would take over some of that.
made=$root/artifacts/publish
if [[ $(cat -- "$made/arguments" 2> /dev/null || true) != "$*" ]]; then as_builder rm -rf -- "$made"; fi
as_builder mkdir -p -- "$made"
as_builder tee -- "$made/arguments" <<< "$*" > /dev/null
as_builder "$dotnet" publish "$root/src/AcctExporter" -c Release -nologo -v:quiet -nodeReuse:false \
  -p:UseSharedCompilation=false -p:Shipped=true --artifacts-path "$made" -o "$folder" "$@" < /dev/null
