#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what the tests need, builds once and runs the tests, lane by lane. The last line is "N passed, N failed".
#
#   ./tests/run.sh [LANE...] [--update] [-- arguments of `dotnet test`]
#
# Lanes: fast (no root), kernel (the real kernel; root), peers (real servers and tools; root), bench. All by default.
# --update writes the number of tests of each lane that ran whole to tests/lanes.txt.
#   ./tests/run.sh fast -- --filter FullyQualifiedName~CompT      one subject, in seconds
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/common.sh
source "$root/deploy/common.sh"

all_lanes=(fast kernel peers bench)
pins=$root/tests/lanes.txt
tools=$root/artifacts/tools
tests=$root/tests/AcctExporter.Tests/bin/Release/net10.0/AcctExporter.Tests.dll

# ---- arguments -------------------------------------------------------------------------------------------------------

lanes=() update='' test_arguments=() user_filter=''
while (($#)); do
  case $1 in
    fast | kernel | peers | bench) lanes+=("$1") ;;
    --update) update=yes ;;
    --help | -h)
      sed -n '4,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    --)
      shift
      break
      ;;
    *)
      say "'$1' is no lane (${all_lanes[*]}) and no option; see --help."
      exit 2
      ;;
  esac
  shift
done
while (($#)); do
  case $1 in
    --filter)
      user_filter=${2:?--filter needs a value}
      shift
      ;;
    --filter=*) user_filter=${1#--filter=} ;;
    *) test_arguments+=("$1") ;;
  esac
  shift
done
((${#lanes[@]})) || lanes=("${all_lanes[@]}")
# A bare word is a part of a test's name.
if [[ -n $user_filter && $user_filter != *[=~]* ]]; then user_filter="FullyQualifiedName~$user_filter"; fi
in_ci=''
if [[ ${CI:-} == true || ${CI:-} == 1 ]]; then in_ci=yes; fi

wants() {
  local lane
  for lane in "${lanes[@]}"; do
    if [[ $lane == "$1" ]]; then return 0; fi
  done
  return 1
}

# ---- what is started here is ended here ------------------------------------------------------------------------------

scratch=$(mktemp -d)
running='' running_as=''
policy=/usr/sbin/policy-rc.d policy_is_ours=''

# Ends the lane that runs, which has a process group of its own.
end_running() {
  if [[ -z $running ]]; then return 0; fi
  local group=$running _
  running=''
  $running_as kill -TERM -- "-$group" 2> /dev/null || return 0
  for _ in {1..50}; do
    $running_as kill -0 -- "-$group" 2> /dev/null || return 0
    sleep 0.1
  done
  $running_as kill -KILL -- "-$group" 2> /dev/null || true
}

clean_up() {
  end_running
  if [[ -n $policy_is_ours ]]; then as_root rm -f "$policy" || true; fi
  rm -rf -- "$scratch" 2> /dev/null || as_root rm -rf -- "$scratch" 2> /dev/null || true
}

trap clean_up EXIT
trap 'say "Interrupted."; exit 130' INT
trap 'say "Ended."; exit 143' TERM HUP

# ---- what the lanes need ---------------------------------------------------------------------------------------------

# Lines of "tool package": a tool may be a command, or a file when it begins with /.
needed_tools() {
  if wants kernel || wants peers; then
    printf '%s\n' 'accton acct' 'dump-acct acct' 'unshare util-linux' 'ps procps' 'curl curl' 'gcc gcc' \
      '/usr/include/stdio.h libc6-dev' 'ss iproute2' 'jq jq' 'last util-linux' 'utmpdump util-linux' 'login login' \
      'cupsd cups-daemon' 'lp cups-client'
  elif wants bench; then
    printf '%s\n' 'sa acct' 'last util-linux' 'gcc gcc' '/usr/include/stdio.h libc6-dev'
  fi
  if wants peers; then printf '%s\n' 'prometheus prometheus' 'promtool prometheus' 'sqlite3 sqlite3' 'strace strace' \
    'prometheus-alertmanager prometheus-alertmanager' 'systemd-analyze systemd' 'yamllint yamllint' \
    'chromium chromium' 'debootstrap debootstrap' 'buildah buildah' 'node nodejs' 'npm npm' 'unzip unzip'; fi
}

has_tool() {
  if [[ $1 == /* ]]; then [[ -e $1 ]]; else command -v "$1" > /dev/null; fi
}

missing_packages() {
  local tool package
  while read -r tool package; do
    has_tool "$tool" || printf '%s\n' "$package"
  done < <(needed_tools) | sort -u
}

apt_get() {
  as_root DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" < /dev/null
}

# Debian starts a service as soon as it is installed, and acct's would take the kernel's accounting file over. What is
# installed for the tests stays off: a policy forbids the start while apt-get runs, and is gone after it.
install_packages() {
  local packages=("$@") package
  local by_hand="apt-get install --no-install-recommends ${packages[*]}"
  command -v apt-get > /dev/null ||
    die "The tests need what Debian has in these packages: ${packages[*]}." \
      $'\n'"There is no apt-get here: install them by hand."
  get_root "Installing ${packages[*]}" || die "Installing packages needs root. As root:"$'\n'"  $by_hand"
  say "Installing ${packages[*]} ..."

  if [[ ! -e $policy ]]; then
    policy_is_ours=yes
    printf '%s\n' '#!/bin/sh' '# Only while tests/run.sh installs packages; it removes this file.' 'exit 101' \
      > "$scratch/policy"
    as_root install -m 0755 "$scratch/policy" "$policy"
  fi
  if ! apt_get install -y --no-install-recommends "${packages[@]}" > "$scratch/apt.log" 2>&1; then
    if ! { apt_get update && apt_get install -y --no-install-recommends "${packages[@]}"; } > "$scratch/apt.log" 2>&1
    then
      cat "$scratch/apt.log" >&2
      die "What the tests need could not be installed. By hand, as root:"$'\n'"  apt-get update && $by_hand"
    fi
  fi
  if [[ -n $policy_is_ours ]]; then
    as_root rm -f "$policy"
    policy_is_ours=''
  fi

  for package in acct prometheus prometheus-alertmanager; do
    if [[ " ${packages[*]} " == *" $package "* ]]; then keep_off "$package"; fi
  done
  if [[ " ${packages[*]} " == *" cups-daemon "* ]]; then keep_off cups; fi
}

# The service of a package that was not here before: not now, and not at the next boot.
keep_off() {
  if [[ -d /run/systemd/system ]]; then
    as_root systemctl disable --now "$1.service" > /dev/null 2>&1 || true
  elif command -v update-rc.d > /dev/null; then
    as_root update-rc.d "$1" disable > /dev/null 2>&1 || true
  fi
}

require_tools() {
  # accton and its kind live where a user's PATH may not look.
  PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
  local missing tool package
  mapfile -t missing < <(missing_packages)
  if ((${#missing[@]})); then install_packages "${missing[@]}"; fi
  hash -r
  while read -r tool package; do
    has_tool "$tool" || die "'$tool' is still missing, though the package $package was installed."
  done < <(needed_tools)
}

# Each source is a program, but nss_X.c is a module of the name service switch, and fixtime.c is for LD_PRELOAD.
compile_tools() {
  as_builder mkdir -p "$tools"
  local source name form
  for source in "$root"/tests/tools/*.c; do
    name=$(basename "$source" .c) form=()
    case $name in
      nss_*) name=lib$name.so.2 form=(-shared -fPIC) ;;
      fixtime) name=$name.so form=(-shared -fPIC) ;;
    esac
    as_builder gcc -std=gnu11 -O2 -Wall -Wextra -Werror "${form[@]}" -o "$tools/$name" "$source" ||
      die "$source does not compile."
  done
}

# Logins of Debian 13 in databases: its tools, and the C library that they want, for machines that have older ones.
fetch_tools() {
  say "Fetching wtmpdb and lastlog2 of Debian 13 (once) ..."
  as_builder "$root/tests/fetch-debs.sh" trixie "$tools/wtmpdb" wtmpdb libwtmpdb0 lastlog2 liblastlog2-2 libc6 \
    libsqlite3-0 libaudit1 libcap-ng0 libsystemd0 libcap2 || die "Without them the lane peers cannot run."
}

# The pac of BSD.
fetch_pac() {
  as_builder "$root/tests/fetch-debs.sh" bookworm "$tools/lpr" lpr || die "Without pac the lane peers cannot run."
}

# Servers that Debian 12 does not have, or not as new: VictoriaMetrics, and a Prometheus 3. The latter is of the Debian
# after 13, whose versions stand still sooner or later; those of sid never do.
fetch_servers() {
  say "Fetching VictoriaMetrics and Prometheus 3 of newer Debians (once) ..."
  as_builder "$root/tests/fetch-debs.sh" trixie "$tools/victoriametrics" victoria-metrics &&
    as_builder "$root/tests/fetch-debs.sh" forky "$tools/prometheus3" prometheus promtool ||
    die "Without them the lane peers cannot run."
}

# helm, and the types that its output is checked against.
fetch_helm() {
  say "Fetching helm and the types of Kubernetes (once) ..."
  as_builder "$root/tests/fetch-helm.sh" "$tools/helm" || die "Without them the lane peers cannot run."
}

# A clean Debian, for tests that install something in one.
make_debian_root() {
  say "Making a clean Debian (once) ..."
  get_root "Making a clean Debian" || die "A clean Debian can be made by root only: start this as root."
  as_root "$root/tests/debian-root.sh" "$tools/debian" || die "Without it the lane peers cannot run."
}

# ---- the lanes -------------------------------------------------------------------------------------------------------

total_passed=0 total_failed=0

fault() {
  say "$@"
  total_failed=$((total_failed + 1))
}

lane_needs_root() { [[ $1 == kernel || $1 == peers ]]; }

lane_filter() {
  local filter
  case $1 in
    fast) filter='Lane!=kernel&Lane!=peers' ;;
    *) filter="Lane=$1" ;;
  esac
  if [[ -n $user_filter ]]; then filter="($filter)&($user_filter)"; fi
  printf '%s' "$filter"
}

# run_group NAME=VALUE... COMMAND...: in a process group of its own, so that it can be ended whole. Its result is $?.
run_group() {
  local result=0
  set -m
  # Signals that nohup or the & of a shell had ignored are sent to agents by tests, and must reach them.
  if [[ $running_as == as_root ]]; then
    as_root --default-signal "$@" < /dev/null &
  else
    env --default-signal "$@" < /dev/null &
  fi
  running=$!
  set +m
  wait "$running" || result=$?
  # What a test left behind ends with its lane.
  end_running
  return "$result"
}

# counter FILE NAME: an attribute of the Counters of a test result file.
counter() {
  local value
  value=$(grep -o '<Counters [^>]*' "$1" 2> /dev/null | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*' | head -n 1) || true
  printf '%s' "${value:-0}"
}

run_test_lane() {
  local lane=$1 results=$scratch/$1 result=0 serial=() verbosity=minimal
  if [[ -n $user_filter ]]; then verbosity=normal; fi
  running_as=''
  if lane_needs_root "$lane"; then
    get_root "The lane $lane works on the real kernel" || {
      fault "The lane $lane needs root, and sudo is missing or was refused: start this as root."
      return
    }
    running_as=as_root
    # One at a time: there is one kernel.
    serial=(-- xUnit.ParallelizeTestCollections=false)
    if [[ " ${test_arguments[*]} " == *" -- "* ]]; then serial=("${serial[1]}"); fi
  fi
  mkdir -p "$results"
  run_group PATH="$PATH" HOME="$HOME" DOTNET_ROOT="$DOTNET_ROOT" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    DOTNET_CLI_HOME="$scratch" CI="${CI:-}" ACCT_TEST_TOOLS="$tools" \
    "$dotnet" test "$tests" --filter "$(lane_filter "$lane")" \
    --logger "trx;LogFileName=$lane.trx" --logger "console;verbosity=$verbosity" --results-directory "$results" \
    "${test_arguments[@]}" "${serial[@]}" || result=$?
  count_lane "$lane" "$result" "$results/$lane.trx"
}

count_lane() {
  local lane=$1 result=$2 file=$3
  local total passed failed skipped
  total=$(counter "$file" total) passed=$(counter "$file" passed) failed=$(counter "$file" failed)
  skipped=$((total - passed - failed))
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  say "$lane: $passed passed, $failed failed, $skipped skipped"

  if ((result != 0 && failed == 0)); then fault "The run of the lane $lane itself failed ($result)."; fi
  if ((skipped > 0)) && [[ -n $in_ci ]]; then
    say "A skip is a failure in CI:"
    grep -o 'testName="[^"]*"[^>]*outcome="NotExecuted"' "$file" | cut -d'"' -f2 >&2 || true
    total_failed=$((total_failed + skipped))
  fi
  if [[ -n $user_filter ]]; then
    selected=$((selected + total))
  elif ((${#test_arguments[@]} == 0)); then
    check_pin "$lane" "$total"
  fi
}

run_bench() {
  local result=0
  running_as=''
  run_group DOTNET_CLI_HOME="$scratch" ACCT_TEST_TOOLS="$tools" PATH="$PATH" \
    "$dotnet" run -c Release --no-build --project "$root/tests/AcctExporter.Benchmarks" -- --quick || result=$?
  if ((result)); then fault "The benchmarks failed ($result)."; else total_passed=$((total_passed + 1)); fi
  check_pin bench 1
}

# A lane that quietly lost its tests must not look well: its number is pinned in tests/lanes.txt.
check_pin() {
  local lane=$1 count=$2 pinned
  if [[ -n $update ]]; then
    as_builder touch "$pins"
    { grep -v "^$lane " "$pins" || true; printf '%s %s\n' "$lane" "$count"; } > "$scratch/pins"
    for lane in "${all_lanes[@]}"; do
      grep "^$lane " "$scratch/pins" || true
    done > "$pins"
    return
  fi
  pinned=$(sed -n "s/^$lane \([0-9][0-9]*\)$/\1/p" "$pins" 2> /dev/null) || true
  if [[ $pinned == "$count" ]]; then return; fi
  if [[ -n $in_ci ]]; then
    fault "The lane $lane has $count tests, and tests/lanes.txt says ${pinned:-nothing}: ./tests/run.sh $lane --update"
  else
    say "Note: the lane $lane has $count tests, tests/lanes.txt says ${pinned:-nothing}; ./tests/run.sh $lane --update"
  fi
}

# ---- the run ---------------------------------------------------------------------------------------------------------

cd -- "$root"
find_dotnet
require_tools
build AcctExporter.sln
if wants kernel || wants peers || wants bench; then compile_tools; fi
if wants peers; then
  fetch_tools
  fetch_pac
  fetch_servers
  fetch_helm
  make_debian_root
fi

selected=0
for lane in "${lanes[@]}"; do
  if [[ $lane == bench && -n $user_filter ]]; then continue; fi
  say "== $lane"
  if [[ $lane == bench ]]; then run_bench; else run_test_lane "$lane"; fi
done
if [[ -n $user_filter ]] && ((selected == 0)); then fault "No test matches '$user_filter'."; fi

echo "$total_passed passed, $total_failed failed"
((total_failed == 0))
