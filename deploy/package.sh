#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the Debian package of the agent:
#
#   ./deploy/package.sh [FOLDER] [--from PUBLISHED] [--version VERSION]
#
# FOLDER/acct-exporter_VERSION_ARCHITECTURE.deb, in artifacts/deb when no folder is named. --from takes what
# deploy/publish.sh made before, else it is published now. --version: another than that of Directory.Build.props. The
# same published files and the same commit give the same bytes. It takes no root, but the packages dpkg-dev and binutils.
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

# Debian's package of each library that the linker names. A later C++ library than the C library's age is never asked for.
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
doc=$tree/usr/share/doc/acct-exporter
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
  if [[ $name == acct-exporter-* ]]; then ln -s ../acct-exporter "$tree/usr/lib/acct-exporter/bin/${name#acct-exporter-}"; fi
done

put 0644 "$root/deploy/completions/acct-exporter.bash" usr/share/bash-completion/completions/acct-exporter
put 0644 "$root/deploy/completions/_acct-exporter" usr/share/zsh/vendor-completions/_acct-exporter
put 0644 "$root/deploy/completions/acct-exporter.fish" usr/share/fish/vendor_completions.d/acct-exporter.fish
for unit in "$root"/deploy/*.service "$root"/deploy/*.socket "$root"/deploy/*.timer; do
  put 0644 "$unit" "usr/lib/systemd/system/$(basename -- "$unit")"
done
put 0644 "$root/deploy/acct-exporter.sysusers" usr/lib/sysusers.d/acct-exporter.conf
put 0644 "$root/deploy/deb/default" etc/default/acct-exporter
put 0644 "$root/deploy/deb/lintian-overrides" usr/share/lintian/overrides/acct-exporter

put 0644 "$root/deploy/deb/copyright" usr/share/doc/acct-exporter/copyright
packed "$root/deploy/deb/notices-dotnet" usr/share/doc/acct-exporter/notices-dotnet
packed "$root/CHANGELOG.md" usr/share/doc/acct-exporter/changelog
put 0644 "$root/deploy/deb/README.Debian" usr/share/doc/acct-exporter/README.Debian
put 0644 "$root/deploy/rates.yaml" usr/share/doc/acct-exporter/examples/rates.yaml
put 0644 "$root/deploy/deb/acct-exporter.yml" usr/share/doc/acct-exporter/examples/acct-exporter.yml
put 0644 "$root/deploy/compose/prometheus.yml" usr/share/doc/acct-exporter/examples/prometheus.yml
for file in "$root"/grafana/*.json "$root"/grafana/alerts/*.y*ml; do
  put 0644 "$file" "usr/share/doc/acct-exporter/examples/grafana/$(basename -- "$file")"
done
[[ -d $doc ]]

# ---- the package -----------------------------------------------------------------------------------------------------

find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
find "$tree" -type d -exec chmod 0755 {} +
mkdir "$tree/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" \
  -e "s/@SIZE@/$(du -k --apparent-size -s "$tree" | cut -f1)/" "$root/deploy/deb/control" > "$tree/DEBIAN/control"
echo /etc/default/acct-exporter > "$tree/DEBIAN/conffiles"
(cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) > "$tree/DEBIAN/md5sums"
chmod 0644 "$tree"/DEBIAN/*
for script in postinst prerm postrm; do install -m 0755 "$root/deploy/deb/$script" "$tree/DEBIAN/$script"; done
find "$tree/DEBIAN" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +

package=$folder/acct-exporter_${version}_$architecture.deb
mkdir -p -- "$folder"
dpkg-deb --build --root-owner-group -Zxz "$tree" "$package" > /dev/null
printf '%s\n' "$package"
