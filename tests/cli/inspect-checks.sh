# SPDX-License-Identifier: Apache-2.0
# Each line of fixtures/CHECKS.txt: a check, and a file (with options) that fails exactly this one.
# Exit status by its severity, its ID at the end of a line of text, its remedy given. MORE-CHECKS.txt
# has further files with the same faults.
. "$SOURCE/tests/cli-lib.sh"
many_runs

here=$(pwd)
cat "$FIXTURES/CHECKS.txt" >table
if [ -f "$FIXTURES/MORE-CHECKS.txt" ]; then cat "$FIXTURES/MORE-CHECKS.txt" >>table; fi
cd "$FIXTURES" # the files and options are relative to it; nothing is written there
wrong=0 count=0
while read -r id file options; do
    case $id in '' | '#'*) continue ;; esac
    status=0
    # shellcheck disable=SC2086 # options are words
    "$OTAPACK" inspect --json "$file" $options 2>"$here/err" || status=$?
    if [ "$status" -gt 1 ]; then fail "exit status $status for: $file $options"; fi
    printf '{"status": %u, "id": "%s", "line": "%s"}\n' "$status" "$id" "$file $options"
    # shellcheck disable=SC2086
    "$OTAPACK" inspect "$file" $options >"$here/text" 2>&1 || :
    if ! grep -Eq "\\[$id\\]|(^| )$id( |:|\$)" "$here/text"; then
        echo "$file $options: the text does not name $id" >&2
        wrong=$((wrong + 1))
    fi
    count=$((count + 1))
done <"$here/table" >"$here/all"
cd "$here"
[ "$wrong" -eq 0 ] || fail "$wrong of $count lines"
[ "$count" -ge 40 ] || fail "only $count lines"

# Each document with the line behind it: what has not passed, and the status by its severity.
jq -n -r "$JQ"'[inputs] | _nwise(2) | .[1] as $line | [.[0].files[].root] |
    (map(failing[]) | join(" ")) as $failed |
    (if first(.[] | nodes | .checks[] | select(.verdict != "pass") | .severity) == "warn"
        then 0 else 1 end) as $status |
    select($failed != $line.id or $status != $line.status) |
    "\($line.line): \($failed) instead of \($line.id), status \($line.status)"' all >wrong
[ ! -s wrong ] || fail "$(cat wrong)"
[ "$(jq -n '[inputs] | length' all)" -eq $((count * 2)) ] || fail 'not a document for each line'
