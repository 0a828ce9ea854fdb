# SPDX-License-Identifier: Apache-2.0
# The JSON's structure, for every fixture good or bad: only the members that are promised, of the
# right types; verdict, checks and exit status agree; every remedy and severity is there.
. "$SOURCE/tests/cli-lib.sh"

shape='
def only($allowed): (keys - $allowed) == [];
def node:
    only(["format","offset","size","summary","overlay","unpacked","error","fields","checks","parts"]) and
    (.format | type == "string" and test("^[a-z][a-z0-9_]*$")) and
    (.offset | type == "number" and . >= 0) and (.size | type == "number" and . >= 0) and
    ((.overlay // true) == true) and ((.unpacked // true) == true) and ((.summary // "x") | type == "string" and length > 0) and
    ((.error // "x") | type == "string" and length > 0) and
    (.fields | type == "object") and ([.fields[] |
        only(["value","text","offset","size"]) and has("value") and
        (.value | type | . == "string" or . == "number" or . == "boolean") and
        ((.text // "") | type == "string") and (has("offset") == has("size"))] | all) and
    (.checks | type == "array") and ([.checks[] |
        only(["id","severity","verdict","message","remedy"]) and
        (.id | test("^[a-z0-9]+(-[a-z0-9]+)+$")) and
        (.severity | IN("brick", "reject", "warn")) and (.verdict | IN("pass", "warn", "fail")) and
        (.message | type == "string" and length > 0) and
        (.verdict == "pass" or (.remedy | type == "string" and length > 0)) and
        (.verdict != "fail" or .severity != "warn")] | all) and
    (.parts | type == "object") and ([.parts[] | if type == "array" then .[] else . end | node] | all);
def file:
    only(["file","size","verdict","root"]) and (.file | type == "string") and
    (.size | type == "number") and (.verdict | IN("pass", "warn", "fail")) and (.root | node) and
    .verdict == ([.root | nodes | .checks[].verdict] |
        if any(. == "fail") then "fail" elif any(. == "warn") then "warn" else "pass" end);
only(["otapack","files"]) and .otapack == 1 and (.files | type == "array" and length == 1) and
    (.files[0] | file)'

count=0
for file in "$FIXTURES"/*/*.bin; do
    status=0
    otapack inspect --json "$file" >out 2>err || status=$?
    last_command="otapack inspect --json $file"
    look "$shape" out >/dev/null || fail "the structure of the JSON"
    case $(jq -r '.files[0].verdict' out)-$status in
        pass-0 | warn-0 | fail-1) ;;
        *) fail "verdict $(jq -r '.files[0].verdict' out) but status $status" ;;
    esac
    count=$((count + 1))
done
[ "$count" -ge 50 ] || fail "only $count fixtures"

# -j is the same, and the same input gives the same text.
file=$(combined_fixture)
expect_exit 0 otapack inspect -j "$file"
cp out first
expect_exit 0 otapack inspect "$file" --json
same first out
