#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The first process of a stage on which the command lines of one document run: a PID, mount and network namespace of
# its own, in which nothing of the host can be harmed. Its accounting is its own (a PID namespace has one file), its
# file systems are overlays in memory, its network is the loopback, kernel settings are read only.
#
#   unshare --pid --fork --mount-proc --mount --net --kill-child bash enter.sh REPOSITORY PROGRAM BLOCKS BEFORE
#
# REPOSITORY is the working tree, PROGRAM the folder of the built agent, BLOCKS a folder with one file for each block,
# in the order of their names, BEFORE a command that makes the host what the document takes it for. Prints what goes
# wrong; its exit code is 0 when each line of each block did what the document says.
set -euo pipefail

repository=$1 program=$2 blocks=$3 before=$4
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
base=/mnt
if [[ $repository/ == /mnt/* || $program/ == /mnt/* ]]; then base=/media; fi
export STAGE=$base/stage CLONE=$base/acct-exporter

# ---- file systems: what is written here is written to memory ------------------------------------------------------

mount -t tmpfs -o mode=0755 stage "$base"
mkdir -p "$STAGE"/{bin,blocks,lib,program,running,calls} "$CLONE"
cp "$here"/bin/* "$STAGE/bin/"
cp "$here"/*.sh "$STAGE/lib/"
cp -r "$blocks/." "$STAGE/blocks/"
mount --bind "$program" "$STAGE/program"

# over FOLDER PLACE: FOLDER as it is, seen at PLACE, with what is written to it in memory.
over() {
  local layer=$base/layers$2
  mkdir -p "$layer/upper" "$layer/work"
  mount -t overlay -o "lowerdir=$1,upperdir=$layer/upper,workdir=$layer/work" overlay "$2"
}
over "$repository" "$CLONE"
for folder in /etc /var /usr /root /home /opt /srv /tmp; do
  if [[ -d $folder ]]; then over "$folder" "$folder"; fi
done
mount -t tmpfs -o mode=0755 stage /run
for folder in /proc/sys /sys; do
  mount --bind "$folder" "$folder"
  mount -o remount,bind,ro "$folder"
done

# ---- the host that documents speak of -----------------------------------------------------------------------------

ip link set lo up
printf '%s\n' '127.0.0.1 localhost HOST' > /etc/hosts
mkdir -p /run/systemd/system /var/log/account /var/account /etc/logrotate.d /etc/cron.daily
ln -sf "$STAGE/program/acct-exporter" /usr/bin/acct-exporter
export PATH=$STAGE/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
export DOTNET_CLI_TELEMETRY_OPTOUT=1 LC_ALL=C.UTF-8

cd -- "$CLONE"
# These two build and test the very tree that this runs from: here they say only whether their arguments are right.
for script in deploy/run.sh tests/run.sh; do
  cp --remove-destination "$STAGE/lib/only-arguments.sh" "$script.stage"
  mv "$script" "$script.real"
  mv "$script.stage" "$script"
  chmod 0755 "$script"
done
# FILE stands in documents for an accounting file of the reader's.
cp tests/AcctExporter.Tests/Fixtures/pacct/real-behaviours.pacct FILE

bash "$STAGE/lib/host.sh"
if [[ -n $before ]]; then bash -euo pipefail -c "$before" < /dev/null; fi

# ---- the blocks, in their order -----------------------------------------------------------------------------------

failed=0
for block in "$STAGE"/blocks/*; do
  bash "$STAGE/lib/block.sh" "$block" || failed=1
done
# What the document started as a service and left running ends, too.
for unit in "$STAGE"/running/*.unit; do
  if [[ -e $unit ]]; then systemctl stop "$(basename "$unit" .unit)" || failed=1; fi
done
exit "$failed"
