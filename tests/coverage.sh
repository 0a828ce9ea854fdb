#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Which lines and branches of src/ and include/otapack/ the test suite runs:
#
#     coverage.sh [--tree DIR] [--was FILE] [BUILD_DIR]
#
# The tree is the one that this script is in, BUILD_DIR a build folder of its own (usually
# DIR/build/coverage). Left in it are coverage.json (gcovr's, every line and branch), lines.txt and
# branches.txt (a line per file, with the numbers of those that were not run). --was FILE is a
# coverage.json of another run of the same sources: what it has and this one lacks is named, and
# fails.
#
# What is counted: gcov's lines and branches at -O0, where a line is not moved and a branch not
# removed, so that two runs can be compared. A branch is a way out of a condition (gcov's, so an
# operand of && and || has two). A function of a header is compiled into many programs: it is
# counted once, and run where any of them ran it. A function that nothing calls is in none, and not
# counted. What a killed process or one with a limit on the size of files did is lost.
#
# Exit status: 0; 1 where tests failed (they are named, the rest was measured), or for --was.
set -euo pipefail

usage() {
    sed -n '5s/^# *//p' "$0" >&2
    exit 2
}

tree=$(cd "$(dirname "$0")/.." && pwd) was=
while [[ ${1-} == -* ]]; do
    case $1 in
        --tree) tree=$(cd "${2:?}" && pwd) ;;
        --was) was=$(realpath -e "${2:?}") ;;
        *) usage ;;
    esac
    shift 2
done
(($# < 2)) || usage
build=${1:-$tree/build/coverage}
mkdir -p "$build"
build=$(cd "$build" && pwd)
jobs=$(nproc)

# quiet COMMAND...: its output is of interest only when it fails.
quiet() {
    "$@" >"$build/log" 2>&1 || {
        cat "$build/log"
        exit 2
    }
}

# A compiler cache would have to know of the .gcno files that are written beside the objects.
unset CMAKE_C_COMPILER_LAUNCHER
quiet env CC="${CC:-gcc}" cmake -S "$tree" -B "$build" -DCMAKE_BUILD_TYPE=Debug -DBUILD_TESTING=ON \
    -DCMAKE_C_FLAGS=--coverage
quiet cmake --build "$build" -j "$jobs"
find "$build" -name '*.gcda' -delete
# Ten times the time: counting, and writing a file per object at each exit, is slow.
sed -Ei 's/ TIMEOUT "([0-9]+)"/ TIMEOUT "\10"/' "$build/tests/CTestTestfile.cmake"

# A program that may not write its counts says so on stderr, which tests look at.
failed=0
GCOV_ERROR_FILE=/dev/null ctest --test-dir "$build" -j "$jobs" --no-tests=error \
    >"$build/tests.log" 2>&1 || failed=1
grep -E '^[0-9]+% tests passed' "$build/tests.log"
sed -n '/^The following tests FAILED/,/^Errors while/{/^The/d;/^Errors/d;s/^[\t ]*/failed: /p}' \
    "$build/tests.log"

cd "$tree"
quiet gcovr -j "$jobs" --root . --filter 'src/' --filter 'include/otapack/' \
    --exclude-throw-branches --json "$build/coverage.json" "$build"
# report FILE OPTION...
report() {
    quiet gcovr --root . --add-tracefile "$build/coverage.json" --exclude-throw-branches \
        "${@:2}" --output "$build/$1"
}
report lines.txt --txt
report branches.txt --txt --branches
report summary.json --json-summary

jq -r '
    def share(n; all): "\(n)/\(all) \(if all > 0 then 10000 * n / all | floor / 100 else 0 end)%";
    def total(name; files): (files | map(.line_covered) | add // 0) as $l
        | (files | map(.line_total) | add // 0) as $ls
        | (files | map(.branch_covered) | add // 0) as $b
        | (files | map(.branch_total) | add // 0) as $bs
        | "\(name)\tlines \(share($l; $ls))\tbranches \(share($b; $bs))";
    [.files[]] as $all
    | total("src/            "; $all | map(select(.filename | startswith("src/")))),
      total("include/otapack/"; $all | map(select(.filename | startswith("include/")))),
      total("both            "; $all)' "$build/summary.json"

# What was run, a line each: FILE:LINE, and FILE:LINE:BRANCH.
ran() {
    jq -r '.files[] | .file as $file | .lines[] | "\($file):\(.line_number)" as $at
        | (select(.count > 0) | $at),
          (.branches | to_entries[] | select(.value.count > 0) | "\($at):branch \(.key)")' "$1" |
        LC_ALL=C sort
}
if [[ -n $was ]]; then
    LC_ALL=C comm -23 <(ran "$was") <(ran "$build/coverage.json") >"$build/lost"
    sed 's/^/no longer run: /' "$build/lost"
    [[ ! -s $build/lost ]] || failed=1
fi
exit "$failed"
