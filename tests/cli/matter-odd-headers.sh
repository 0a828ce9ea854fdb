# SPDX-License-Identifier: Apache-2.0
# inspect reads exactly the headers that a device reads: elements left out, repeated, out of order, of
# other types, with lengths past the end, nested, in all forms of tags. What it refuses it names, with
# the element and where it is. None of this is more than a failed check.
. "$SOURCE/tests/matter-lib.sh"

mkdir odd
matter odd odd >list
[ "$(wc -l <list)" -ge 150 ] || fail 'too few headers'
status=0
otapack inspect --json odd/*.bin >out 2>err || status=$?
[ "$status" -eq 1 ] || fail "odd/*.bin: exit status $status instead of 1"
refuse_err 'Sanitizer|runtime error'

jq -r "$JQ"'.files[] | (.file | ltrimstr("odd/")) + " " + (if ([.root | nodes | .checks[] |
    select(.id == "matter-header" and .verdict == "fail")] != []) then "refused" else "accepted" end) +
    " " + .root.format + " " + ([.root | nodes | .checks[] | select(.id == "matter-header") |
    .message] + [.root.error // ""] | join(" "))' out >found
wrong=0
while read -r name wanted message; do
    line=$(grep -a "^$name " found) || line='not there'
    case $line in
        "$name $wanted matter "*) ;;
        *)
            echo "$name should be $wanted: $line" >&2
            wrong=$((wrong + 1))
            continue
            ;;
    esac
    if [ "$wanted" = refused ] && ! printf '%s\n' "$line" | grep -aEq -- "$message"; then
        echo "$name: the message does not say $message: $line" >&2
        wrong=$((wrong + 1))
    fi
done <list
[ "$wrong" -eq 0 ] || fail "$wrong of $(wc -l <list) headers are not judged as a device does"

# One at a time: what is refused has the remedy, and the rest of the file as a part.
refused=$(awk '$2 == "refused" { print $1 }' list | head -20)
for name in $refused; do
    expect_exit 1 otapack inspect "odd/$name"
    expect_out 'matter-header'
    expect_out 'unread'
done
