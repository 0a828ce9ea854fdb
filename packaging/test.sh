#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds otapack and passes its tests. Root or sudo, and nothing else, is
# needed. Options go to ctest: packaging/test.sh -R recipe
set -eu
cd "$(dirname "$0")/.."

packaging/install-deps.sh --test
cmake --preset release -DBUILD_TESTING=ON
cmake --build --preset release -j "$(nproc)"
ctest --preset release -j "$(nproc)" "$@"
tests/skipped.sh build/release
