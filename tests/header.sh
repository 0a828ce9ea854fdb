#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A public header compiles alone, freestanding and without a warning:
#   header.sh INCLUDE HEADER c99|c++11 COMPILER
# With gcc its functions are also kept in an object file, which must ask for no symbol from outside
# but the four that a freestanding compiler may call on its own.
set -eu

include=$1
header=$2
standard=$3
compiler=$4
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

case $standard in
c99) source=$scratch/alone.c ;;
*) source=$scratch/alone.cpp ;;
esac
# Twice: the guard works. The variable: a translation unit may not be empty.
{
    printf '#include <%s>\n' "$header" "$header"
    echo 'extern int alone;'
    echo 'int alone;'
} >"$source"

set -- "-std=$standard" -pedantic -Wall -Wextra -Wconversion -Wshadow -Wcast-qual -Wundef -Werror \
    -ffreestanding "-I$include"
"$compiler" "$@" -c "$source" -o "$scratch/alone.o"

if command -v nm >/dev/null && "$compiler" --version | grep -q 'Free Software Foundation'; then
    "$compiler" "$@" -O2 -fkeep-inline-functions -fno-stack-protector -c "$source" \
        -o "$scratch/kept.o"
    if nm -u "$scratch/kept.o" | grep -vwE 'memcpy|memmove|memset|memcmp'; then
        echo "$header needs the symbols above from outside"
        exit 1
    fi
fi
