# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Programs of a stage that go on in the background. Sourced.

# in_background NAME COMMAND...: starts it; NAME.pid is its process, NAME.code will be its exit code.
in_background() {
  local base=$STAGE/running/$1
  shift
  rm -f "$base.code"
  (
    "$@" < /dev/null > "$base.out" 2> "$base.log" &
    echo $! > "$base.pid.new"
    mv "$base.pid.new" "$base.pid"
    code=0
    wait $! || code=$?
    echo "$code" > "$base.code.new"
    mv "$base.code.new" "$base.code"
  ) < /dev/null > "$base.messages" 2>&1 &
  until [[ -e $base.pid ]]; do sleep 0.01; done
}

# is_ready_behind_tls LOG: an agent with TLS may ask for what nobody here has; its log says that it is ready.
is_ready_behind_tls() {
  grep -q 'listening on https:' "$1" && grep -q 'msg="ready: ' "$1"
}

# until_ready NAME: until the agent that is NAME says that it is ready, or has ended; then with its exit code.
until_ready() {
  local base=$STAGE/running/$1 pid port _
  pid=$(< "$base.pid")
  for _ in {1..1000}; do
    if [[ -e $base.code ]]; then
      cat "$base.out"
      cat "$base.log" >&2
      return "$(< "$base.code")"
    fi
    for port in $(ss -Hltnp 2> /dev/null | grep "pid=$pid," | sed 's/.*:\([0-9]\+\) .*:.*/\1/'); do
      if curl -fs -o /dev/null "http://127.0.0.1:$port/-/ready" || is_ready_behind_tls "$base.log"; then return 0; fi
    done
    sleep 0.03
  done
  echo "the agent is not ready after 30 seconds:" >&2
  cat "$base.log" >&2
  return 1
}

# end NAME: SIGTERM, and its exit code, which it has 20 seconds for.
end() {
  local base=$STAGE/running/$1 code _
  kill -TERM "$(< "$base.pid")" 2> /dev/null || true
  for _ in {1..1000}; do
    if [[ -e $base.code ]]; then
      code=$(< "$base.code")
      rm -f "$base".*
      return "$code"
    fi
    sleep 0.02
  done
  echo "$1 does not end" >&2
  return 1
}
