# SPDX-License-Identifier: Apache-2.0
# `otapack help checks` and fixtures/CHECKS.txt list the same checks, each once; each with severity,
# condition and remedy; and every check that any fixture's JSON mentions is among them.
. "$SOURCE/tests/cli-lib.sh"
many_runs

expect_exit 0 otapack help checks
no_err
awk 'length > 80 { exit 1 }' out || fail 'more than 80 columns'
grep -oE '^[a-z0-9]+(-[a-z0-9]+)+( |$)' out | tr -d ' ' >listed
[ "$(wc -l <listed)" -ge 40 ] || fail "$(wc -l <listed) checks are listed at the start of a line"
sort listed | uniq -d >twice
[ ! -s twice ] || fail "listed twice: $(cat twice)"

sed '/^#/d; /^ *$/d; s/ .*//' "$FIXTURES/CHECKS.txt" | sort -u >fixtures
sort listed >listed.sorted
diff listed.sorted fixtures >difference || fail "help checks (<) and CHECKS.txt (>):
$(cat difference)"
cp out help

for file in "$FIXTURES"/*/bad-*.bin "$FIXTURES"/*/good-*.bin; do
    otapack inspect --json "$file" 2>/dev/null || :
done | jq -r "$JQ"'.files[].root | nodes | .checks[] | .id' | sort -u >mentioned
comm -13 listed.sorted mentioned >unknown
[ ! -s unknown ] || fail "checks in JSON that help does not list: $(cat unknown)"

# What may not be allowed is said.
for word in brick reject warn; do
    grep -qw "$word" help || fail "no severity $word"
done
