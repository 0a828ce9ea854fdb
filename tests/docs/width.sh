# SPDX-License-Identifier: Apache-2.0
# The manual pages have at most 80 columns: in a terminal that has as many, and in their sources, where what roff
# escapes counts as the one character that it prints. Their heads say which page this is, and of what.
. "$SOURCE/tests/cli-lib.sh"

need mandoc
export LC_ALL=C.UTF-8
wide=0

# at_most_80 NAME: lines on stdin.
at_most_80() {
    local line lines
    mapfile -t lines
    [ ${#lines[@]} -gt 20 ] || fail "$1: there is nothing to measure"
    for line in "${lines[@]}"; do
        if [ ${#line} -gt 80 ]; then
            echo "$1: ${#line} columns: $line"
            wide=$((wide + 1))
        fi
    done
}

for page in "$SOURCE"/man/*.[1-9]; do
    name=${page##*/}
    sed 's/\\(..\|\\[e&-]/x/g' "$page" >source
    at_most_80 "man/$name" <source
    mandoc -Tutf8 -O width=80 "$page" | sed $'s/.\b//g' >shown
    at_most_80 "$name in a terminal" <shown
    read -r head _ <shown
    title=${name%.*}
    [ "$head" = "${title^^}(${name##*.})" ] || fail "man/$name: its head says $head"
    has_line '^\.Os otapack$' "$page" || fail "man/$name does not say that it is otapack's"
done
[ "$wide" -eq 0 ]
