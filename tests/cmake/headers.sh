# SPDX-License-Identifier: Apache-2.0
# The headers without the program: nothing is asked for, be it compiler or library; not asked for the
# program either when the build is for another machine, whose firmware then finds them.
. "$SOURCE/tests/cmake-lib.sh"

# alone BUILD ARGUMENT...: configures otapack in a place where there is no compiler, and installs it.
mkdir bin
for program in cmake make ninja; do
    if path=$(command -v "$program"); then ln -s "$path" bin; fi
done
alone() {
    expect_exit 0 env PATH="$PWD/bin" cmake -G "${generators[0]}" -S "$SOURCE" -B "$@" \
        -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF -DCMAKE_INSTALL_PREFIX="$PWD/put $1"
    no_err
    if grep -q '_COMPILER:\|_LIBRARY:\|_HAS\|BUILD_TESTING\|CMAKE_BUILD_TYPE:STRING=.' "$1/CMakeCache.txt"; then
        fail "$1: what was asked for the headers: $(grep '_COMPILER:\|_LIBRARY:\|_HAS\|BUILD_TESTING\|BUILD_TYPE' "$1/CMakeCache.txt")"
    fi
    expect_exit 0 cmake --build "$1"
    expect_exit 0 cmake --install "$1"
    folder_is "put $1" include share
    for header in "$SOURCE"/include/otapack/*.h; do
        same "$header" "put $1/include/otapack/${header##*/}"
    done
}

alone here -DOTAPACK_PROGRAM=OFF
text_to bare.cmake <<<'set(CMAKE_SYSTEM_NAME Generic)'
alone elsewhere -DCMAKE_TOOLCHAIN_FILE="$PWD/bare.cmake"

# Firmware for each chip whose compiler is installed: takes otapack in, or finds the package.
text_to firmware.c <<'END'
#include <otapack/stream.h>
void start(struct otapack_stream *stream, struct otapack_stream_hooks *hooks);
void start(struct otapack_stream *stream, struct otapack_stream_hooks *hooks)
{
    otapack_stream_start(stream, hooks);
}
END
text_to CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.16)
project(firmware C)
if(PACKAGE)
    find_package(otapack 0.1 REQUIRED COMPONENTS headers)
else()
    add_subdirectory("${OTAPACK}" otapack)
endif()
add_library(firmware STATIC firmware.c)
target_compile_options(firmware PRIVATE -ffreestanding)
target_link_libraries(firmware PRIVATE otapack::headers)
END
compilers=0 package=OFF
for compiler in riscv64-unknown-elf-gcc xtensa-lx106-elf-gcc arm-none-eabi-gcc; do
    command -v "$compiler" >/dev/null || continue
    compilers=$((compilers + 1))
    text_to chip.cmake <<END
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_C_COMPILER $compiler)
set(CMAKE_C_COMPILER_WORKS TRUE)
END
    expect_exit 0 cmake -G "${generators[0]}" -S . -B "$compiler" -DOTAPACK="$SOURCE" \
        -DCMAKE_TOOLCHAIN_FILE=chip.cmake -DPACKAGE="$package" -DCMAKE_PREFIX_PATH="$PWD/put elsewhere"
    expect_exit 0 cmake --build "$compiler"
    package=ON
done
[ "$compilers" -gt 0 ] || skip "no compiler of a chip is installed"
