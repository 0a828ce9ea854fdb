# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Every public header, and all of them together, compile for the chips' processors and for a
# big-endian one, freestanding, without a warning, as C99 and as C++11; and all that their functions
# ask of the linker is memcpy, memset, memcmp and memmove: no division, no shift of 64 bits.
. "$SOURCE/tests/firmware/targets"

wrong=0 alone=' '
for header in "$SOURCE"/include/otapack/*.h; do
    # Twice: the guard works. The variable: a translation unit may not be empty.
    name=$(basename "$header")
    printf '#include <otapack/%s>\n' "$name" "$name" >"alone-${name%.h}.c"
    echo 'extern int alone;' >>"alone-${name%.h}.c"
done
table_of_functions functions.c
for file in *.c; do
    cp "$file" "${file}pp"
done
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

# check_functions FILE COMPILER OPTION...: how they are optimised decides what is left to libgcc.
check_functions() {
    file=$1
    shift
    rm -f functions.o
    check "$@" -c -o functions.o "$file"
    [ -f functions.o ] || return 0
    "${prefix}nm" -u functions.o | awk -v own="$own" '
        $2 !~ /^(memcpy|memset|memcmp|memmove)$/ && $2 !~ own { print $2 }' >asked
    [ ! -s asked ] || complain "functions ask, with $*, for: $(tr '\n' ' ' <asked)"
}

# That each header stands alone depends on the compiler only, not on what it compiles for.
check_alone() {
    case $alone in
    *" $1 "*) ;;
    *)
        alone="$alone$1 "
        check "$@" -fsyntax-only
        ;;
    esac
}

check_target() {
    check_alone "$cc" -std=c99 alone-*.c
    check_functions functions.c "$cc" -std=c99 -Os
    case $target in
    RV32IMC | LX106 | Cortex-M0+) check_functions functions.c "$cc" -std=c99 -O2 ;;
    esac
    if command -v "$cxx" >/dev/null; then
        check_alone "$cxx" -std=c++11 alone-*.cpp
        check_functions functions.cpp "$cxx" -std=c++11 -fno-exceptions -O0
    else
        echo "skipped: $target as C++11: $cxx is not installed"
    fi
}

for_targets check_target RV32IMC RV32IMAC LX106 Cortex-M0+ PowerPC gcc gcc-32 clang clang-32
echo "$(wc -l <names) functions, $there targets, $wrong wrong"
[ "$wrong" -eq 0 ]
