# SPDX-License-Identifier: Apache-2.0
# The package is found, and right, wherever otapack is installed: by find_package and by pkg-config,
# from the build tree, with the prefix given when it is installed, with DESTDIR, moved, and with
# folders of its own for each thing.
. "$SOURCE/tests/cmake-lib.sh"

built=${OTAPACK%/*}
[ -f "$built/otapack-config.cmake" ] || skip "$built is no build tree"
unset PKG_CONFIG_PATH PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
br_files .
text_to CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.16)
project(product NONE)
find_package(otapack 0.1 REQUIRED COMPONENTS headers ${PARTS})
get_target_property(headers otapack::headers INTERFACE_INCLUDE_DIRECTORIES)
if(PARTS)
    get_target_property(program otapack::otapack IMPORTED_LOCATION)
    otapack_image(ota RECIPE br.yaml)
endif()
file(WRITE ${CMAKE_BINARY_DIR}/found "${headers}\n${program}\n")
END

# found PREFIX HEADERS PROGRAM: by a project that looks there. PROGRAM may be "".
found() {
    expect_exit 0 cmake -G "${generators[0]}" -S . -B "seen from $1" -DCMAKE_PREFIX_PATH="$1" \
        -DPARTS="${3:+program}"
    no_err
    same "$(realpath "$2")/otapack/stream.h" "$SOURCE/include/otapack/stream.h"
    mapfile -t lines <"seen from $1/found"
    [ "$(realpath "${lines[0]}")" = "$(realpath "$2")" ] || fail "the headers are in ${lines[0]}, not $2"
    [ -z "$3" ] || [ "$(realpath "${lines[1]}")" = "$3" ] || fail "the program is ${lines[1]}, not $3"
}

# flags_are FOLDER HEADERS: what pkg-config says by the file in that folder. Without it, nothing.
flags_are() {
    command -v pkg-config >/dev/null || return 0
    expect_exit 0 env PKG_CONFIG_LIBDIR="$1" pkg-config --modversion otapack
    out_is "$(sed -n 's/^project(otapack VERSION \([0-9.]*\).*/\1/p' "$SOURCE/CMakeLists.txt")"
    expect_exit 0 env PKG_CONFIG_LIBDIR="$1" pkg-config --cflags otapack
    read -r flags <out || :
    folder=${flags#-I}
    if [ -z "$2" ]; then
        [ -z "$flags" ] || fail "pkg-config should say nothing instead of $flags"
    else
        [ "$(realpath "$folder")" = "$(realpath "$2")" ] || fail "the headers are in $2, not $folder"
    fi
}

# From the build tree.
found "$built" "$SOURCE/include" "$OTAPACK"
builds_image() {
    expect_exit 0 cmake --build "$1"
    expect_err '^otapack: .*ota\.bin: Thread border router OTA image'
}
builds_image "seen from $built"
flags_are "$built" "$SOURCE/include"

# With a prefix that only the installation knows; then moved.
expect_exit 0 cmake --install "$built" --prefix "$PWD/one"
found "$PWD/one" one/include "$PWD/one/bin/otapack"
flags_are one/share/pkgconfig one/include
mv one two
found "$PWD/two" two/include "$PWD/two/bin/otapack"
builds_image "seen from $PWD/two"
flags_are two/share/pkgconfig two/include

# As a distribution does it: two packages, of which one has the headers.
expect_exit 0 env DESTDIR="$PWD/staged" cmake --install "$built" --prefix /usr
flags_are staged/usr/share/pkgconfig ''
rm staged/usr/bin/otapack
# Another folder stands for /usr/include, which is not for another machine's compiler.
sed -i "s|\"/usr/include\"|\"$PWD/staged/usr/include\"|" staged/usr/share/cmake/otapack/otapack-config.cmake
found "$PWD/staged/usr" staged/usr/include ''
expect_exit 1 cmake -S . -B none -DCMAKE_PREFIX_PATH="$PWD/staged/usr" -DPARTS=program
expect_err '  The program is not there: .*staged/usr/bin/otapack\.'

text_to bare.cmake <<<'set(CMAKE_SYSTEM_NAME Generic)'
expect_exit 1 cmake -S . -B bare -DCMAKE_TOOLCHAIN_FILE=bare.cmake -DCMAKE_PREFIX_PATH="$PWD/staged/usr"
expect_err '  The headers are in /usr/include, '

# Another version may do other things: before 1.0 one with another second number.
mkdir earlier
sed 's/otapack 0\.1/otapack 0.0/' CMakeLists.txt >earlier/CMakeLists.txt
expect_exit 1 cmake -S earlier -B earlier/build -DCMAKE_PREFIX_PATH="$PWD/two"
expect_err '  compatible with requested version "0\.0"'

# Each thing in a folder of its own, by its whole path.
apart() {
    expect_exit 0 cmake -G "${generators[0]}" -S "$SOURCE" -B build -DOTAPACK_PROGRAM=OFF "$@"
    expect_exit 0 cmake --install build
}
apart -DCMAKE_INSTALL_PREFIX="$PWD/unused" -DCMAKE_INSTALL_BINDIR="$PWD/bin/bin" \
    -DCMAKE_INSTALL_INCLUDEDIR="$PWD/dev/include" -DCMAKE_INSTALL_LIBDIR="$PWD/lib" \
    -DCMAKE_INSTALL_DATADIR="$PWD/data/share" -DCMAKE_INSTALL_MANDIR="$PWD/doc/man"
no_file unused
mkdir -p bin/bin
cp "$OTAPACK" bin/bin
found "$PWD/data" dev/include "$PWD/bin/bin/otapack"
builds_image "seen from $PWD/data"
flags_are data/share/pkgconfig dev/include

# Only some of them so: another prefix would not be known.
apart -DCMAKE_INSTALL_PREFIX="$PWD/mixed" -DCMAKE_INSTALL_INCLUDEDIR=include \
    -DCMAKE_INSTALL_DATADIR="$PWD/other/share"
found "$PWD/other" mixed/include "$PWD/bin/bin/otapack"
flags_are other/share/pkgconfig mixed/include
expect_exit 1 cmake --install build --prefix "$PWD/elsewhere"
expect_err 'CMAKE_INSTALL_DATADIR='
command -v pkg-config >/dev/null || skip 'pkg-config is not installed: what it says is not tested'
