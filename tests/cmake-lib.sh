# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # its variables are for those who read it in; cli-lib.sh's
# For tests/cmake: projects of somebody's own in the scratch folder, that use otapack.
. "$SOURCE/tests/cli-lib.sh"

need cmake
unset CMAKE_GENERATOR CMAKE_PREFIX_PATH CMAKE_TOOLCHAIN_FILE CC CXX CFLAGS DESTDIR MAKEFLAGS MAKELEVEL

# What makes projects here.
generators=()
if command -v make >/dev/null; then generators+=('Unix Makefiles'); fi
if command -v ninja >/dev/null; then generators+=(Ninja); fi
[ ${#generators[@]} -gt 0 ] || skip 'neither make nor ninja is installed'

# project FOLDER VERSION: stdin is its CMakeLists.txt, behind the lines that each one has. It knows
# otapack_image.
project() {
    mkdir -p "$1"
    {
        printf 'cmake_minimum_required(VERSION %s)\nproject(product NONE)\n' "$2"
        printf 'include("%s/packaging/cmake/otapack.cmake")\n' "$SOURCE"
        cat
    } >"$1/CMakeLists.txt"
}

# br_files FOLDER: what a border router's image is made of, with a recipe that names it.
br_files() {
    mkdir -p "$1"
    copy_folder "$FIXTURES/br" "$1/br"
    copy_folder "$RCP" "$1/rcp"
    text_to "$1/br.yaml" <<'END'
otapack: 1
app: br/demo_br.bin
rcp: {build_dir: rcp}
partition_table: br/partition-table.bin
END
}

# The program, which notes in ran.log what it was asked to do.
text_to otapack-noted <<END
#!/bin/sh
echo "\$*" >>'$PWD/ran.log'
exec '$OTAPACK' "\$@"
END
chmod +x otapack-noted

# configure GENERATOR SOURCE BUILD ARGUMENT...
configure() {
    expect_exit 0 cmake -G "$1" -S "$2" -B "$3" -DOTAPACK_EXECUTABLE="$PWD/otapack-noted" "${@:4}"
    refuse_err 'CMake (Deprecation )?Warning'
}

# builds N BUILD: the build runs otapack so many times.
builds() {
    : >ran.log
    expect_exit 0 cmake --build "$2"
    count_lines ran.log
    [ "$count" = "$1" ] || fail "otapack ran $count times instead of $1"
}

# build_fails BUILD: with what was said in out.
build_fails() {
    last_command="cmake --build $1"
    if cmake --build "$1" >out 2>&1; then fail 'the build should fail'; fi
}

# renew FILE BEHIND: a change, later than the other file by the clock of the file system.
renew() {
    touch "$1"
    until [ "$1" -nt "$2" ]; do touch "$1"; done
}
