# SPDX-License-Identifier: Apache-2.0
# man/otapack-checks.7 is what man/checks.sh writes, and has every check of otapack help --json and no
# other.
. "$SOURCE/tests/cli-lib.sh"

need jq
otapack help --json >help.json
jq -r '.checks[].id' help.json | sort >defined
sed -n 's/^\.It Cm \([a-z0-9]*-[a-z0-9-]*\) Pq .*/\1/p' "$SOURCE/man/otapack-checks.7" | sort >described
[ -s defined ] || fail 'otapack help --json has no checks'
diff defined described || fail 'man/otapack-checks.7 (>) has other checks than otapack help --json (<)'

sh "$SOURCE/man/checks.sh" "$OTAPACK" >page
if ! diff -u "$SOURCE/man/otapack-checks.7" page; then
    fail 'the page is old; man/checks.sh build/release/otapack >man/otapack-checks.7'
fi
