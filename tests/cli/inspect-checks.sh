# SPDX-License-Identifier: Apache-2.0
# Each line of fixtures/CHECKS.txt: a check, and a file (with options) that fails exactly this one.
# Exit status by its severity, its ID at the end of a line of text, its remedy given. MORE-CHECKS.txt
# has further files with the same faults.
. "$SOURCE/tests/cli-lib.sh"

here=$(pwd)
cat "$FIXTURES/CHECKS.txt" >table
if [ -f "$FIXTURES/MORE-CHECKS.txt" ]; then cat "$FIXTURES/MORE-CHECKS.txt" >>table; fi
cd "$FIXTURES" # the files and options are relative to it; nothing is written there
wrong=0 count=0
while read -r id file options; do
    case $id in '' | '#'*) continue ;; esac
    status=0
    # shellcheck disable=SC2086 # options are words
    "$OTAPACK" inspect --json "$file" $options >"$here/out" 2>"$here/err" || status=$?
    failed=$(jq -r "$JQ"'[.files[].root | failing[]] | join(" ")' "$here/out")
    severity=$(jq -r "$JQ"'first(.files[].root | nodes | .checks[] |
        select(.verdict != "pass") | .severity)' "$here/out")
    case $severity in warn) wanted=0 ;; *) wanted=1 ;; esac
    if [ "$failed" != "$id" ] || [ "$status" -ne "$wanted" ]; then
        echo "$file $options: not passed: '$failed' instead of '$id'; status $status ($wanted)" >&2
        wrong=$((wrong + 1))
    fi
    # shellcheck disable=SC2086
    "$OTAPACK" inspect "$file" $options >"$here/out" 2>"$here/err" || :
    if ! cat "$here/out" "$here/err" | grep -Eq "\\[$id\\]|(^| )$id( |:|\$)"; then
        echo "$file $options: the text does not name $id" >&2
        wrong=$((wrong + 1))
    fi
    count=$((count + 1))
done <"$here/table"
cd "$here"
[ "$wrong" -eq 0 ] || fail "$wrong of $count lines"
[ "$count" -ge 40 ] || fail "only $count lines"
