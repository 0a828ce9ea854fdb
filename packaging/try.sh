#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From a clone to a first image: installs what is missing, builds otapack, makes a border router's
# combined image out of fixtures/ and inspects it. Root or sudo, and nothing else, is needed.
set -eu
cd "$(dirname "$0")/.."

packaging/install-deps.sh

# A folder that exists keeps its settings; a new one is for the program alone, without the tests.
settings=
[ -f build/release/CMakeCache.txt ] || settings=-DBUILD_TESTING=OFF
echo "Building build/release/otapack"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quiet() {
    "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        exit 2
    }
}
quiet cmake --preset release $settings
quiet cmake --build --preset release -j "$(nproc)"

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}
PATH=$PWD/build/release:$PATH
show otapack build fixtures/recipes/border-router.yaml -o build/br-ota.bin
show otapack inspect build/br-ota.bin
