# SPDX-License-Identifier: Apache-2.0
# The tables of include/otapack/*.SPEC.md agree with what inspect --json says of a fixture: every row
# with numbers has a field there with this name, offset and width, and every field that is stored in the
# file has a row. `<!-- inspect FIXTURE [PATH] -->` above a table names the node. Every header of a
# format has a SPEC, and says nothing else where it says a size.
. "$SOURCE/tests/cli-lib.sh"

need jq
cd "$SOURCE/include/otapack"
ls ./*.h | sed 's/\.h$//' | grep -vE '^\./(base|bundle_seal|littlefs_file|otapack|matter_walk|stream.*)$' >"$OLDPWD/headers"
ls ./*.SPEC.md | sed 's/\.SPEC\.md$//' >"$OLDPWD/specs"
cd "$OLDPWD"
diff headers specs || fail 'headers (<) and SPECs (>)'

# table SPEC: "FIXTURE PATH OFFSET WIDTH NAME" for each row under an inspect line.
awk '
    FNR == 1 || /^$/ { node = "" }
    /^<!-- inspect .* -->$/ { node = $3 " " ($4 == "-->" ? "." : $4); tables++; next }
    node != "" && /^\|/ && !/^\| Offset / && !/^\|---/ {
        n = split($0, cell, / *\| */)
        print node "|" cell[2] "|" cell[3] "|" cell[4]
    }
    END { if (tables < 9) { print "too few tables" > "/dev/stderr"; exit 1 } }' \
    "$SOURCE"/include/otapack/*.SPEC.md >rows

cut -d'|' -f1 rows | sort -u | while IFS= read -r node; do lacks "$node" || echo "$node"; done >nodes
while read -r fixture path; do
    where=()
    [ "$path" = . ] || where=(--get "$path")
    "$OTAPACK" inspect --json "$FIXTURES/$fixture" "${where[@]}" || [ $? -eq 1 ]
done <nodes >nodes.json
# "N NAME OFFSET WIDTH" for each field of node N that is in the file.
jq -rs 'to_entries[] | (.key + 1) as $n | .value | if has("files") then .files[0].root else . end |
    .offset as $base | .fields | to_entries[] | select(.value | has("offset")) |
    "\($n) \(.key) \(.value.offset - $base) \(.value.size)"' nodes.json >fields
awk -F '|' '
    FILENAME == "nodes" { where[FNR] = $0; node[$0] = FNR; next }
    FILENAME == "fields" { split($0, f, " "); at[f[1], f[2]] = f[3]; width[f[1], f[2]] = f[4]; next }
    {
        if (!($1 in node)) next # otapack cannot read it
        n = node[$1]
        if ($4 != "" && !((n, $4) in at)) print $1 ": inspect has no field " $4
        else if ($2 ~ /^[0-9]+$/ && $4 != "" && at[n, $4] != $2) print $1 ": " $4 " is at " at[n, $4] ", not at " $2
        else if ($3 ~ /^[0-9]+$/ && $4 != "" && width[n, $4] != $3) print $1 ": " $4 " has " width[n, $4] " bytes, not " $3
        has[n, $4] = row_at[n, $2] = 1
    }
    END {
        for (field in at) {
            split(field, part, SUBSEP)
            if (!(field in has) && !((part[1], at[field]) in row_at)) print where[part[1]] ": no row for " part[2]
        }
    }' nodes fields rows >differences
# The tail of an image is told in a second table over the same node, so a node has all its tables.
cat differences
[ ! -s differences ]
