# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What deploy/run.sh and tests/run.sh share: finding the SDK, building as the right user, asking for root.

# The repository: whoever sources this has set it.
: "${root:?}"

# Arguments that begin with a newline begin a line.
say() {
  local text="$*"
  printf '%s\n' "${text// $'\n'/$'\n'}" >&2
}

die() {
  say "$@"
  exit 1
}

# Where a SDK may be although PATH (sudo's above all) does not say so.
find_dotnet() {
  local invoker_home
  invoker_home=$(getent passwd "${SUDO_USER:-$(id -un)}" | cut -d: -f6) || invoker_home=
  local candidate
  for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-/nonexistent}/dotnet" \
    /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet "${invoker_home:-/nonexistent}/.dotnet/dotnet"; do
    if [[ -n $candidate && -x $candidate ]]; then
      dotnet=$candidate
      break
    fi
  done
  if [[ -z ${dotnet:-} ]]; then
    die "The .NET 10 SDK is missing: no 'dotnet' in PATH or in the usual places." \
      $'\n'"Get it from https://dot.net/download (on Debian: Microsoft's packages, then" \
      $'\n'"apt-get install dotnet-sdk-10.0) and start this again."
  fi

  # The built program is started without the SDK's help (and by sudo): it needs to know where the runtime is.
  DOTNET_ROOT=$(dirname -- "$(readlink -f -- "$dotnet")")
  export DOTNET_ROOT
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
  # Nothing that outlives the build.
  export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

  # The SDK wants a home for itself and for its packages; services and containers often have none.
  if [[ -z ${HOME:-} || ! -w ${HOME:-} ]]; then
    HOME=$(getent passwd "$(id -u)" | cut -d: -f6) || HOME=
    [[ -n $HOME && -w $HOME ]] || HOME=$root/artifacts/home
    mkdir -p -- "$HOME"
    export HOME
  fi

  local version
  if ! version=$(cd "$root" && "$dotnet" --version 2>&1); then
    die "'$dotnet' is there, but not the .NET SDK that global.json asks for:"$'\n'"$version" \
      $'\n'"Get the .NET 10 SDK from https://dot.net/download and start this again."
  fi
}

# Runs its arguments as the person who called sudo when the clone is theirs, so that no file of root's is left in it.
as_builder() {
  if ((EUID == 0)) && [[ -n ${SUDO_USER:-} && ${SUDO_USER:-} != root && $(stat -c %U "$root") == "$SUDO_USER" ]] &&
    command -v runuser > /dev/null; then
    local home
    home=$(getent passwd "$SUDO_USER" | cut -d: -f6)
    runuser -u "$SUDO_USER" -- env HOME="$home" "$@"
  else
    "$@"
  fi
}

# build PROJECT: quiet unless it fails.
build() {
  local output
  say "Building $(basename -- "$1") (about half a minute the first time) ..."
  if ! output=$(as_builder "$dotnet" build -c Release -nologo -v:quiet -nodeReuse:false \
    -p:UseSharedCompilation=false "$root/$1" 2>&1 < /dev/null); then
    say "$output"
    say "The build failed."
    if grep -qi 'denied' <<< "$output"; then
      say "Something built by root may stand in the way: sudo rm -r '$root'/{src,tests}/*/{bin,obj} removes it."
    fi
    exit 1
  fi
}

# get_root WHY: makes as_root usable, asking for a password now rather than in the middle.
get_root() {
  if ((EUID == 0)); then return 0; fi
  command -v sudo > /dev/null || return 1
  [[ -n ${have_root:-} ]] || say "$1: this needs root, so sudo may ask for your password."
  sudo -v || return 1
  have_root=yes
}

# As root, with the environment that is given as NAME=VALUE arguments and nothing else of ours.
as_root() {
  if ((EUID == 0)); then env "$@"; else sudo -n env "$@"; fi
}
