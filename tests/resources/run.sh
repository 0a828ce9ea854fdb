#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Instructions and memory grow no faster than files, recipes and command lines do: run.sh BUILD [NAME]
#
# What is tried is in main.c, the laws in measure.c. Instructions are counted by callgrind, which counts the
# same ones on every machine; where there is no valgrind, that part says that it skips.
set -eu
build=$(cd "$1" && pwd)
shift
"$build/tests/resources" memory "$build/otapack" "$@"
if ! command -v valgrind >/dev/null; then
    echo 'skipped: instructions: there is no valgrind here'
    exit 0
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-resources.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
valgrind -q --tool=callgrind --callgrind-out-file=counted --dump-line=no \
    "$build/tests/resources" work "$@"
