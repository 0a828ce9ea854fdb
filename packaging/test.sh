#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds otapack and passes its tests. Root or sudo, and nothing else, is
# needed. Options go to ctest: packaging/test.sh -R recipe
set -eu
cd "$(dirname "$0")/.."

packaging/install-deps.sh --test
cmake --preset release -DBUILD_TESTING=ON
cmake --build --preset release -j "$(nproc)"

# What the tests take, printed so that growth is seen; the second line of `times` is of what was
# started from here.
before=$(mktemp) after=$(mktemp)
trap 'rm -f "$before" "$after"' EXIT
{ date +%s && times; } >"$before"
status=0
ctest --preset release -j "$(nproc)" "$@" || status=$?
{ date +%s && times; } >"$after"
tests/skipped.sh build/release
awk '
    function seconds(text) { split(text, part, /[ms]/); return 60 * part[1] + part[2] }
    FNR == 1 { wall = $1 - wall }
    FNR == 3 { used = seconds($1) + seconds($2) - used }
    END { printf "tests: %d s of wall time, %.0f s of processor time\n", wall, used }' \
    "$before" "$after"
exit "$status"
