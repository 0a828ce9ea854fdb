# SPDX-License-Identifier: Apache-2.0
# The tables of include/otapack/*.SPEC.md agree with what inspect --json says of a fixture: every row
# with numbers has a field there with this name, offset and width, and every field that is stored in the
# file has a row. `<!-- inspect FIXTURE [PATH] -->` above a table names the node. Every header of a
# format has a SPEC, and says nothing else where it says a size.
. "$SOURCE/tests/cli-lib.sh"

need jq
cd "$SOURCE/include/otapack"
ls ./*.h | sed 's/\.h$//' | grep -vE '^\./(base|otapack|matter_walk|stream.*)$' >"$OLDPWD/headers"
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

cut -d'|' -f1 rows | sort -u >nodes
while read -r fixture path; do
    if [ "$path" = . ]; then
        "$OTAPACK" inspect --json "$FIXTURES/$fixture" | jq '.files[0].root' >node.json
    else
        "$OTAPACK" inspect --json "$FIXTURES/$fixture" --get "$path" >node.json
    fi
    jq -r '.offset as $base | .fields | to_entries[] | select(.value | has("offset"))
        | "\(.key) \(.value.offset - $base) \(.value.size)"' node.json >fields
    grep -F "$fixture $path|" rows | cut -d'|' -f2- | tr '|' '\t' >table
    awk -F '\t' -v where="$fixture $path" '
        NR == FNR { split($0, f, " "); at[f[1]] = f[2]; width[f[1]] = f[3]; next }
        {
            if ($3 != "" && !($3 in at)) print where ": inspect has no field " $3
            else if ($1 ~ /^[0-9]+$/ && $3 != "" && at[$3] != $1) print where ": " $3 " is at " at[$3] ", not at " $1
            else if ($2 ~ /^[0-9]+$/ && $3 != "" && width[$3] != $2) print where ": " $3 " has " width[$3] " bytes, not " $2
            has[$3] = row_at[$1] = 1
        }
        END { for (name in at) if (!(name in has) && !(at[name] in row_at)) print where ": no row for " name }
    ' fields table
done <nodes >differences
# The tail of an image is told in a second table over the same node, so a node has all its tables.
cat differences
[ ! -s differences ]
