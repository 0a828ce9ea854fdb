# SPDX-License-Identifier: Apache-2.0
# Every good fixture with bytes missing or changed, through `inspect --json`: see sweep.c, which this
# compiles. SWEEP_RUNS bounds the number of runs; a program built with sanitizers gets fewer.
. "$SOURCE/tests/cli-lib.sh"
many_runs

compiler=${CC:-}
if [ -z "$compiler" ]; then
    for compiler in cc gcc clang none; do
        if command -v "$compiler" >/dev/null 2>&1; then break; fi
    done
fi
command -v "${compiler%% *}" >/dev/null 2>&1 || skip 'no C compiler'
# shellcheck disable=SC2086 # CC may hold options
$compiler -std=c11 -O2 -D_POSIX_C_SOURCE=200809L -o sweep "$SOURCE/tests/sweep/sweep.c"

runs=6000
if sanitized; then runs=2000; fi
jobs=$(nproc 2>/dev/null || echo 2)
[ "$jobs" -le 16 ] || jobs=16
./sweep -j "$jobs" -n "${SWEEP_RUNS:-$runs}" "$FIXTURES"/*/good-*.bin
