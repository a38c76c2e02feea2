#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Stands on a stage for a script of this repository that cannot run inside its own test: its arguments must be such as
# its own --help names (those behind -- are dotnet's), or flags that the agent has.
set -euo pipefail

help=$("$0.real" --help)
agent=$(acct-exporter serve --help)
for argument; do
  if [[ $argument == -- ]]; then break; fi
  name=${argument%%=*}
  if grep -qwe "$name" <<< "$help"; then continue; fi
  if [[ $0 == */deploy/run.sh ]] && grep -qwe "$name" <<< "$agent"; then continue; fi
  echo "$0 knows no '$argument'" >&2
  exit 2
done
