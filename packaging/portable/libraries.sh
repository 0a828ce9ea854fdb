#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The libraries that otapack links, as archives for another system:
#
#     libraries.sh SOURCES TARGET PREFIX [JOBS]
#
# SOURCES is what sources.sh made; TARGET one of x86_64-linux, aarch64-linux, x86_64-windows, wasm32-web.
set -euo pipefail

[[ $# -ge 3 ]] || { echo "usage: libraries.sh SOURCES TARGET PREFIX [JOBS]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
sources=$(cd "$1" && pwd)
target=$2 jobs=${4:-$(nproc)}
mkdir -p "$3"
prefix=$(cd "$3" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/otapack-libraries.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ar=ar ranlib=ranlib
case $target in
x86_64-linux) musl=$sources/musl-amd64 host=x86_64-linux-musl compiler=x86_64-linux-gnu-gcc ;;
aarch64-linux) musl=$sources/musl-arm64 host=aarch64-linux-musl compiler=aarch64-linux-gnu-gcc ;;
x86_64-windows) musl='' host=x86_64-w64-mingw32 compiler=x86_64-w64-mingw32-gcc ;;
wasm32-web)
    musl='' host=wasm32-unknown-emscripten compiler=emcc ar=emar ranlib=emranlib
    export NODE_PATH=/usr/share/nodejs # a node that is not Debian's finds acorn there, too
    ;;
*) echo "libraries.sh: no target '$target'" >&2; exit 2 ;;
esac
cc="$compiler${musl:+ -specs $musl/usr/lib/$host/musl-gcc.specs}"
# Where it was built is nowhere in it.
flags="-O2 -ffile-prefix-map=$sources=. -ffile-prefix-map=$work=."

quiet() {
    "$@" >"$work/log" 2>&1 || { tail -40 "$work/log" >&2; return 1; }
}

# with_cmake NAME TARGET OPTION...
with_cmake() {
    local name=$1 what=$2
    shift 2
    CFLAGS=$flags quiet cmake -S "$sources/$name" -B "$work/$name" -DCMAKE_BUILD_TYPE= \
        -DCMAKE_TOOLCHAIN_FILE="$here/$target.cmake" -DOTAPACK_MUSL="$musl" \
        -DOTAPACK_PREFIX="$prefix" -DBUILD_SHARED_LIBS=OFF "$@"
    quiet cmake --build "$work/$name" -j "$jobs" --target "$what"
}

# take FROM-ARCHIVE LIBRARY HEADER...
take() {
    install -D -m 644 "$1" "$prefix/lib/$2"
    shift 2
    install -D -m 644 -t "$prefix/include" "$@"
}

mbedtls() {
    with_cmake mbedtls mbedcrypto -DENABLE_TESTING=OFF -DENABLE_PROGRAMS=OFF
    install -D -m 644 -t "$prefix/lib" "$work/mbedtls/library/libmbedcrypto.a"
    mkdir -p "$prefix/include"
    cp -R "$sources/mbedtls/include/mbedtls" "$sources/mbedtls/include/psa" "$prefix/include"
}

jansson() {
    with_cmake jansson jansson -DJANSSON_BUILD_DOCS=OFF -DJANSSON_WITHOUT_TESTS=ON \
        -DJANSSON_EXAMPLES=OFF
    take "$work/jansson/lib/libjansson.a" libjansson.a \
        "$work/jansson/include/jansson.h" "$work/jansson/include/jansson_config.h"
}

libyaml() {
    with_cmake libyaml yaml -DBUILD_TESTING=OFF
    take "$work/libyaml/libyaml.a" libyaml.a "$sources/libyaml/include/yaml.h"
}

# Its own builds make shared libraries too, which not every target has. What opens files stays out.
zlib() {
    mkdir "$work/zlib"
    (
        cd "$work/zlib"
        for file in adler32 compress crc32 deflate infback inffast inflate inftrees trees uncompr \
            zutil; do
            # shellcheck disable=SC2086 # these are words
            quiet $cc $flags -c "$sources/zlib/$file.c"
        done
        quiet $ar Dcr libz.a ./*.o
    )
    take "$work/zlib/libz.a" libz.a "$sources/zlib/zlib.h" "$sources/zlib/zconf.h"
}

# With the processor's own instructions where it has them (fat).
nettle() {
    mkdir "$work/nettle"
    (
        cd "$work/nettle"
        quiet env CC="$cc" AR=$ar RANLIB=$ranlib \
            CFLAGS="$flags" CC_FOR_BUILD=gcc "$sources/nettle/configure" --host="$host" \
            --disable-shared --disable-openssl --disable-documentation --disable-public-key --enable-fat
        quiet make -j "$jobs" libnettle.a
    )
    install -D -m 644 -t "$prefix/lib" "$work/nettle/libnettle.a"
    install -D -m 644 -t "$prefix/include/nettle" "$sources"/nettle/*.h "$work/nettle/version.h"
}

# One thread is enough: what is packed is an app.
xz() {
    mkdir "$work/xz"
    (
        cd "$work/xz"
        quiet env CC="$cc" AR=$ar RANLIB=$ranlib CFLAGS="$flags" \
            "$sources/xz-utils/configure" --host="$host" --disable-shared --disable-threads \
            --disable-xz --disable-xzdec --disable-lzmadec --disable-lzmainfo --disable-lzma-links \
            --disable-scripts --disable-doc --disable-nls
        quiet make -j "$jobs" -C src/liblzma
    )
    take "$work/xz/src/liblzma/.libs/liblzma.a" liblzma.a "$sources/xz-utils/src/liblzma/api/lzma.h"
    install -D -m 644 -t "$prefix/include/lzma" "$sources"/xz-utils/src/liblzma/api/lzma/*.h
}

divsufsort() {
    with_cmake libdivsufsort divsufsort -DBUILD_EXAMPLES=OFF
    take "$(find "$work/libdivsufsort" -name libdivsufsort.a)" libdivsufsort.a \
        "$work/libdivsufsort/include/divsufsort.h"
}

for library in mbedtls jansson libyaml zlib nettle xz divsufsort; do
    "$library"
done
