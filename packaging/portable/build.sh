#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# otapack as one file that runs anywhere:
#
#     build.sh FOLDER [TARGET...]
#
# FOLDER/TARGET/otapack, or otapack.exe, for each TARGET of x86_64-linux, aarch64-linux and
# x86_64-windows; else for these three. wasm32-web makes otapack.js and otapack.wasm, which
# packaging/web/build.sh puts in a page. They hold all they need, libc too, and come from this tree,
# Debian 12's sources of the libraries (sources.sh) and its compilers: the same bytes in any folder.
# packaging/install-deps.sh --portable installs what this wants, and --web what wasm32-web does. With
# OTAPACK_CACHE=FOLDER the libraries are kept there.
set -euo pipefail
export LC_ALL=C.UTF-8

(($#)) || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
mkdir -p "$1"
to=$(cd "$1" && pwd)
shift
(($#)) || set -- x86_64-linux aarch64-linux x86_64-windows
jobs=$(nproc)
work=$(mktemp -d "${TMPDIR:-/tmp}/otapack-portable.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

quiet() {
    "$@" >"$work/log" 2>&1 || { tail -40 "$work/log" >&2; return 1; }
}

# choose TARGET: what is said of it here.
choose() {
    case $1 in
    x86_64-linux) prefix=x86_64-linux-gnu- musl=$work/sources/musl-amd64 program=otapack ;;
    aarch64-linux) prefix=aarch64-linux-gnu- musl=$work/sources/musl-arm64 program=otapack ;;
    x86_64-windows) prefix=x86_64-w64-mingw32- musl='' program=otapack.exe ;;
    wasm32-web)
        prefix='' musl='' program=otapack.js
        export NODE_PATH=/usr/share/nodejs # a node that is not Debian's finds acorn there, too
        ;;
    *) echo "build.sh: no target '$1'" >&2; exit 2 ;;
    esac
    compiler=${prefix}gcc
    [[ -n $prefix ]] || compiler=emcc
}

# Where the target's libraries are, which are built unless they are kept by all that they come from.
libraries() {
    local key kept=$work/libraries/$1
    if [[ -n ${OTAPACK_CACHE-} ]]; then
        key=$({ cat "$work/sources/versions" "$here/libraries.sh" "$here"/*.cmake &&
            "$compiler" --version; } | sha256sum | cut -c1-16)
        kept=$OTAPACK_CACHE/portable/$1-$key
    fi
    if [[ ! -d $kept ]]; then
        [[ -d $work/sources/zlib ]] || "$here/sources.sh" "$work/sources"
        "$here/libraries.sh" "$work/sources" "$1" "$kept.$$" "$jobs"
        mv -T "$kept.$$" "$kept"
    fi
    libraries=$kept
}

program() {
    CFLAGS="-ffile-prefix-map=$tree=. -ffile-prefix-map=$work=." \
        quiet cmake -S "$tree" -B "$work/$1" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DOTAPACK_PROGRAM=ON \
        -DOTAPACK_P11KIT=OFF -DOTAPACK_MICROHTTPD=OFF -DOTAPACK_LZMA=ON -DOTAPACK_DIVSUFSORT=ON \
        -DOTAPACK_WERROR="${OTAPACK_WERROR:-OFF}" \
        -DCMAKE_TOOLCHAIN_FILE="$here/$1.cmake" -DOTAPACK_MUSL="$musl" \
        -DOTAPACK_PREFIX="$libraries"
    quiet cmake --build "$work/$1" -j "$jobs" --target otapack
    mkdir -p "$to/$1"
    if [[ -n $prefix ]]; then
        "${prefix}strip" -o "$to/$1/$program" "$work/$1/$program"
    else # in two files, without symbols
        cp "$work/$1/otapack.js" "$work/$1/otapack.wasm" "$to/$1"
    fi
}

"$here/sources.sh" "$work/sources" musl
for target; do
    choose "$target"
    libraries "$target"
    program "$target"
done
