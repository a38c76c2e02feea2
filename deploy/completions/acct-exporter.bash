# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Completion for acct-exporter, made of the program's own help by a test: ACCT_UPDATE_GOLDEN=1 makes it anew.
# Belongs to /usr/share/bash-completion/completions/acct-exporter. Links of the classic names that lead to
# acct-exporter (sa, last, ...) are completed too, where they are there when this is read.

_acct_exporter_words() {
  local IFS=$' \t\n'
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_acct_exporter_value() {
  case $1 in
    file) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    directory) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    user) mapfile -t COMPREPLY < <(compgen -u -- "$current") ;;
    group) mapfile -t COMPREPLY < <(compgen -g -- "$current") ;;
    signal) mapfile -t COMPREPLY < <(compgen -A signal -- "$current") ;;
  esac
}

_acct_exporter() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' option='' behind=''
  local words='' kind='' arguments='' choices='' commands=() options=() switches=()
  COMPREPLY=()
  commands=(
    serve replay metrics config rules doctor ac lastcomm dump-acct utmpdump last lastb lastlogin fwtmp
    wtmpfix acctwtmp closewtmp utmp2wtmp acctcon acctcon1 acctcon2 prctmp lineuse reboots accton ckpacct
    turnacct startup shutacct remove nulladm sa acctcom timex acctcms acctprc acctprc1 acctprc2 chargefee pac
    acctmerg prtacct acctdisk runacct monacct dodisk acctdusg diskusg prdaily bill)
  command=${COMP_WORDS[0]##*/}
  if [[ " ${commands[*]} " != *" $command "* ]]; then
    if ((COMP_CWORD == 1)); then
      _acct_exporter_words "${commands[*]} --help --version"
      return
    fi
    command=${COMP_WORDS[1]}
  fi

  # What stands behind = is a word of its own, for COMP_WORDBREAKS has it.
  if [[ $current == '=' ]]; then
    option=$previous behind=yes current=''
  elif [[ $previous == '=' ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]} behind=yes
  else
    option=$previous
  fi

  case $command in
    serve)
      options=(
        --config.file --web.listen-address --web.systemd-socket --web.telemetry-path --web.max-requests
        --web.enable-lifecycle --web.config.file --accounting.path --accounting.on-exit
        --accounting.take-over --accounting.follow-active --source --accounting.segment-size
        --accounting.segment-age --accounting.settle-time --accounting.canary-interval
        --accounting.rearm-delay --taskstats.mode --taskstats.buffer-size --taskstats.enable-delays
        --storage.path --storage.checkpoint-interval --storage.on-damage --journal.retention-age
        --journal.retention-size --journal.group --labels --pairs.limit --pairs.idle-time
        --pairs.fold-kernel-threads --pairs.all-histograms --openmetrics.created --openmetrics.exemplars
        --histograms.duration-bounds --histograms.cpu-bounds --histograms.virtual-memory-bounds
        --histograms.peak-rss-bounds --histograms.io-bounds --logins.source --logins.wtmp --logins.btmp
        --logins.wtmpdb --logins.holidays --logins.users-limit --logins.lines-limit --suite.path
        --suite.daily --suite.fiscal --suite.disk --suite.disk-paths --suite.page-log --suite.rates
        --suite.user-exit --suite.groups --suite.users-limit --suite.minimum-free --otlp.endpoint
        --otlp.protocol --otlp.interval --otlp.timeout --otlp.compression --otlp.histograms --events.file
        --events.select --events.max-size --events.keep --events.otlp --log.level --log.format --config.check
        --help -h -?)
      switches=(
        --web.systemd-socket --web.enable-lifecycle --accounting.take-over --accounting.follow-active
        --taskstats.enable-delays --pairs.fold-kernel-threads --pairs.all-histograms --openmetrics.created
        --openmetrics.exemplars --suite.groups --events.otlp)
      case $option in
        --config.file | \
          --web.config.file | \
          --accounting.path | \
          --source | \
          --storage.path | \
          --logins.wtmp | \
          --logins.btmp | \
          --logins.wtmpdb | \
          --logins.holidays | \
          --suite.path | \
          --suite.disk-paths | \
          --suite.page-log | \
          --suite.rates | \
          --suite.user-exit) kind='file' ;;
        --web.systemd-socket | \
          --web.enable-lifecycle | \
          --accounting.take-over | \
          --accounting.follow-active | \
          --taskstats.enable-delays | \
          --pairs.fold-kernel-threads | \
          --pairs.all-histograms | \
          --openmetrics.created | \
          --openmetrics.exemplars | \
          --suite.groups | \
          --events.otlp) words='true false' ;;
        --accounting.on-exit) words='off keep' ;;
        --taskstats.mode) words='auto on off' ;;
        --storage.on-damage) words='stop start-anew' ;;
        --histograms.duration-bounds | \
          --histograms.cpu-bounds | \
          --histograms.virtual-memory-bounds | \
          --histograms.peak-rss-bounds | \
          --histograms.io-bounds | \
          --suite.daily | \
          --suite.disk) words='off' ;;
        --logins.source) words='auto wtmp wtmpdb off' ;;
        --suite.fiscal) words='monthly off' ;;
        --otlp.protocol) words='grpc' ;;
        --otlp.compression) words='none gzip' ;;
        --otlp.histograms) words='explicit exponential' ;;
        --events.file) words='-' kind='file' ;;
        --events.select) words='core signal failure all' ;;
        --log.level) words='debug info warn error' ;;
        --log.format) words='logfmt json' ;;
      esac
      ;;
    replay)
      options=(
        --config.file --pairs.limit --pairs.fold-kernel-threads --pairs.all-histograms --help -h -?)
      switches=(
        --pairs.fold-kernel-threads --pairs.all-histograms)
      arguments='file'
      case $option in
        --config.file) kind='file' ;;
        --pairs.fold-kernel-threads | \
          --pairs.all-histograms) words='true false' ;;
      esac
      ;;
    metrics)
      options=(
        --format --help -h -?)
      case $option in
        --format) words='table markdown' ;;
      esac
      ;;
    config)
      options=(
        --config.file --web.listen-address --web.systemd-socket --web.telemetry-path --web.max-requests
        --web.enable-lifecycle --web.config.file --accounting.path --accounting.on-exit
        --accounting.take-over --accounting.follow-active --source --accounting.segment-size
        --accounting.segment-age --accounting.settle-time --accounting.canary-interval
        --accounting.rearm-delay --taskstats.mode --taskstats.buffer-size --taskstats.enable-delays
        --storage.path --storage.checkpoint-interval --storage.on-damage --journal.retention-age
        --journal.retention-size --journal.group --labels --pairs.limit --pairs.idle-time
        --pairs.fold-kernel-threads --pairs.all-histograms --openmetrics.created --openmetrics.exemplars
        --histograms.duration-bounds --histograms.cpu-bounds --histograms.virtual-memory-bounds
        --histograms.peak-rss-bounds --histograms.io-bounds --logins.source --logins.wtmp --logins.btmp
        --logins.wtmpdb --logins.holidays --logins.users-limit --logins.lines-limit --suite.path
        --suite.daily --suite.fiscal --suite.disk --suite.disk-paths --suite.page-log --suite.rates
        --suite.user-exit --suite.groups --suite.users-limit --suite.minimum-free --otlp.endpoint
        --otlp.protocol --otlp.interval --otlp.timeout --otlp.compression --otlp.histograms --events.file
        --events.select --events.max-size --events.keep --events.otlp --log.level --log.format --format
        --help -h -?)
      switches=(
        --web.systemd-socket --web.enable-lifecycle --accounting.take-over --accounting.follow-active
        --taskstats.enable-delays --pairs.fold-kernel-threads --pairs.all-histograms --openmetrics.created
        --openmetrics.exemplars --suite.groups --events.otlp)
      case $option in
        --config.file | \
          --web.config.file | \
          --accounting.path | \
          --source | \
          --storage.path | \
          --logins.wtmp | \
          --logins.btmp | \
          --logins.wtmpdb | \
          --logins.holidays | \
          --suite.path | \
          --suite.disk-paths | \
          --suite.page-log | \
          --suite.rates | \
          --suite.user-exit) kind='file' ;;
        --web.systemd-socket | \
          --web.enable-lifecycle | \
          --accounting.take-over | \
          --accounting.follow-active | \
          --taskstats.enable-delays | \
          --pairs.fold-kernel-threads | \
          --pairs.all-histograms | \
          --openmetrics.created | \
          --openmetrics.exemplars | \
          --suite.groups | \
          --events.otlp) words='true false' ;;
        --accounting.on-exit) words='off keep' ;;
        --taskstats.mode) words='auto on off' ;;
        --storage.on-damage) words='stop start-anew' ;;
        --histograms.duration-bounds | \
          --histograms.cpu-bounds | \
          --histograms.virtual-memory-bounds | \
          --histograms.peak-rss-bounds | \
          --histograms.io-bounds | \
          --suite.daily | \
          --suite.disk) words='off' ;;
        --logins.source) words='auto wtmp wtmpdb off' ;;
        --suite.fiscal) words='monthly off' ;;
        --otlp.protocol) words='grpc' ;;
        --otlp.compression) words='none gzip' ;;
        --otlp.histograms) words='explicit exponential' ;;
        --events.file) words='-' kind='file' ;;
        --events.select) words='core signal failure all' ;;
        --log.level) words='debug info warn error' ;;
        --log.format) words='logfmt json' ;;
        --format) words='yaml json markdown' ;;
      esac
      ;;
    rules)
      options=(
        --config.file --pairs.fold-kernel-threads --try --try-file --user --exe --unit --format --help -h -?)
      switches=(
        --pairs.fold-kernel-threads)
      case $option in
        --config.file | \
          --try-file) kind='file' ;;
        --pairs.fold-kernel-threads) words='true false' ;;
        --try) kind='user' ;;
        --format) words='text json' ;;
      esac
      ;;
    doctor)
      options=(
        --config.file --web.listen-address --web.systemd-socket --web.telemetry-path --web.max-requests
        --web.enable-lifecycle --web.config.file --accounting.path --accounting.on-exit
        --accounting.take-over --accounting.follow-active --source --accounting.segment-size
        --accounting.segment-age --accounting.settle-time --accounting.canary-interval
        --accounting.rearm-delay --taskstats.mode --taskstats.buffer-size --taskstats.enable-delays
        --storage.path --storage.checkpoint-interval --storage.on-damage --journal.retention-age
        --journal.retention-size --journal.group --labels --pairs.limit --pairs.idle-time
        --pairs.fold-kernel-threads --pairs.all-histograms --openmetrics.created --openmetrics.exemplars
        --histograms.duration-bounds --histograms.cpu-bounds --histograms.virtual-memory-bounds
        --histograms.peak-rss-bounds --histograms.io-bounds --logins.source --logins.wtmp --logins.btmp
        --logins.wtmpdb --logins.holidays --logins.users-limit --logins.lines-limit --suite.path
        --suite.daily --suite.fiscal --suite.disk --suite.disk-paths --suite.page-log --suite.rates
        --suite.user-exit --suite.groups --suite.users-limit --suite.minimum-free --otlp.endpoint
        --otlp.protocol --otlp.interval --otlp.timeout --otlp.compression --otlp.histograms --events.file
        --events.select --events.max-size --events.keep --events.otlp --log.level --log.format --format
        --help -h -?)
      switches=(
        --web.systemd-socket --web.enable-lifecycle --accounting.take-over --accounting.follow-active
        --taskstats.enable-delays --pairs.fold-kernel-threads --pairs.all-histograms --openmetrics.created
        --openmetrics.exemplars --suite.groups --events.otlp)
      case $option in
        --config.file | \
          --web.config.file | \
          --accounting.path | \
          --source | \
          --storage.path | \
          --logins.wtmp | \
          --logins.btmp | \
          --logins.wtmpdb | \
          --logins.holidays | \
          --suite.path | \
          --suite.disk-paths | \
          --suite.page-log | \
          --suite.rates | \
          --suite.user-exit) kind='file' ;;
        --web.systemd-socket | \
          --web.enable-lifecycle | \
          --accounting.take-over | \
          --accounting.follow-active | \
          --taskstats.enable-delays | \
          --pairs.fold-kernel-threads | \
          --pairs.all-histograms | \
          --openmetrics.created | \
          --openmetrics.exemplars | \
          --suite.groups | \
          --events.otlp) words='true false' ;;
        --accounting.on-exit) words='off keep' ;;
        --taskstats.mode) words='auto on off' ;;
        --storage.on-damage) words='stop start-anew' ;;
        --histograms.duration-bounds | \
          --histograms.cpu-bounds | \
          --histograms.virtual-memory-bounds | \
          --histograms.peak-rss-bounds | \
          --histograms.io-bounds | \
          --suite.daily | \
          --suite.disk) words='off' ;;
        --logins.source) words='auto wtmp wtmpdb off' ;;
        --suite.fiscal) words='monthly off' ;;
        --otlp.protocol) words='grpc' ;;
        --otlp.compression) words='none gzip' ;;
        --otlp.histograms) words='explicit exponential' ;;
        --events.file) words='-' kind='file' ;;
        --events.select) words='core signal failure all' ;;
        --log.level) words='debug info warn error' ;;
        --log.format) words='logfmt json' ;;
        --format) words='table json' ;;
      esac
      ;;
    ac)
      options=(
        --format --daily-totals -d --individual-totals -p --file -f --all-days -a --complain --reboots
        --supplants --timewarps --compatibility --tw-leniency --tw-suspicious --print-year -y --print-zeros
        -z --debug --version -V --help -h -?)
      arguments='user'
      case $option in
        --format) words='table json csv' ;;
        --file | -f) kind='file' ;;
      esac
      ;;
    lastcomm)
      options=(
        --format --file -f --forwards --strict-match --print-controls --user --tty --command --ahz
        --show-paging -p --pid --debug --version -V --follow --lines -n --group --since --until --signal
        --core --exit-code --min-cpu --min-elapsed --compat --raw --storage.path --help -h -?)
      arguments='user'
      case $option in
        --format) words='table json csv' ;;
        --file | -f) kind='file' ;;
        --user | \
          --tty | \
          --command) kind='user' ;;
        --group) kind='group' ;;
        --signal) kind='signal' ;;
        --storage.path) kind='directory' ;;
      esac
      ;;
    dump-acct)
      options=(
        --format --reverse -r --num -n --raw -R --ahz --byteswap --print-controls --user --group --command
        --tty --since --until --signal --core --exit-code --min-cpu --min-elapsed --compat --storage.path
        --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --user) kind='user' ;;
        --group) kind='group' ;;
        --signal) kind='signal' ;;
        --storage.path) kind='directory' ;;
      esac
      ;;
    utmpdump)
      options=(
        --format --follow -f --reverse -r --output -o --version -V --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --output | -o) kind='file' ;;
      esac
      ;;
    last)
      options=(
        --format --limit -n --file -f --nohostname -R --hostlast -a --since -s --until -t --present -p
        --system -x --dns -d --ip -i --fulltimes -F --fullnames -w --time-format --version -V --help -h -?)
      arguments='user'
      case $option in
        --format) words='table json csv' ;;
        --file | -f) kind='file' ;;
        --time-format) words='notime short full iso' ;;
      esac
      ;;
    lastb)
      options=(
        --format --limit -n --file -f --nohostname -R --hostlast -a --since -s --until -t --present -p
        --system -x --dns -d --ip -i --fulltimes -F --fullnames -w --time-format --version -V --help -h -?)
      arguments='user'
      case $option in
        --format) words='table json csv' ;;
        --file | -f) kind='file' ;;
        --time-format) words='notime short full iso' ;;
      esac
      ;;
    lastlogin)
      options=(
        --format --wtmp -f --lastlog2 --lastlog --passwd --compat --loginlog --help -h -?)
      arguments='user'
      case $option in
        --format) words='table json csv' ;;
        --wtmp | -f | \
          --lastlog2 | \
          --lastlog | \
          --passwd | \
          --loginlog) kind='file' ;;
      esac
      ;;
    fwtmp)
      options=(
        --format --input-text -i --output-binary -c --help -h -?)
      case $option in
        --format) words='table json csv' ;;
      esac
      ;;
    wtmpfix)
      options=(
        --format --compat --output -o --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --output | -o) kind='file' ;;
      esac
      ;;
    acctwtmp)
      options=(
        --format --output -o --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --output | -o) kind='file' ;;
      esac
      ;;
    closewtmp)
      options=(
        --format --wtmp --cursor --output -o --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --wtmp | \
          --cursor | \
          --output | -o) kind='file' ;;
      esac
      ;;
    utmp2wtmp)
      options=(
        --format --wtmp --cursor --output -o --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --wtmp | \
          --cursor | \
          --output | -o) kind='file' ;;
      esac
      ;;
    acctcon)
      options=(
        --format --line-use -l --reboots -o --holidays --carry --compat --help -h -?)
      case $option in
        --format) words='table json csv' ;;
        --line-use | -l | \
          --reboots | -o | \
          --holidays | \
          --carry) kind='file' ;;
      esac
      ;;
    acctcon1)
      options=(
        --format --print -p --last-time -t --line-use -l --reboots -o --holidays --carry --compat --help -h
        -?)
      case $option in
        --format) words='table json csv' ;;
        --line-use | -l | \
          --reboots | -o | \
          --holidays | \
          --carry) kind='file' ;;
      esac
      ;;
    acctcon2)
      options=(
        --format --compat --help -h -?)
      case $option in
        --format) words='table json csv' ;;
      esac
      ;;
    prctmp)
      options=(
        --format --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
      esac
      ;;
    lineuse)
      options=(
        --format --compat --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
      esac
      ;;
    reboots)
      options=(
        --format --compat --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
      esac
      ;;
    accton)
      options=(
        --version -V --force --if-ours --accounting.path --help -h -?)
      arguments='file'
      choices='on off'
      case $option in
        --accounting.path) kind='directory' ;;
      esac
      ;;
    ckpacct)
      options=(
        --compat --config.file --accounting.path --storage.path --logins.holidays --suite.path --suite.groups
        --suite.minimum-free --help -h -?)
      switches=(
        --suite.groups)
      case $option in
        --config.file | \
          --accounting.path | \
          --storage.path | \
          --logins.holidays | \
          --suite.path) kind='file' ;;
        --suite.groups) words='true false' ;;
      esac
      ;;
    turnacct)
      options=(
        --file --force --config.file --accounting.path --help -h -?)
      choices='on off switch'
      case $option in
        --file | \
          --config.file | \
          --accounting.path) kind='file' ;;
      esac
      ;;
    startup)
      options=(
        --file --force --config.file --accounting.path --storage.path --suite.path --help -h -?)
      case $option in
        --file | \
          --config.file | \
          --accounting.path | \
          --storage.path | \
          --suite.path) kind='file' ;;
      esac
      ;;
    shutacct)
      options=(
        --file --force --config.file --accounting.path --storage.path --suite.path --help -h -?)
      case $option in
        --file | \
          --config.file | \
          --accounting.path | \
          --storage.path | \
          --suite.path) kind='file' ;;
      esac
      ;;
    remove)
      options=(
        --config.file --storage.path --suite.path --help -h -?)
      case $option in
        --config.file | \
          --storage.path | \
          --suite.path) kind='file' ;;
      esac
      ;;
    nulladm)
      options=(
        --help -h -?)
      arguments='file'
      ;;
    sa)
      options=(
        --format --list-all-names -a --sort-sys-user-div-calls -b --percentages -c --sort-avio -d --sort-tio
        -D --not-interactive -f --dont-read-summary-files -i --print-seconds -j --sort-cpu-avmem -k
        --sort-ksec -K --separate-times -l --user-summary -m --group-summary -M --sort-num-calls -n
        --show-paging -p --show-paging-avg -P --reverse-sort -r --merge -s --print-ratio -t --print-users -u
        --threshold -v --sort-real-time --separate-forks --ahz --other-acct-file --other-savacct-file
        --other-usracct-file --debug --version -V --by --sort --top --print-controls --user --group --command
        --tty --since --until --signal --core --exit-code --min-cpu --min-elapsed --compat --raw
        --storage.path --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --other-acct-file | \
          --other-savacct-file | \
          --other-usracct-file) kind='file' ;;
        --user) kind='user' ;;
        --group) kind='group' ;;
        --signal) kind='signal' ;;
        --storage.path) kind='directory' ;;
      esac
      ;;
    acctcom)
      options=(
        --format --times -t --io -i --cpu-factor -r --hog-factor -h --mean-size -m --kcore -k --state -f
        --no-headings -v --averages -a --quiet -q --long-names -X --line -l --owner -u --owner-group -g
        --name -n --cpu-over -C --system-over -O --hog-over -H --chars-over -I --start-after -S
        --start-before -e --end-after -s --end-before -E --output -o --backwards -b --svr4 --user --group
        --command --tty --since --until --signal --core --exit-code --min-cpu --min-elapsed --compat --raw
        --storage.path --help -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --owner | -u | \
          --user) kind='user' ;;
        --output | -o) kind='file' ;;
        --group) kind='group' ;;
        --signal) kind='signal' ;;
        --storage.path) kind='directory' ;;
      esac
      ;;
    timex)
      options=(
        --format --processes -p --totals -o --system -s --state -f --hog-factor -h --kcore -k --mean-size -m
        --cpu-factor -r --times -t --file --user --group --command --tty --since --until --signal --core
        --exit-code --min-cpu --min-elapsed --compat --raw --storage.path --help -?)
      case $option in
        --format) words='table json csv' ;;
        --file) kind='file' ;;
        --user) kind='user' ;;
        --group) kind='group' ;;
        --signal) kind='signal' ;;
        --storage.path) kind='directory' ;;
      esac
      ;;
    acctcms)
      options=(
        --format --ascii -a --prime -p --non-prime -o --by-cpu -c --by-count -n --lump -j --summaries -s
        --total -t --read-as --write-as --holidays --svr4 --user --group --command --tty --since --until
        --signal --core --exit-code --min-cpu --min-elapsed --compat --raw --storage.path --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --holidays) kind='file' ;;
        --user) kind='user' ;;
        --group) kind='group' ;;
        --signal) kind='signal' ;;
        --storage.path) kind='directory' ;;
      esac
      ;;
    acctprc)
      options=(
        --format --holidays --svr4 --user --group --command --tty --since --until --signal --core --exit-code
        --min-cpu --min-elapsed --compat --raw --storage.path --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --holidays) kind='file' ;;
        --user) kind='user' ;;
        --group) kind='group' ;;
        --signal) kind='signal' ;;
        --storage.path) kind='directory' ;;
      esac
      ;;
    acctprc1)
      options=(
        --format --file -f --aix --holidays --svr4 --user --group --command --tty --since --until --signal
        --core --exit-code --min-cpu --min-elapsed --compat --raw --storage.path --help -h -?)
      case $option in
        --format) words='table json csv' ;;
        --file | -f | \
          --holidays) kind='file' ;;
        --user) kind='user' ;;
        --group) kind='group' ;;
        --signal) kind='signal' ;;
        --storage.path) kind='directory' ;;
      esac
      ;;
    acctprc2)
      options=(
        --format --compat --help -h -?)
      case $option in
        --format) words='table json csv' ;;
      esac
      ;;
    chargefee)
      options=(
        --compat --config.file --storage.path --suite.path --help -h -?)
      case $option in
        --config.file | \
          --storage.path | \
          --suite.path) kind='file' ;;
      esac
      ;;
    pac)
      options=(
        --format --by-cost -c --no-hosts -m --reverse -r --summarise -s --price -p --printer -P --queue-file
        -q --file --config.file --storage.path --suite.path --help -h -?)
      arguments='user'
      case $option in
        --format) words='table json csv' ;;
        --queue-file | -q | \
          --file | \
          --config.file | \
          --storage.path | \
          --suite.path) kind='file' ;;
      esac
      ;;
    acctmerg)
      options=(
        --format --ascii -a --headings -h --input-ascii -i --print -p --total -t --by-uid -u --verbose -v
        --qacct -q --read-as --write-as --aix --compat --help -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --qacct | -q) kind='file' ;;
        --read-as | \
          --write-as) words='aix aix-be' ;;
      esac
      ;;
    prtacct)
      options=(
        --format --fields -f --verbose -v --read-as --aix --compat --help -h -?)
      case $option in
        --format) words='table json csv' ;;
        --read-as) words='aix aix-be' ;;
      esac
      ;;
    acctdisk)
      options=(
        --format --write-as --compat --help -h -?)
      case $option in
        --format) words='table json csv' ;;
        --write-as) words='aix aix-be' ;;
      esac
      ;;
    runacct)
      options=(
        --rebuild --replace --compat --config.file --storage.path --logins.source --logins.wtmp
        --logins.wtmpdb --logins.holidays --suite.path --suite.fiscal --suite.page-log --suite.user-exit
        --suite.groups --suite.minimum-free --help -h -?)
      switches=(
        --suite.groups)
      case $option in
        --config.file | \
          --storage.path | \
          --logins.wtmp | \
          --logins.wtmpdb | \
          --logins.holidays | \
          --suite.path | \
          --suite.page-log | \
          --suite.user-exit) kind='file' ;;
        --logins.source) words='auto wtmp wtmpdb off' ;;
        --suite.fiscal) words='monthly off' ;;
        --suite.groups) words='true false' ;;
      esac
      ;;
    monacct)
      options=(
        --compat --config.file --storage.path --logins.source --logins.wtmp --logins.wtmpdb --logins.holidays
        --suite.path --suite.fiscal --suite.page-log --suite.user-exit --suite.groups --suite.minimum-free
        --help -h -?)
      switches=(
        --suite.groups)
      case $option in
        --config.file | \
          --storage.path | \
          --logins.wtmp | \
          --logins.wtmpdb | \
          --logins.holidays | \
          --suite.path | \
          --suite.page-log | \
          --suite.user-exit) kind='file' ;;
        --logins.source) words='auto wtmp wtmpdb off' ;;
        --suite.fiscal) words='monthly off' ;;
        --suite.groups) words='true false' ;;
      esac
      ;;
    dodisk)
      options=(
        --format --others -o --link-share --compat --config.file --storage.path --suite.path
        --suite.disk-paths --help -h -?)
      arguments='file'
      case $option in
        --format) words='table json csv' ;;
        --config.file | \
          --storage.path | \
          --suite.path | \
          --suite.disk-paths) kind='file' ;;
      esac
      ;;
    acctdusg)
      options=(
        --format --users -p --uncharged -u --link-share --null -0 --help -h -?)
      case $option in
        --format) words='table json csv' ;;
        --users | -p | \
          --uncharged | -u) kind='file' ;;
      esac
      ;;
    diskusg)
      options=(
        --format --sum -s --verbose -v --ignore -i --users -p --uncharged -u --link-share --help -h -?)
      case $option in
        --format) words='table json csv' ;;
        --users | -p | \
          --uncharged | -u) kind='file' ;;
      esac
      ;;
    prdaily)
      options=(
        --format --commands -c --logins -l --compat --config.file --storage.path --suite.path --help -h -?)
      case $option in
        --format) words='table json csv html' ;;
        --config.file | \
          --storage.path | \
          --suite.path) kind='file' ;;
      esac
      ;;
    bill)
      options=(
        --format --period --rates --user --by --config.file --storage.path --suite.path --suite.rates --help
        -h -?)
      case $option in
        --format) words='table json csv html' ;;
        --rates | \
          --config.file | \
          --storage.path | \
          --suite.path | \
          --suite.rates) kind='file' ;;
        --user) kind='user' ;;
        --by) words='user group' ;;
      esac
      ;;
  esac

  if [[ -n $words || -n $kind ]] && [[ -n $behind || " ${switches[*]} " != *" $option "* ]]; then
    if [[ -n $words ]]; then _acct_exporter_words "$words"; fi
    if [[ -n $kind ]]; then _acct_exporter_value "$kind"; fi
  elif [[ $current == -* ]]; then
    _acct_exporter_words "${options[*]}"
  else
    if [[ -n $arguments ]]; then _acct_exporter_value "$arguments"; fi
    if [[ -n $choices ]]; then
      local found
      mapfile -t found < <(compgen -W "$choices" -- "$current")
      COMPREPLY+=("${found[@]}")
    fi
  fi
}

complete -o filenames -F _acct_exporter acct-exporter
_acct_exporter_program=$(type -P acct-exporter || true)
for _acct_exporter_link in \
  ac lastcomm dump-acct utmpdump last lastb lastlogin fwtmp wtmpfix acctwtmp closewtmp utmp2wtmp acctcon \
  acctcon1 acctcon2 prctmp lineuse reboots accton ckpacct turnacct startup shutacct remove nulladm sa acctcom \
  timex acctcms acctprc acctprc1 acctprc2 chargefee pac acctmerg prtacct acctdisk runacct monacct dodisk \
  acctdusg diskusg prdaily bill; do
  if [[ -n $_acct_exporter_program ]] &&
    [[ $(type -P "$_acct_exporter_link" || true) -ef $_acct_exporter_program ]]; then
    complete -o filenames -F _acct_exporter "$_acct_exporter_link"
  fi
done
unset _acct_exporter_program _acct_exporter_link
