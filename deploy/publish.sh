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
# What is built for one kind of machine does not mix with what the tests build.
as_builder "$dotnet" publish "$root/src/AcctExporter" -c Release -nologo -v:quiet -nodeReuse:false \
  -p:UseSharedCompilation=false -p:Shipped=true --artifacts-path "$root/artifacts/publish" -o "$folder" "$@" < /dev/null
