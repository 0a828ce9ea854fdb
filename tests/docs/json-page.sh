# SPDX-License-Identifier: Apache-2.0
# With jq alone: the schema, otapack-json(5) and `otapack help` speak of the same formats, fields,
# parts and kinds. (tests/laws/law_json.c has what inspect --json prints.)
. "$SOURCE/tests/cli-lib.sh"

schema=${OTAPACK%/*}/otapack-inspect.schema.json
page=$SOURCE/man/otapack-json.5
need jq
wrong=0

# equal WHAT LEFT RIGHT, within WHAT LEFT RIGHT: lists of lines; what is in one must be in the other.
equal() {
    [ -s "$2" ] || fail "$1: there is nothing to compare"
    diff "$2" "$3" || { echo "these differ: $1"; wrong=1; }
}
within() {
    [ -s "$2" ] || fail "$1: there is nothing to compare"
    comm -23 "$2" "$3" >surplus
    [ ! -s surplus ] || { sed "s|^|$1: |" surplus && wrong=1; }
}

# ---- the schema as lines: FORMAT field NAME KIND, FORMAT part NAME ------------------------------

jq -r '."$defs".node.allOf[] | select(.then.properties.parts) | .if.properties.format.const as $f
    | (.then.properties.fields.properties // {} | to_entries[]
        | "\($f) field \(.key) \(.value."$ref" | sub(".*/"; ""))"),
      (.then.properties.parts.properties // {} | to_entries[]
        | "\($f) part \(.key)\(if .value."$ref" == "#/$defs/nodes" then "[]" else "" end)")' \
    "$schema" | sort >schema

# ---- the page ------------------------------------------------------------------------------------

awk '
    FNR == 1 { in_formats = 0 }
    /^\.S[sh] / { format = $2; in_formats = in_formats || $2 == "FORMATS" }
    /^\.Sh STABILITY/ { in_formats = 0 }
    in_formats && /^\.It Cm / { print format, "field", $3, $5 }
    in_formats && /^\.It Ic / { print format, "part", $3 }' "$page" "$SOURCE"/man/*.7 | sort >page
# The page says number, text for what otapack worked out, with an asterisk.
sed 's/stored_number$/number/; s/derived_number$/number*/; s/stored_text$/text/; s/derived_text$/text*/
    s/image_type$/text*/; s/derived_named$/named*/; s/derived_hex$/hex*/' schema | sort >named
# Parts of a flash image have the names of its partitions, so the schema cannot list them.
grep -v '^flash part ' page >listed
equal 'the schema (<) and otapack-json(5) (>)' named listed

jq -r '."$defs".node.properties.format.enum[]' "$schema" | sort >formats
sed 's/ .*//' page | sort -u | cat - formats | sort -u >both
equal 'formats of the schema (<) and of otapack-json(5) (>)' formats both
"$OTAPACK" help --json >help.json
jq -r '.formats[].name' help.json | sort >helped
within 'otapack help --json, but not in the schema' helped formats

[ "$wrong" -eq 0 ]
