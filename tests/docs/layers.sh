# SPDX-License-Identifier: Apache-2.0
#
# The folders of src/ are layers: each sees only those below it (the compiler sees to that, for each
# is a library of its own), no headers go in a circle, and what reads trees knows no format.
cd "$SOURCE" || exit 1
. "$SOURCE/tests/cli-lib.sh"

layers=$(sed -n 's/^set(otapack_layers \(.*\))$/\1/p' CMakeLists.txt)
[ "$(printf '%s\n' $layers | wc -l)" -ge 9 ] || fail 'CMakeLists.txt: no otapack_layers were found'

# "FILE HEADER" of each include of our own, by the folder and name of either: "base/err.c base/text.h".
grep -rHoE --include='*.[ch]' '^#include "[a-z0-9_]+\.h"' src |
    sed 's|^src/||; s|:#include "| |; s|"$||' >"$OLDPWD/includes"
cd "$OLDPWD" || exit 1
[ "$(wc -l <includes)" -gt 500 ] || fail 'hardly any includes were found'

# Headers have one place each, but for the one that each system has for src/base/sockets/, which sees
# only its own.
(cd "$SOURCE" && find src -name '*.h' ! -name system_sockets.h) | sed 's|.*/||' | sort | uniq -d >twice
[ ! -s twice ] || fail "two headers have one name: $(tr '\n' ' ' <twice)"

(cd "$SOURCE/src" && find . -name '*.h' | sed 's|^\./||') |
    awk -F/ '{ print $NF, (NF > 1 ? $1 : ".") }' >places
[ "$(wc -l <places)" -gt 90 ] || fail 'hardly any headers were found'
awk -v layers="$layers" '
    BEGIN { n = split(layers, l, " "); for (i = 1; i <= n; i++) at[l[i]] = i; at["."] = n + 1 }
    NR == FNR { place[$1] = $2; next }
    { from = index($1, "/") ? substr($1, 1, index($1, "/") - 1) : "." }
    !(from in at) { print $1 " lies in no layer" }
    !($2 in place) { next }
    at[place[$2]] > at[from] { print $1 " includes " place[$2] "/" $2 }' places includes >upward
[ ! -s upward ] || fail "against the layers: $(cat upward)"

# Headers that include each other, however many are between.
awk '$1 ~ /\.h$/ { sub(/.*\//, "", $1); print $1, $2 }' includes >headers
tsort headers >/dev/null 2>circle || fail "headers in a circle: $(sed 's/^tsort: //' circle | tr '\n' ' ')"

# What reads and judges trees works by tables, and a verb asks what a file is (formats/kinds.h):
# neither names a format. Their words are options of verbs too, so there the structs count.
names=$(sed -n 's/^ *X(\([a-z0-9_]*\)).*/\1/p' "$SOURCE/src/formats/format_list.h")
[ "$(printf '%s\n' $names | wc -l)" -ge 20 ] || fail 'format_list.h: no formats were found'
for name in $names; do
    grep -nE "\bformat_$name\b|\"$name\"" "$SOURCE"/src/tree/*.[ch] || true
done >named
[ ! -s named ] || fail "src/tree names a format: $(cat named)"
grep -nE "\\bformat_($(printf '%s\n' $names | paste -sd'|'))\\b" "$SOURCE"/src/verbs/*.[ch] >named || true
[ ! -s named ] || fail "a verb names a format: $(cat named)"

# Nobody but the list and the schemes themselves names one; compat's scripts ask for theirs.
grep -rnE --include='*.[ch]' '\bscheme_(secure_boot|esp8266)_?[a-z0-9_]*\b' "$SOURCE"/src |
    grep -vE '/src/(schemes|compat)/' >named || true
[ ! -s named ] || fail "a signature scheme is named outside src/schemes: $(cat named)"
