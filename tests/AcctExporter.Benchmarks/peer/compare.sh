#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What this agent and other tools see of short processes (docs/compare.md). Each has a PID and mount namespace of its own
# with nothing else in it, does the same work there, and says what it knows of it afterwards:
#
#   compare.sh ROOT AGENT TOOLS [NAME...]      (as root)
#
# ROOT is a Debian root folder (tests/debian-root.sh makes the archive) with the packages prometheus-process-exporter,
# prometheus-node-exporter, atop, pcp, acct, procps and curl; AGENT the folder that deploy/publish.sh made; TOOLS has burn of
# tests/tools. Names: agent process-exporter node-exporter atop pcp acct.
set -uo pipefail

count=${COUNT:-10000} crashes=20

if [[ ${1:-} != --inside ]]; then
  root=$1 agent=$2 tools=$3
  shift 3
  (($#)) || set -- agent process-exporter node-exporter atop pcp acct
  for name; do
    echo "== $name"
    unshare --pid --fork --mount --net --mount-proc --kill-child bash "${BASH_SOURCE[0]}" --inside "$name" "$root" "$agent" "$tools"
  done
  exit
fi

name=$2 root=$3
mount --make-rprivate /
ip link set lo up
mkdir -p "$root/mnt/agent" "$root/mnt/tools"
mount --bind "$4" "$root/mnt/agent"
mount --bind "$5" "$root/mnt/tools"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/var/log"
mount --bind /dev "$root/dev"
mount -t sysfs sysfs "$root/sys"

in_root() { chroot "$root" "$@"; }

# For the background: the process is the program's own.
become() { exec chroot "$root" "$@"; }

# What the tool is asked about: so many programs that each work for some 3 ms, two at a time, and some that dump core.
work() {
  local truth i
  truth=$(in_root /mnt/tools/burn --count "$count" --parallel 2 --cpu-us 3000 --exec | tail -n 1)
  for ((i = 0; i < crashes; i++)); do
    in_root sh -c 'ulimit -c unlimited; cd /tmp; kill -SEGV $$' 2> /dev/null
  done
  echo "truth (wait4): $truth microseconds; $crashes cores"
}

rss() { awk '/^VmRSS/ { s += $2 } END { printf "resident: %.1f MiB\n", s / 1024 }' "${@/%//status}"; }

# poll COMMAND: once a second, all that it says goes to one file.
poll() {
  while sleep 1; do "$@"; done >> "$root/tmp/polled" 2> /dev/null &
  poller=$!
}

end_poll() {
  kill "$poller"
  wait "$poller" 2> /dev/null
}

metrics() { in_root curl -fs "http://127.0.0.1:$1/metrics"; }

# until_it_serves PORT
until_it_serves() {
  local _
  for _ in {1..300}; do
    if metrics "$1" > /dev/null; then return; fi
    sleep 0.1
  done
  echo "$name does not serve"
  exit 1
}

try_agent() {
  start() {
    become /mnt/agent/acct-exporter serve --web.listen-address=127.0.0.1:9810 --storage.path=/tmp/storage \
      --accounting.path=/tmp/segments 2> "$root/tmp/log" &
    daemon=$!
    until_it_serves 9810
  }
  show() { metrics 9810 | grep -E '^acct_process_(exits|cpu_time_seconds|core_dumps)_total' | grep -E '"(exe|sh)"'; }
  start
  work
  sleep 1
  show
  rss "/proc/$daemon"
  kill -KILL "$daemon"
  wait "$daemon" 2> /dev/null
  in_root true
  start
  echo "killed and started again:"
  show
  kill "$daemon"
  wait "$daemon"
}

try_process-exporter() {
  printf 'process_names:\n  - name: "{{.Comm}}"\n    cmdline: [".+"]\n' > "$root/tmp/names.yml"
  start() {
    become prometheus-process-exporter -config.path /tmp/names.yml -web.listen-address 127.0.0.1:9256 2> /dev/null &
    daemon=$!
    until_it_serves 9256
  }
  show() { metrics 9256 | grep -E 'groupname="exe"' | grep -E '_cpu_seconds_total|_num_procs'; }
  start
  poll metrics 9256
  work
  end_poll
  show
  grep 'num_procs{groupname="exe"}' "$root/tmp/polled" |
    awk '{ s += $2 } END { print "seen alive in " NR " scrapes: " s + 0 " processes" }'
  rss "/proc/$daemon"
  kill -KILL "$daemon"
  wait "$daemon" 2> /dev/null
  start
  echo "killed and started again:"
  show
}

try_node-exporter() {
  become prometheus-node-exporter --collector.processes --web.listen-address 127.0.0.1:9100 2> /dev/null &
  daemon=$!
  until_it_serves 9100
  metrics 9100 | grep -E '^node_forks_total|^node_processes_pids'
  work
  metrics 9100 | grep -E '^node_forks_total|^node_processes_pids'
  echo "series that name a command or a user: $(metrics 9100 | grep -v '^#' | grep -cE '\{[^}]*(command|comm|user|uid)=')"
  rss "/proc/$daemon"
}

try_atop() {
  become atop -w /tmp/raw 1 &
  daemon=$!
  sleep 3
  work
  sleep 2
  rss "/proc/$daemon"
  kill "$daemon"
  wait "$daemon" 2> /dev/null
  in_root atop -r /tmp/raw -P PRG > "$root/tmp/prg"
  in_root atop -r /tmp/raw -P PRC > "$root/tmp/prc"
  echo "ended processes shown: $(grep -cE '\(exe\) E ' "$root/tmp/prg"); its file: $(stat -c %s "$root/tmp/raw") bytes"
  grep -E '\(exe\) E ' "$root/tmp/prc" | awk '{ s += ($11 + $12) / $10 } END { print "CPU of these: " s + 0 " s" }'
  grep -E '\(sh\) E ' "$root/tmp/prg" | awk '{ print $0 }' | tail -n 1
}

try_pcp() {
  in_root sh -c 'mkdir -p /run/pcp /var/log/pcp/pmcd; chown pcp:pcp /run/pcp /var/log/pcp/pmcd
    cd /var/lib/pcp/pmns && ./Rebuild -s > /dev/null'
  become env PCP_RUN_DIR=/run/pcp /usr/lib/pcp/bin/pmcd -f -l /tmp/pmcd.log -s /run/pcp/pmcd.socket > "$root/tmp/said" 2>&1 &
  sleep 5
  in_root pmstore -h local: acct.control.enable_acct 1 || tail -n 20 "$root/tmp/pmcd.log" "$root/tmp/said"
  sleep 3
  in_root pminfo -h local: -f acct.control.lifetime
  asked() { in_root pminfo -h local: -f acct.psinfo.utime acct.psinfo.stime; }
  asked > /dev/null
  poll asked
  work
  sleep 1
  end_poll
  # Each ended process is an instance, named by its id, for a minute; a line for each of two metrics.
  grep '"exe"' "$root/tmp/polled" | sed 's/.*\[\([0-9]*\) or .* value /\1 /' | sort -u |
    awk '{ n += !seen[$1]++; s += $2 } END { print "ended processes shown: " n + 0 ", CPU: " s + 0 " s" }'
  rss $(pgrep -x 'pmcd|pmdaproc' | sed 's,^,/proc/,')
}

try_acct() {
  : > "$root/tmp/pacct"
  in_root accton /tmp/pacct > /dev/null
  work
  in_root sa -i /tmp/pacct 2> /dev/null | grep -E ' (exe|sh)$'
  in_root sa -i --separate-times -j /tmp/pacct 2> /dev/null | grep -E ' (exe)$'
  echo "lastcomm: $(in_root lastcomm -f /tmp/pacct --command exe | wc -l) lines, with a core: $(in_root lastcomm -f /tmp/pacct |
    awk '$2 ~ /D/ || $3 ~ /D/' | wc -l)"
  in_root accton off > /dev/null
}

"try_$name"
kill $(jobs -p) 2> /dev/null
exit 0
