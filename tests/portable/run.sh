#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What packaging/portable/build.sh made runs, and does what the Linux program of a build folder does:
#
#     run.sh BUILD BINARIES [TARGET...]
#
# BUILD is configured with -DBUILD_TESTING=ON; BINARIES is build.sh's folder. qemu-user runs what is
# for another processor, Wine what is for Windows.
set -euo pipefail
export LC_ALL=C.UTF-8

[[ $# -ge 2 ]] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd) binaries=$(cd "$2" && pwd)
shift 2
(($#)) || set -- x86_64-linux aarch64-linux x86_64-windows
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-portable.XXXXXX")
export WINEPREFIX=$scratch/wine WINEDEBUG=-all
wine=

# Wine's server goes on for some seconds, in its folder.
finish() {
    if [[ -n $wine ]]; then
        "$wine" wineboot --kill >/dev/null 2>&1 </dev/null || true
        for server in "${wine%/*}"/wineserver{64,}; do
            [[ ! -x $server ]] || "$server" -w || true
        done
    fi
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# runs TARGET: a program that runs the target's.
runs() {
    local program=$binaries/$1/otapack before=
    case $1 in
    aarch64-linux) before=qemu-aarch64 ;;
    x86_64-windows)
        program+=.exe
        before=$(command -v wine64 || echo /usr/lib/wine/wine64)
        wine=$before
        "$wine" wineboot --init >/dev/null 2>&1 </dev/null
        ;;
    esac
    [[ -f $program ]] || { echo "portable: $program is not there" >&2; exit 2; }
    # Wine takes arguments to be what the locale says.
    printf '#!/bin/sh\nLC_ALL=C.UTF-8 exec %s "%s" "$@"\n' "$before" "$program" >"$scratch/$1"
    chmod +x "$scratch/$1"
    OTHER=$scratch/$1
}

# script FILE PROGRAM
script() {
    local began=$SECONDS
    CLI_BYTES=$build/tests/cli-bytes sh "$tree/tests/run-cli.sh" "$2" "$tree" "$1" \
        >"$scratch/log" 2>&1 || { cat "$scratch/log"; return 1; }
    echo "$target: ${1##*/} passed in $((SECONDS - began)) s"
}

for target; do
    runs "$target"
    export OTHER
    script "$here/same.sh" "$build/otapack"
    case $target in
    x86_64-linux)
        ! ldd "$binaries/$target/otapack" >/dev/null 2>&1 || { echo "portable: it is not static" >&2; exit 1; }
        for test in build-overwrite edit-output closed-files output-closed inspect-stdin; do
            script "$tree/tests/cli/$test.sh" "$binaries/$target/otapack"
        done
        ;;
    x86_64-windows) script "$here/windows.sh" "$build/otapack" ;;
    esac
done
