#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What stands on a stage for another distribution's package, and files of a host that has had accounting on for days.
set -euo pipefail

fixtures=$CLONE/tests/AcctExporter.Tests/Fixtures/pacct

# Red Hat's package psacct: its unit and its rotation call the same accton.
mkdir -p /usr/lib/systemd/system
cat > /usr/lib/systemd/system/psacct.service << 'END'
[Unit]
Description=Kernel process accounting
ConditionPathExists=/var/account

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/accton /var/account/pacct
ExecReload=/usr/sbin/accton /var/account/pacct
ExecStop=/usr/sbin/accton off

[Install]
WantedBy=multi-user.target
END
cat > /etc/logrotate.d/psacct << 'END'
/var/account/pacct {
    compress
    delaycompress
    notifempty
    daily
    rotate 31
    create 0600 root root
    postrotate
        if /usr/bin/systemctl --quiet is-active psacct.service ; then
            /usr/sbin/accton /var/account/pacct
        fi
    endscript
}
END

rm -rf /var/lib/acct-exporter /etc/acct-exporter
: > /var/log/account/pacct
cp "$fixtures/real-threads.pacct" /var/log/account/pacct.0
gzip -c "$fixtures/real-behaviours.pacct" > /var/log/account/pacct.1.gz
install -m 0600 /dev/null /var/account/pacct
cp "$fixtures/real-threads.pacct" /var/account/pacct-20261121
gzip -c "$fixtures/real-behaviours.pacct" > /var/account/pacct-20261120.gz
systemctl enable acct.service

# Logins.
logins=$CLONE/tests/AcctExporter.Tests/Fixtures/wtmp
cp "$logins/crash.wtmp" /var/log/wtmp
gzip -c "$logins/basic.wtmp" > /var/log/wtmp.1.gz

# A configuration of the reader's.
printf '%s\n' 'pairs:' '  limit: 500' 'rules:' "  - command: 'python3(\.\d+)?'" '    replace: python' \
  > "$CLONE/acct-exporter.yml"
