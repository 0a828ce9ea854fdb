# SPDX-License-Identifier: Apache-2.0
# The tiling law: in every node of every good image, fields and parts together cover the node's span
# exactly, parts do not overlap, and nothing sticks out. (Raw bytes have no fields that would.) What is
# unpacked has a space of its own, from 0.
. "$SOURCE/tests/cli-lib.sh"
many_runs

law='
def parts_of: (.parts // {}) | .[] | if type == "array" then .[] else . end;
def span: [.offset, .offset + .size];
def spans: [(.fields | .[] | select(.offset != null) | span),
    (parts_of | select((.overlay // false) | not) | span)] | sort;
def broken:
    . as $n | spans as $s |
    (reduce ($s[] | select(.[0] < .[1])) as $x ({at: $n.offset, gaps: []};
        (if $x[0] > .at then .gaps += [[.at, $x[0]]] else . end) | .at = ([.at, $x[1]] | max))) as $cover |
    ([parts_of | select((.overlay // false) | not) | span | select(.[0] < .[1])] | sort) as $p |
    [
        (select(any($s[]; .[0] < $n.offset or .[1] > $n.offset + $n.size)) | "something sticks out"),
        (select(any(parts_of | select((.unpacked // false) | not);
            .offset < $n.offset or .offset + .size > $n.offset + $n.size)) |
            "an overlay sticks out"),
        (select(any(parts_of | select(.unpacked // false); .offset != 0 or (.overlay | not))) |
            "what is unpacked has no space of its own"),
        (select($n.format != "raw" and ($cover.gaps != [] or $cover.at != $n.offset + $n.size)) |
            "not covered: \($cover.gaps) to \($cover.at) of \($n | span)"),
        (range(1; $p | length) as $i | select($p[$i][0] < $p[$i - 1][1]) |
            "parts overlap: \($p[$i - 1]) \($p[$i])")
    ] | .[] | "\($n.format) at \($n.offset): \(.)";
.files[0] | .file + ": " + (
    (select(.root.offset != 0 or .root.size != .size) | "the root is not the file"),
    (.root | nodes | broken))'

# tiles FILE: adds its tree to those that are looked at in the end.
count=0
: >trees
tiles() {
    otapack inspect --json "$1" >>trees 2>err || :
    count=$((count + 1))
}

for file in "$FIXTURES"/*/good-*.bin "$FIXTURES"/esp_image/signed-*.bin; do tiles "$file"; done
[ "$count" -ge 15 ] || fail "only $count good fixtures"
# Damage inside a part, trailing bytes and gaps do not break the law either.
for file in "$FIXTURES"/esp_image/bad-esp-trailing*.bin "$FIXTURES"/esp_image/bad-esp-hash.bin \
    "$FIXTURES"/esp8266/bad-*-trailing*.bin "$FIXTURES"/esp8266/bad-esp8266-header*.bin \
    "$FIXTURES"/rcp_image/bad-rcp-trailing.bin "$FIXTURES"/rcp_image/bad-rcp-contiguous.bin \
    "$FIXTURES"/esp8266/bad-gzip-*.bin "$FIXTURES"/raw/*.bin; do
    if [ -f "$file" ]; then tiles "$file"; fi
done
# Real firmware, where it is.
if have_vectors; then
    for file in "$VECTORS"/*/*.bin "$VECTORS"/*/*/*.bin "$VECTORS"/*/*/*/*.bin; do tiles "$file"; done
else
    echo 'no real firmware here: only the fixtures were looked at'
fi
jq -r "$JQ$law" trees >broken
[ ! -s broken ] || fail "these break the law: $(head -20 broken)"
[ "$(jq -n '[inputs] | length' trees)" -eq "$count" ] || fail 'not a tree for each file'
