#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# "Adding things" of CONTRIBUTING.md is true: what is in this folder, a toy format, a toy signature
# scheme, a toy layer of recipes, a toy verb and a toy target of publish, is added to a copy of the
# sources by doing what stands there and nothing else. The copy is built, and the toys are played with.
#
#     run.sh [JOBS]
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
jobs=${1:-$(nproc)}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-adding.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "adding: $1" >&2
    exit 1
}

# ---- What CONTRIBUTING.md says ------------------------------------------------------------------

# shellcheck disable=SC2016 # the quotes are those of the text
sed -n '/^## Adding things$/,/^## /p' "$tree/CONTRIBUTING.md" | tr '\n' ' ' | grep -oE '`[^`]+`' |
    tr -d '`' >"$scratch/words"
grep -E '^(src|include)/' "$scratch/words" | grep -v '[*]' | sort -u >"$scratch/paths"

# What is new is said with STEM, NAME or VERB; the others are there, and some of them are lists.
grep -E '(STEM|NAME|VERB)' "$scratch/paths" | sed -E 's/STEM|NAME|VERB/toy/' | sort -u >"$scratch/said"
(cd "$here" && find src include -type f) | sort >"$scratch/toys"
diff "$scratch/said" "$scratch/toys" || fail 'CONTRIBUTING.md names other files (<) than the toys have (>)'
grep -vE '(STEM|NAME|VERB)' "$scratch/paths" >"$scratch/there"
while read -r path; do
    [[ -e $tree/$path ]] || fail "CONTRIBUTING.md names $path, which is not there"
done <"$scratch/there"
for path in $(cd "$tree" && grep -rlE '^#define [A-Z]+_LIST\(X\)' src); do
    grep -qxF "$path" "$scratch/there" || fail "CONTRIBUTING.md does not name the list in $path"
    echo "$path" >>"$scratch/lists"
done
[[ $(wc -l <"$scratch/lists") -eq 6 ]] || fail 'there are not six lists'

# ---- The copy -----------------------------------------------------------------------------------

copy=$scratch/copy
mkdir "$copy"
(cd "$tree" && cp -R CMakeLists.txt CMakePresets.json include src packaging man "$copy")
cp -R "$here/src" "$here/include" "$copy"
# A word in a list: before the last one.
while read -r path; do
    awk '/^ +X\([a-z0-9_]+\)( +\/\*.*\*\/)?$/ && !done { print "    X(toy) \\"; done = 1 } { print }' "$tree/$path" \
        >"$copy/$path"
    grep -q 'X(toy)' "$copy/$path" || fail "$path: no end of the list was found"
done <"$scratch/lists"
# In the place and with the options of build/release: ccache has what the toys do not change.
export CCACHE_BASEDIR=$copy CCACHE_NOHASHDIR=1
(cd "$copy" && cmake --preset release -DBUILD_TESTING=OFF -DOTAPACK_WERROR=ON &&
    cmake --build --preset release -j "$jobs" --target otapack) >"$scratch/log" 2>&1 ||
    { grep -E 'error|Error' "$scratch/log" >&2; fail 'the toys do not build'; }
otapack=$copy/build/release/otapack

# ---- Playing ------------------------------------------------------------------------------------

cd "$scratch"
key=$tree/fixtures/keys/ecdsa-p256-a.pem

# says STATUS PATTERN COMMAND...: its exit status, and a line that it prints.
says() {
    local status=0
    "$otapack" "${@:3}" >out 2>&1 || status=$?
    [[ $status -eq $1 ]] || { cat out; fail "exit status $status: otapack ${*:3}"; }
    grep -qE -- "$2" out || { cat out; fail "no '$2' from otapack ${*:3}"; }
}

printf 'TOY\005hello' >hello.toy
printf 'TOY\005hell' >cut.toy
says 0 'a toy of 5 bytes' inspect hello.toy
says 0 '^5$' inspect hello.toy --get count
says 0 '"format": "toy"' inspect --json hello.toy
says 0 'toy, ok, 2 checks passed' verify hello.toy
says 1 'counts 5 bytes, and has 4; count again \[toy-count\]' verify cut.toy
says 0 '^ +who: the toy shop' help toy-count
says 0 '^toy-count ' help 'E (9) shop: toy counts 5 bytes, and has 4'
says 0 '^toy +toy$' help formats
printf 'TOY\006hello!' >more.toy
says 1 'there is more to count' diff hello.toy more.toy
grep -q '{"const": "toy"}' "$copy/build/release/otapack-inspect.schema.json" || fail 'the schema knows no toy'

says 1 'is not signed; sign it' verify hello.toy --require-signed
says 0 '' sign hello.toy --key "$key" -o sealed.toy
says 0 'toy, ok' verify sealed.toy --require-signed
printf 'TOY\005hullo' | cat - <(tail -c 1 sealed.toy) >broken.toy
says 1 'the seal is broken' verify broken.toy --require-signed
says 2 '--scheme x is not known; write .*toy' sign hello.toy --scheme x --key "$key"

printf 'otapack: 1\noutput: made.toy\nimage: hello.toy\ntoy:\n  last: "!"\n' >toy.yaml
says 0 'a toy of 10 bytes' build toy.yaml
printf 'TOY\012TOY\005hello!' | cmp - made.toy
says 2 "there is no key 'lost' here; did you mean 'last'" build toy.yaml --set toy.lost=x
says 0 '"name": "last"' help --json

says 0 '^hello.toy plays!$' toy hello.toy --loud
says 2 'toy has no option --lout; did you mean --loud' toy hello.toy --lout
says 0 '^  toy +play$' help

says 0 '^  toy +the list of the toy shop$' publish --help
says 0 '^  "hello.toy"$' publish hello.toy --to toy
says 1 'not published' publish cut.toy --to toy
says 0 '^toy: hello.toy, wound up$' compat path/to/toy.py --wind-up hello.toy
says 0 '^  toy +the toy shop' compat --help
echo 'a toy format, scheme, layer, verb, target and script were added as CONTRIBUTING.md says'
