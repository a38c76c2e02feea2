#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the Debian package of the agent:
#
#   ./deploy/package.sh [FOLDER] [--from PUBLISHED] [--version VERSION]
#
# FOLDER/acct-exporter_VERSION-1_ARCHITECTURE.deb, in artifacts/deb when no folder is named. --from takes what
# deploy/publish.sh made before, else it is published now. --version: another than that of Directory.Build.props. The
# same published files and the same commit give the same bytes. It takes no root, but the packages dpkg and binutils.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=deploy/common.sh
source "$root/deploy/common.sh"

folder=$root/artifacts/deb from='' version=''
while (($#)); do
  case $1 in
    --from | --version)
      (($# > 1)) || die "$1 needs a value"
      declare "${1#--}=$2"
      shift
      ;;
    -*) die "usage: deploy/package.sh [FOLDER] [--from PUBLISHED] [--version VERSION]" ;;
    *) folder=$1 ;;
  esac
  shift
done
for tool in dpkg-deb readelf gzip; do
  command -v "$tool" > /dev/null || die "'$tool' is missing (packages dpkg, binutils, gzip)"
done

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
if [[ -z $from ]]; then
  from=$work/published
  "$root/deploy/publish.sh" "$from"
fi
[[ -x $from/acct-exporter ]] || die "$from has no program acct-exporter: deploy/publish.sh makes it"
[[ -n $version ]] || version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props")
# The first packaging of it.
version+=-1
maintainer=$(sed -n 's/^Maintainer: //p' "$root/deploy/deb/control")

# The time of all files: of the commit, or of the change log where there is no git.
: "${SOURCE_DATE_EPOCH:=$(git -C "$root" log -1 --format=%ct 2> /dev/null || stat -c %Y "$root/CHANGELOG.md")}"
export SOURCE_DATE_EPOCH

# ---- what it depends on, as the program says -------------------------------------------------------------------------

case $(readelf -h "$from/acct-exporter" | sed -n 's/ *Machine: *//p') in
  *X86-64) architecture=amd64 ;;
  AArch64) architecture=arm64 ;;
  ARM) architecture=armhf ;;
  *) die "$from/acct-exporter is for a kind of machine that has no name here" ;;
esac
mapfile -t binaries < <(find "$from" -maxdepth 1 -type f \( -name acct-exporter -o -name '*.so' \) | sort)

# Debian's package of each library that the linker names. A C++ library newer than the C library is never asked for.
packages_of() {
  local library
  for library in $(readelf -dW "$@" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u); do
    case $library in
      libc.so.6 | libm.so.6 | libdl.so.2 | librt.so.1 | libpthread.so.0 | ld-linux-*) ;;
      libgcc_s.so.1) echo libgcc-s1 ;;
      libstdc++.so.6) echo libstdc++6 ;;
      libz.so.1) echo zlib1g ;;
      *) die "no package is known for $library" ;;
    esac
  done
}

depends="libc6 (>= $(readelf -VW "${binaries[@]}" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -uV | tail -n 1))"
for package in $(packages_of "${binaries[@]}"); do depends+=", $package"; done
# Opened while it runs: OpenSSL for every hash and for TLS, crypt(3) for passwords. 'passwd' makes the user where there
# is no systemd-sysusers.
depends+=", libssl3t64 | libssl3, libcrypt1, passwd"

# ---- the tree --------------------------------------------------------------------------------------------------------

tree=$work/tree
put() { install -D -p -m "$1" -- "$2" "$tree/$3"; }
packed() { gzip -9n < "$1" > "$work/packed" && put 0644 "$work/packed" "$2.gz"; }

for binary in "${binaries[@]}"; do
  mode=0644
  if [[ $binary == */acct-exporter ]]; then mode=0755; fi
  put $mode "$binary" "usr/lib/acct-exporter/$(basename -- "$binary")"
done
mkdir -p "$tree/usr/bin" "$tree/usr/lib/acct-exporter/bin"
ln -s ../lib/acct-exporter/acct-exporter "$tree/usr/bin/acct-exporter"
# The classic commands, each with a page of its own, under their own names: for who puts this folder into PATH. In
# /usr/bin they would be in the way of the packages acct and util-linux.
for page in "$root"/deploy/man/acct-exporter*.[18]; do
  packed "$page" "usr/share/man/man${page##*.}/$(basename -- "$page")"
  name=$(basename -- "${page%.*}")
  if [[ $name != acct-exporter-* ]]; then continue; fi
  ln -s ../acct-exporter "$tree/usr/lib/acct-exporter/bin/${name#acct-exporter-}"
done

put 0644 "$root/deploy/completions/acct-exporter.bash" usr/share/bash-completion/completions/acct-exporter
put 0644 "$root/deploy/completions/_acct-exporter" usr/share/zsh/vendor-completions/_acct-exporter
put 0644 "$root/deploy/completions/acct-exporter.fish" usr/share/fish/vendor_completions.d/acct-exporter.fish
for unit in "$root"/deploy/*.service "$root"/deploy/*.socket "$root"/deploy/*.timer; do
  put 0644 "$unit" "usr/lib/systemd/system/$(basename -- "$unit")"
done
# Named after its place, as systemd wants it.
put 0644 "$root/deploy/run-acct-exporter.mount" 'usr/lib/systemd/system/run-acct\x2dexporter.mount'
put 0644 "$root/deploy/acct-exporter.sysusers" usr/lib/sysusers.d/acct-exporter.conf
put 0644 "$root/deploy/deb/default" etc/default/acct-exporter
put 0644 "$root/deploy/deb/lintian-overrides" usr/share/lintian/overrides/acct-exporter

put 0644 "$root/deploy/deb/copyright" usr/share/doc/acct-exporter/copyright
packed "$root/deploy/deb/notices-dotnet" usr/share/doc/acct-exporter/notices-dotnet
packed "$root/CHANGELOG.md" usr/share/doc/acct-exporter/changelog
printf '%s\n' "acct-exporter ($version) unstable; urgency=medium" '' "  * What is new is in changelog.gz." '' \
  " -- $maintainer  $(LC_ALL=C date -uR -d "@$SOURCE_DATE_EPOCH")" > "$work/changelog"
packed "$work/changelog" usr/share/doc/acct-exporter/changelog.Debian
put 0644 "$root/deploy/deb/README.Debian" usr/share/doc/acct-exporter/README.Debian
put 0644 "$root/deploy/rates.yaml" usr/share/doc/acct-exporter/examples/rates.yaml
put 0644 "$root/deploy/deb/acct-exporter.yml" usr/share/doc/acct-exporter/examples/acct-exporter.yml
put 0644 "$root/deploy/acct-exporter.sysctl" usr/share/doc/acct-exporter/examples/60-acct-exporter.conf
put 0644 "$root/deploy/compose/prometheus.yml" usr/share/doc/acct-exporter/examples/prometheus.yml
for file in "$root"/grafana/*.json "$root"/grafana/alerts/*.y*ml; do
  put 0644 "$file" "usr/share/doc/acct-exporter/examples/grafana/$(basename -- "$file")"
done

# ---- the package -----------------------------------------------------------------------------------------------------

find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
find "$tree" -type d -exec chmod 0755 {} +
# As Debian reckons it: whole KiB of each file, and one for all else.
size=$(find "$tree" -mindepth 1 -printf '%y %s\n' |
  awk '{ sum += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print sum }')
install -d -m 0755 "$tree/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" \
  -e "s/@SIZE@/$size/" "$root/deploy/deb/control" > "$tree/DEBIAN/control"
echo /etc/default/acct-exporter > "$tree/DEBIAN/conffiles"
# md5sum writes \\ for the \ in the mount's name and begins that line with one; dpkg wants the name as it is.
(cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) |
  sed '/^\\/ { s///; s/\\\\/\\/g; }' > "$tree/DEBIAN/md5sums"
chmod 0644 "$tree"/DEBIAN/*
for script in postinst prerm postrm; do install -m 0755 "$root/deploy/deb/$script" "$tree/DEBIAN/$script"; done
find "$tree/DEBIAN" "$tree" -maxdepth 1 -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
chmod 0755 "$tree"

package=$folder/acct-exporter_${version}_$architecture.deb
mkdir -p -- "$folder"
dpkg-deb --build --root-owner-group -Zxz "$tree" "$package" > /dev/null
printf '%s\n' "$package"
