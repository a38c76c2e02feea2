#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the agent and installs it as a systemd service that is enabled and started: docs/service.md. Again, with a
# newer clone, it upgrades: what ends meanwhile is counted.
#
#   ./deploy/install.sh [--published=FOLDER]    FOLDER: what deploy/publish.sh made; nothing is built then
#   ./deploy/install.sh --uninstall             all of it is gone; settings, counts and logs stay
#   ./deploy/install.sh --purge                 these and the user are gone, too
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/common.sh
source "$root/deploy/common.sh"

library=/usr/lib/acct-exporter
program=/usr/bin/acct-exporter
units=/etc/systemd/system
users=/usr/lib/sysusers.d/acct-exporter.conf
manuals=/usr/local/share/man
# systemd's name for /run/acct-exporter.
segments='run-acct\x2dexporter.mount'
parts=(acct-{exporter,runacct,monacct,ckpacct,dodisk}.service acct-{runacct,monacct,ckpacct,dodisk}.timer
  acct-exporter.socket)

published='' action=install
for argument; do
  case $argument in
    --published=?*) published=$(cd -- "${argument#*=}" && pwd) ;;
    --uninstall | --purge) action=${argument#--} ;;
    --help | -h)
      sed -n '4,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *)
      say "'$argument' is no option; see --help."
      exit 2
      ;;
  esac
done

if [[ ! -d /run/systemd/system ]]; then
  die "systemd does not run here. Without it: ./deploy/run.sh, or 'acct-exporter serve' under whatever starts" \
    "services here."
fi
if command -v dpkg-query > /dev/null && dpkg-query -W -f '${Status}' acct-exporter 2> /dev/null | grep -q ' installed'
then
  die "The package acct-exporter is installed here: 'apt-get remove acct-exporter' first, or upgrade that."
fi
get_root "Installing a service" || die "This needs root: su -c '$root/deploy/install.sh'"

# What is there of it ends and goes. Accounting ends with its mount, and only if it is the agent's.
uninstall() {
  local file
  as_root systemctl disable --quiet --now "${parts[@]}" 2> /dev/null || true
  as_root systemctl stop "$segments" 2> /dev/null || true
  as_root rm -rf -- "$library" "$program" "$users" /run/acct-exporter "${parts[@]/#/$units/}" "$units/$segments" \
    "$units"/acct-exporter.service.d
  for file in "$root"/deploy/man/*; do
    as_root rm -f -- "$manuals/man${file##*.}/${file##*/}"
  done
  as_root systemctl daemon-reload
}

case $action in
  uninstall)
    uninstall
    say "Gone. What it counted is in /var/lib/acct-exporter; --purge removes that, too."
    exit 0
    ;;
  purge)
    uninstall
    as_root rm -rf -- /var/lib/acct-exporter /var/log/acct-exporter /etc/default/acct-exporter /etc/acct-exporter.yml \
      /etc/acct-exporter
    if getent passwd acct-exporter > /dev/null; then as_root userdel acct-exporter; fi
    say "Gone, with what it counted, its settings and its user."
    exit 0
    ;;
esac

if [[ -z $published ]]; then
  published=$root/artifacts/install
  as_builder "$root/deploy/publish.sh" "$published"
fi
[[ -x $published/acct-exporter ]] || die "There is no program acct-exporter in $published."

as_root install -d -m 0755 "$library"
# A program that runs cannot be written to, but another can take its name.
for file in "$published"/*; do
  mode=0644
  if [[ ${file##*/} == acct-exporter ]]; then mode=0755; fi
  as_root install -m "$mode" -- "$file" "$library/${file##*/}.new"
  as_root mv -f -- "$library/${file##*/}.new" "$library/${file##*/}"
done
as_root ln -sfn "$library/acct-exporter" "$program"
as_root install -D -m 0644 "$root/deploy/acct-exporter.sysusers" "$users"
as_root install -m 0644 "${parts[@]/#/$root/deploy/}" "$units/"
as_root install -m 0644 "$root/deploy/run-acct-exporter.mount" "$units/$segments"
for file in "$root"/deploy/man/*; do
  as_root install -D -m 0644 "$file" "$manuals/man${file##*.}/${file##*/}"
done

as_root systemd-sysusers "$users"
as_root systemctl daemon-reload
as_root systemctl enable --quiet acct-exporter.service
if ! as_root systemctl restart acct-exporter.service; then
  as_root journalctl --no-pager -o cat -n 20 -u acct-exporter.service >&2 || true
  die "It is installed, but does not start: the lines above say why. 'acct-exporter doctor' says more."
fi
say "It runs: systemctl status acct-exporter. The page: http://127.0.0.1:9810/ (unless you chose another address)." \
  $'\n'"Settings, more rights, how to stop it for good: docs/service.md."
