#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Plants the defects of *.txt, one after the other, in a copy of the sources, and looks
# whether the test suite finds each:
#
#     run.sh [--tree DIR] [--out FILE] [--no-check] [--keep-going] [NAME...]
#     run.sh [--tree DIR] --list [NAME...]
#
# --tree DIR    whose sources and tests; else those that this script is in
# --list        only says which defects there are, and whether each can be planted
# --out FILE    appends the results, and FILE.costs has what each test takes; a defect that has its
#               line there is not planted again, so that a run can be stopped and gone on with
# --no-check    without running all tests first, with no defect in; needs FILE.costs
# --keep-going  goes on behind a defect that is not found
#
# A line per defect: NAME, FILE and `found by TEST', `found by the compiler' (a static assertion),
# `NOT FOUND' or `does not compile', with tabs between. Exit status 0: all were found; 1: not all;
# 2: the table does not fit the sources, or the tests fail without a defect.
#
# Tests run until the first one fails, in rounds of growing length: first what is cheap, and has a
# word of the file's name in its own. So most defects cost a few seconds beside the compilation.
# A test that goes on for three times as long as the longest one takes, and a minute, fails: a defect
# may make a program go on for ever, and that is found, too.
set -euo pipefail
export LC_ALL=C.UTF-8

self=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$self/../.." && pwd) out='' check=1 keep_going=0 list=0
jobs=$(nproc)

usage() {
    sed -n '6,7s/^# *//p' "$0" >&2
    exit 2
}

say() { echo "run.sh: $*" >&2; }

while [[ ${1-} == -* ]]; do
    case $1 in
        --tree) tree=$(cd "${2:?}" && pwd) && shift ;;
        --out) out=$(realpath "${2:?}") && shift ;;
        --no-check) check=0 ;;
        --keep-going) keep_going=1 ;;
        --list) list=1 ;;
        *) usage ;;
    esac
    shift
done
wanted=("$@")

# ---- The table ----------------------------------------------------------------------------------

names=()
declare -A file old new

# Reads a table: names, and of each its file, old and new text.
read_table() {
    local table=$1 line name='' number=0
    while IFS= read -r line || [[ -n $line ]]; do
        number=$((number + 1))
        case $line in
            '#'*) ;;
            '') name= ;;
            '- '*) old[$name]+=${old[$name]:+$'\n'}${line:2} ;;
            '+ '*) new[$name]+=${new[$name]:+$'\n'}${line:2} ;;
            *)
                name=${line%% *}
                if [[ -n ${file[$name]-} || $line != *' '* ]]; then
                    say "$table:$number: NAME FILE is wanted, with a name of its own"
                    exit 2
                fi
                names+=("$name") file[$name]=${line#* } old[$name]='' new[$name]=''
                ;;
        esac
    done <"$table"
}

# planted NAME FROM: the text of the file, with the defect; false where it does not fit.
planted() {
    local LC_ALL=C text before behind
    text=$(cat "$2" && echo x) || return
    text=${text%x}
    before=${text%%"${old[$1]}"*}
    behind=${text:${#before}+${#old[$1]}}
    [[ -n ${old[$1]} && $before != "$text" && ${behind%%"${old[$1]}"*} == "$behind" ]] || return
    [[ ${old[$1]} != "${new[$1]}" ]] || return
    printf '%s%s%s' "$before" "${new[$1]}" "$behind"
}

# Keeps those of the table that were asked for; all of them can be planted.
choose() {
    local name bad=0
    for name in "${wanted[@]}"; do
        [[ -n ${file[$name]-} ]] || { say "there is no defect $name"; bad=1; }
    done
    ((${#wanted[@]} == 0)) || names=("${wanted[@]}")
    for name in "${names[@]}"; do
        [[ -n ${file[$name]-} ]] || continue
        if ! planted "$name" "$tree/${file[$name]}" >/dev/null; then
            say "$name: what stands behind - must be in ${file[$name]} once, and change"
            bad=1
        elif ((list)); then
            printf '%s\t%s\n' "$name" "${file[$name]}"
        fi
    done
    ((!bad)) || exit 2
}

# ---- Building and testing -----------------------------------------------------------------------

configure() {
    git -C "$tree" ls-files -z | tar -C "$tree" --null -T - -cf - | tar -C "$source" -xf -
    if command -v ccache >/dev/null; then
        export CMAKE_C_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$source CCACHE_NOHASHDIR=1
    fi
    # Where little has changed, make takes longer to see that than everything else does.
    command -v ninja >/dev/null && export CMAKE_GENERATOR=Ninja
    cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=ON
}

build() { cmake --build "$build" -j "$jobs"; }

# What a test costs, in seconds: ctest notes it.
costs() {
    awk 'NF == 3 { print $1, $3 } /^---/ { exit }' "$build/Testing/Temporary/CTestCostData.txt"
}

# All tests, without a defect.
run_all() {
    build >"$scratch/log" 2>&1 || { tail -30 "$scratch/log" >&2; exit 2; }
    if ((check)); then
        ctest --test-dir "$build" -j "$jobs" --no-tests=error >"$scratch/log" 2>&1 || {
            failures >&2
            say "the tests fail without a defect"
            exit 2
        }
        costs >"$scratch/costs"
        [[ -z $out ]] || cp "$scratch/costs" "$out.costs"
    else
        cp "${out:?--no-check wants --out}.costs" "$scratch/costs"
    fi
}

# From now on no test takes longer than this, see tests/CMakeLists.txt.
limit_tests() {
    local limit
    limit=$(awk '$2 > most { most = $2 } END { print int(60 + 3 * most) }' "$scratch/costs")
    cmake -DOTAPACK_TEST_LIMIT="$limit" "$build" >"$scratch/log" 2>&1 ||
        { tail -30 "$scratch/log" >&2; exit 2; }
}

# The tests that the last run says failed, or passed their limit.
failures() {
    sed -n '/^The following tests FAILED/,/^Errors while/s/^[\t ]*[0-9]* - \(.*\) (.*/\1/p' \
        "$scratch/log"
}

# rounds FILE: regular expressions, a line each, that name all tests. A test comes the earlier, the
# less it costs, the more words it shares with the name of the file, and if by its name it starts no
# programs; late, if by its name it is about the headers alone, and the file is none.
rounds() {
    awk -v file="${1##*/}" '
        BEGIN {
            n = split(file, words, /[^a-z0-9]+/)
            for (i = 1; i < n; i++) have[words[i]] # all but the suffix
        }
        {
            shared = 0
            m = split($1, parts, /[^a-z0-9]+/)
            split("", counted)
            for (i = 1; i <= m; i++) {
                if (parts[i] in have && !(parts[i] in counted)) shared++
                counted[parts[i]]
            }
            sooner = $1 ~ /^(unit|fuzz)/ ? 2 : 1
            if ($1 ~ /^(header|firmware|fixtures)/ && file !~ /\.h$/) sooner = 0.01
            printf "%.4f %s %s\n", ($2 + 0.03) / (1 + 4 * shared) / sooner, $1, $2
        }' "$scratch/costs" | sort -n | awk '
        {
            name = $2
            gsub(/[.+]/, "[&]", name)
            line = line (line == "" ? "" : "|") name
            sum += $3
            if (sum > most) { print "^(" line ")$"; line = ""; sum = 0; most = most * 2 + 4 }
        }
        BEGIN { most = 4 }
        END { if (line != "") print "^(" line ")$" }'
}

# ctest, until a test fails, which is run a second time by itself: on a machine that is busy, one
# can fail for want of time, but not for want of as much as the limit is. False if it fails again; its
# name is then in $scratch/found.
passes() {
    local tries
    for ((tries = 0; tries < 3; tries++)); do
        ! run_tests "$@" || return 0
        failures >"$scratch/found"
        ! grep -q '^[\t ]*[0-9]* - .* (Timeout)' "$scratch/log" || return 1
        run_tests -R "^($(pattern "$scratch/found"))\$" || { failures >"$scratch/found"; return 1; }
    done
    run_tests "$@" || { failures >"$scratch/found"; return 1; }
}

run_tests() {
    ctest --test-dir "$build" -j "$jobs" --stop-on-failure "$@" </dev/null >"$scratch/log" 2>&1
}

# pattern FILE: the names that begin its lines, as alternatives. Names are those of files.
pattern() { cut -d' ' -f1 "$1" | sed 's/[.+]/[&]/g' | paste -sd'|' -; }

# Runs the tests until one fails, and says which. A test that the costs do not know runs at the end.
hunt() {
    local round
    while IFS= read -r round; do
        passes -R "$round" || { paste -sd, "$scratch/found"; return; }
    done < <(rounds "$1")
    passes -E "^($(pattern "$scratch/costs"))\$" || paste -sd, "$scratch/found"
}

# judge NAME: what became of the defect.
judge() {
    local path=$source/${file[$1]} found
    cp "$path" "$scratch/was" # the tree may have changed meanwhile
    planted "$1" "$scratch/was" >"$path"
    if build >"$scratch/log" 2>&1; then
        found=$(hunt "${file[$1]}")
        [[ -z $found ]] && echo 'NOT FOUND' || echo "found by $found"
    elif grep -qi 'static assertion' "$scratch/log"; then
        echo 'found by the compiler'
    else
        echo 'does not compile'
    fi
    cat "$scratch/was" >"$path" # with a time of its own, so that it is compiled again
}

for table in "$self"/*.txt; do
    read_table "$table"
done
choose
((!list)) || exit 0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-defects.XXXXXX")
trap 'rm -rf --one-file-system "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
source=$scratch/source build=$scratch/source/build/release
mkdir "$source"
configure >"$scratch/log" 2>&1 || { tail -30 "$scratch/log" >&2; exit 2; }
run_all
limit_tests
status=0
for name in "${names[@]}"; do
    if [[ -n $out && -f $out ]] && grep -q "^$name	" "$out"; then
        grep -q "^$name	.*	found by" "$out" || status=1
        continue
    fi
    result=$(judge "$name")
    line=$name$'\t'${file[$name]}$'\t'$result
    echo "$line"
    [[ -z $out ]] || echo "$line" >>"$out"
    if [[ $result != 'found by'* ]]; then
        status=1
        ((keep_going)) || exit 1
    fi
done
exit "$status"
