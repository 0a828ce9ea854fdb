#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Delta patches, and what they take: delta.sh [OTAPACK] BASE NEW [BASE NEW]...
#
# A row for each pair: the size of otapack's patch, the seconds of processor time and the peak of memory
# that it takes, and the same of detools (`detools create_patch -c heatshrink`, the reference, which
# makes no header: its 64 bytes are added). A measurement and no test: it fails only where it cannot run.
#
#   DETOOLS  the command, `python3 -m detools`; where it does not run, its columns are empty
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
otapack=$here/../../build/release/otapack
die() {
    echo "delta.sh: $1" >&2
    exit 2
}
if [ $(($# % 2)) = 1 ]; then
    otapack=$1
    shift
fi
[ $# -ge 2 ] || die 'name two apps, the old and the new one'
[ -x "$otapack" ] || die "$otapack: is no program; build it first: cmake --preset release && cmake --build build/release"
[ -x /usr/bin/time ] || die '/usr/bin/time is not there; install time'

scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# row HEADER COMMAND...: writes $scratch/patch; prints its size with the header, seconds and KiB.
row() {
    header=$1
    shift
    rm -f "$scratch/patch"
    if /usr/bin/time -f '%U %M' -o "$scratch/time" "$@" >"$scratch/out" 2>&1 && [ -f "$scratch/patch" ]; then
        printf '%9d %8s %8s' $(($(wc -c <"$scratch/patch") + header)) \
            $(tail -n 1 "$scratch/time")
    else
        printf '%9s %8s %8s' - - -
    fi
}

echo '  otapack        s      KiB   detools        s      KiB  pair'
while [ $# -gt 0 ]; do
    row 0 "$otapack" delta -q "$1" "$2" -o "$scratch/patch" -a delta-chip
    # shellcheck disable=SC2086 # a command and its words
    row 64 ${DETOOLS:-python3 -m detools} create_patch -c heatshrink "$1" "$2" "$scratch/patch"
    printf '  %s %s\n' "${1##*/}" "${2##*/}"
    shift 2
done
