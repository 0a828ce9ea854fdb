#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every public header compiles alone, freestanding, without libc's headers and without a warning:
#   header.sh INCLUDE c99|c++11 COMPILER
# With gcc the functions of all of them are also kept in an object file, which must ask for no
# symbol from outside but the four that a freestanding compiler may call on its own, and have neither
# a variable nor a function that another file could have too.
set -eu
export LC_ALL=C

include=$1
standard=$2
compiler=$3
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# How it is optimised decides what is left to libgcc, which firmware/compile.sh has more to say on.
# What C++ asks for beyond C its front end puts there.
case $standard in
c99) suffix=c optimise=-Os ;;
*) suffix=cpp optimise=-O0 ;;
esac
own=$("$compiler" -print-file-name=include)
[ -d "$own" ] || own=$("$compiler" -print-resource-dir)/include
set -- "-std=$standard" -pedantic -Wall -Wextra -Wconversion -Wshadow -Wcast-qual -Wundef -Werror \
    -ffreestanding -nostdinc -isystem "$own" "-I$include"

for header in "$include"/otapack/*.h; do
    # Twice: the guard works. The variable: a translation unit may not be empty.
    name=${header##*/}
    printf '#include <otapack/%s>\n' "$name" "$name" >"$scratch/${name%.h}.$suffix"
    echo 'extern int alone;' >>"$scratch/${name%.h}.$suffix"
    printf '#include <otapack/%s>\n' "$name" >>"$scratch/all"
done
# One run of the compiler: it goes on after a file that has an error.
"$compiler" "$@" -fsyntax-only "$scratch"/*."$suffix"

if command -v nm >/dev/null && "$compiler" --version | grep -q 'Free Software Foundation'; then
    mv "$scratch/all" "$scratch/all.$suffix"
    "$compiler" "$@" "$optimise" -fkeep-inline-functions -ffunction-sections -fno-stack-protector \
        -c "$scratch/all.$suffix" -o "$scratch/kept.o"
    if nm -u "$scratch/kept.o" | grep -vwE 'memcpy|memmove|memset|memcmp'; then
        echo "the headers need the symbols above from outside; these functions do:"
        objdump -r "$scratch/kept.o" | awk '
            /^RELOCATION/ { name = $NF; gsub(/^\[\.text\.|\]:$/, "", name) }
            name ~ /^\[/ || $2 !~ /^R_/ { next }
            { sub(/[-+]0x[0-9a-f]*$/, "", $3) }
            $3 !~ /^(\.|otapack_|memcpy|memmove|memset|memcmp)/ { print name, $3 }' | sort -u
        exit 1
    fi
    # Functions that are no longer static, and variables.
    if nm "$scratch/kept.o" | grep ' [A-TX-Zbdgs] ' | grep -v ' U '; then
        echo "the symbols above would be in every file that includes the headers"
        exit 1
    fi
fi
