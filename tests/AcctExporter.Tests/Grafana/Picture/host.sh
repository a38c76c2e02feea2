#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The work of a host for the picture of the dashboard, until it is ended: real programs, owned by users of passwd beside
# this file.
#
#   host.sh build|web|db FOLDER     (as root, in a PID namespace of its own; FOLDER is its scratch)
set -uo pipefail

role=$1
cd -- "$2" || exit 1
# What crashes leaves a core, of its headers only.
ulimit -c unlimited
[[ ! -w /proc/self/coredump_filter ]] || echo 0 > /proc/self/coredump_filter
root=0 www_data=33 backup=34 postgres=107 ci=1001 alice=1002

# as USER COMMAND...: the command is the only process that comes of it.
as() {
  local user=$1
  shift
  setpriv --reuid="$user" --regid="$user" --clear-groups "$@" > /dev/null 2>&1
}

pause() { sleep "$1"; }

# ---- a build server: compilers with their children, failures, one compiler that is killed now and then ---------------

prepare_build() {
  local i
  for i in {1..60}; do
    echo "double f$i(double x) { double s = 0; for (int i = 0; i < 99; i++) s += x * (i % $i + 1) / (s + $i); return s; }"
  done > unit.c
  { cat unit.c; echo 'int main(void) { return (int)f1(2.0) & 0; }'; } > main.c
  { cat unit.c; echo 'int broken( { }'; } > broken.c
}

work_build() {
  local i units=$((4 + RANDOM % 8))
  for ((i = 0; i < units; i++)); do
    as $ci gcc -O2 -c unit.c -o "unit-$((i % 2)).o" &
    if ((i % 2)); then wait; fi
    ((RANDOM % 12)) || as $ci gcc -O2 -c broken.c -o broken.o
    ((RANDOM % 24)) || as $ci timeout -s KILL 0.03 gcc -O2 -c unit.c -o late.o
  done
  wait
  as $ci gcc -O1 main.c -o program && as $ci ./program
  as $ci sh -c 'tar cf - *.c *.o | gzip -9 > build.tgz'
  as $alice sh -c 'ls -l /usr/bin | awk "{ s += \$5 } END { print s }"'
  pause "0.$((RANDOM % 9))"
  ((RANDOM % 4)) || pause $((2 + RANDOM % 6))
}

# ---- a web server: many small helpers, a program that crashes and is started again, pipes that nobody reads ----------

prepare_web() {
  cat > thumbnailer.c <<'END'
#include <time.h>
int main(void) { while (clock() < 30000) { } return *(volatile int *)8; }
END
  gcc -O1 -o thumbnailer thumbnailer.c
  seq 1 40000 > access.log
}

work_web() {
  local i
  for ((i = 0; i < 6 + RANDOM % 10; i++)); do
    as $www_data sh -c 'grep -c 77 access.log; sed -n 1,5p access.log | sort -r'
    ((RANDOM % 9)) || as $www_data sh -c 'grep -q nothing access.log'
    pause 0.05
  done
  # Ten seconds of crashes, twenty without.
  if ((SECONDS % 30 < 10)); then as $www_data ./thumbnailer; fi
  ((RANDOM % 5)) || as $www_data sh -c 'yes | head -n 9'
  ((RANDOM % 5)) || as $www_data timeout 0.2 tail -f access.log
  ((RANDOM % 8)) || as $root sh -c 'find /etc -maxdepth 2 -type f | wc -l'
  ((RANDOM % 40)) || as $www_data perl -e 'kill ABRT => $$'
}

# ---- a database's host: queries, a backup that works for a second, jobs of cron, queries that took too long ----------

prepare_db() {
  seq 1 300000 > table.txt
}

work_db() {
  as $postgres sh -c 'sort -n table.txt | tail -n 3'
  as $postgres perl -e 'my $s = 0; $s += $_ % 7 for 1 .. 300000 + rand 500000;'
  as $alice sh -c 'id; date; uptime; cut -c1-3 table.txt | uniq -c | head -n 20'
  ((RANDOM % 6)) || as $postgres timeout -s KILL 0.4 perl -e '1 while 1'
  ((RANDOM % 9)) || as $root sh -c 'find /usr/share/doc -maxdepth 1 | sort | md5sum; exit $((RANDOM % 2))'
  ((RANDOM % 9)) || as $backup gzip -6 -c table.txt
  ((RANDOM % 4)) || as $backup sh -c 'test -e /nonexistent'
  pause "0.$((1 + RANDOM % 4))"
  ((RANDOM % 5)) || pause $((1 + RANDOM % 4))
}

"prepare_$role"
chmod -R a+rwX .
while :; do "work_$role"; done
