#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The committed fixtures are what their generator writes: fixtures.sh GENERATOR FIXTURES
# Every generated file is there with the same bytes, and nothing is there that is not generated
# (beside the generator's own source and *.md).
set -eu

generate=$1
committed=$2
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export LC_ALL=C

mkdir "$scratch/made"
"$generate" "$scratch/made"
(cd "$scratch/made" && find . -type f | sort) >"$scratch/made.list"
(cd "$committed" && find . -type f ! -path './*.[ch]' ! -name '*.md' | sort) \
    >"$scratch/committed.list"
[ -s "$scratch/made.list" ] || { echo "the generator wrote nothing"; exit 1; }

wrong=0
if ! diff "$scratch/committed.list" "$scratch/made.list" >"$scratch/names"; then
    sed -n -e 's|^< \./|in fixtures/, but not generated: |p' \
        -e 's|^> \./|generated, but not in fixtures/: |p' "$scratch/names"
    wrong=1
fi
# What is in only one of them has been said.
diff -rq "$committed" "$scratch/made" >"$scratch/different" || [ $? -eq 1 ]
if grep -v '^Only in ' "$scratch/different"; then
    wrong=1
fi

[ "$wrong" = 0 ] || echo "to write fixtures/ anew: cmake --build build/release --target fixtures"
exit "$wrong"
