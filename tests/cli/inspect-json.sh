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
def whole: only(["otapack","files"]) and .otapack == 1 and
    (.files | type == "array" and length == 1) and (.files[0] | file);
def agrees($status): (.files[0].verdict | if . == "fail" then 1 else 0 end) == $status;'

# All documents first, each with its exit status behind it; then one jq looks at them.
count=0
for file in "$FIXTURES"/*/*.bin; do
    status=0
    otapack inspect --json "$file" 2>err || status=$?
    if [ "$status" -gt 1 ]; then fail "exit status $status for $file"; fi
    echo "$status"
    count=$((count + 1))
done >out
[ "$count" -ge 50 ] || fail "only $count fixtures"
jq -n -r "$JQ$shape"' [inputs] | _nwise(2) | select((.[1] as $status | .[0] |
    whole and agrees($status)) | not) | .[0].files[0].file' out >wrong
[ ! -s wrong ] || fail "structure, or verdict and status, of: $(cat wrong)"
[ "$(jq -n "[inputs] | length" out)" -eq $((count * 2)) ] || fail 'not a document for each file'

# -j is the same, and the same input gives the same text.
file=$(combined_fixture)
expect_exit 0 otapack inspect -j "$file"
cp out first
expect_exit 0 otapack inspect "$file" --json
same first out
