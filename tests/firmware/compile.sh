# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# All public headers together compile for the chips' processors and for a big-endian one,
# freestanding, without a warning, as C99 and as C++11; and all that their functions ask of the
# linker is memcpy, memset, memcmp and memmove: no division, no shift of 64 bits. That each header
# stands alone does not depend on what it is compiled for: tests/header.sh.
. "$SOURCE/tests/firmware/targets"

wrong=0
table_of_functions functions.c
cp functions.c functions.cpp
function_names >names
[ "$(wc -l <names)" -gt 100 ] || { echo 'functions were not found' && exit 1; }

complain() {
    echo "$target: $1"
    wrong=$((wrong + 1))
}

# check COMPILER ARGUMENT...: must not have anything to say.
check() {
    compile "$@" -pedantic -Wall -Wextra -Wconversion -Werror >said 2>&1 || {
        head -n 20 said
        complain "not compiled: $*"
    }
}

# check_functions FILE COMPILER OPTION...: what they ask the linker for.
check_functions() {
    file=$1
    shift
    rm -f functions.o
    check "$@" -c -o functions.o "$file"
    [ -f functions.o ] || return 0
    asked=$(asks_for functions.o)
    [ -z "$asked" ] || complain "functions ask, with $*, for:$asked"
}

# What is wrong with the language, and with the sizes of types, the front end says. How a function is
# optimised decides what is left to libgcc: most with -Os, and where the processor can do least. What
# any of these asks for with -O0, -Os or -O2 (tried with 46 functions: divisions, products, shifts,
# comparisons, bits that are counted, loops that a compiler knows) a Cortex-M0+ asks for with -Os;
# but clang makes a division of a loop of its own accord. LX106 is a chip's own set of instructions;
# RV32IMC's is in size.sh, this machine's in tests/header.sh. What C++ asks for beyond C its front end
# puts there: once with clang, once in tests/header.sh.
optimised=
check_target() {
    case $target in
    LX106 | Cortex-M0+ | clang-32) optimised=1 ;;
    esac
    case $target-$optimised in
    LX106-1 | Cortex-M0+-1 | clang-32-1 | *-) check_functions functions.c "$cc" -std=c99 -Os ;;
    *) check "$cc" -std=c99 -fsyntax-only functions.c ;;
    esac
    if ! command -v "$cxx" >/dev/null; then
        echo "skipped: $target as C++11: $cxx is not installed"
    elif [ "$target" = clang-32 ]; then
        check_functions functions.cpp "$cxx" -std=c++11 -O0
    else
        check "$cxx" -std=c++11 -fsyntax-only functions.cpp
    fi
}

for_targets check_target Cortex-M0+ LX106 RV32IMC PowerPC gcc-32 clang clang-32
echo "$(wc -l <names) functions, $there targets, $wrong wrong"
[ "$wrong" -eq 0 ]
