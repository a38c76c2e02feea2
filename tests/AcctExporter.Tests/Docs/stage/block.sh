#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs one block of command lines as a reader would: each command, one after the other, in one shell. Each must end
# with 0, or with N where the line ends with the comment "# exits N". A line that starts the agent stays in the
# background until the others are done; then the agent gets SIGTERM, and must end with 0.
set -uo pipefail

# shellcheck source=tests/AcctExporter.Tests/Docs/stage/background.sh
source "$STAGE/lib/background.sh"

block__file=$1
block__name=$(basename "$block__file")
block__failed=0 block__text='' block__line=0

# A command is whole when bash can read it and asks for nothing more (a here-document's end, the rest of a line).
block__is_whole() {
  [[ $block__text != *$'\\\n' && -z $(bash -n <<< "$block__text" 2>&1) ]]
}

block__run() {
  local expected=0 block__code=0
  if [[ $block__text =~ \#\ exits\ ([0-9]+)[[:space:]]*$ ]]; then expected=${BASH_REMATCH[1]}; fi
  eval "$block__text" < /dev/null > "$STAGE/output" 2>&1 || block__code=$?
  if ((block__code != expected)); then
    printf '%s, line %s: ended with %s, not %s:\n%s%s\n' \
      "$block__name" "$block__line" "$block__code" "$expected" "$block__text" "$(tail -n 20 "$STAGE/output")"
    block__failed=1
  elif [[ -n ${STAGE_VERBOSE:-} ]]; then
    printf '%s: %s%s\n' "$block__name" "$block__text" "$(head -n 40 "$STAGE/output")"
  fi
}

while IFS= read -r block__next <&3 || [[ -n $block__next ]]; do
  block__line=$((block__line + 1))
  block__text+=$block__next$'\n'
  if block__is_whole; then
    if [[ -n ${block__text//[[:space:]]/} ]]; then block__run; fi
    block__text=''
  fi
done 3< "$block__file"
if [[ -n $block__text ]]; then
  printf '%s: its last command has no end:\n%s\n' "$block__name" "$block__text"
  block__failed=1
fi

for agent in "$STAGE"/running/serve-*.pid; do
  if [[ ! -e $agent ]]; then continue; fi
  agent=$(basename "$agent" .pid)
  cp "$STAGE/running/$agent.log" "$STAGE/output"
  end "$agent" || {
    printf '%s: the agent ended with %s after SIGTERM:\n%s\n' "$block__name" "$?" "$(tail -n 20 "$STAGE/output")"
    block__failed=1
  }
done
exit "$block__failed"
