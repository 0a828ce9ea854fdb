# SPDX-License-Identifier: Apache-2.0
# man/otapack-checks.7 is what man/checks.sh writes, and has every check of the files src/formats/*.checks and no other.
. "$SOURCE/tests/cli-lib.sh"

sed -n 's/^CHECK([A-Z0-9_]*, "\([a-z0-9-]*\)".*/\1/p' "$SOURCE"/src/formats/*.checks | sort >defined
sed -n 's/^\.It Cm \([a-z0-9]*-[a-z0-9-]*\) Pq .*/\1/p' "$SOURCE/man/otapack-checks.7" | sort >described
[ -s defined ] || fail 'no checks were found in src/formats/*.checks'
diff defined described || fail 'man/otapack-checks.7 (>) has other checks than src/formats/*.checks (<)'

sh "$SOURCE/man/checks.sh" "$OTAPACK" >page
if ! diff -u "$SOURCE/man/otapack-checks.7" page; then
    fail 'the page is old; man/checks.sh build/release/otapack >man/otapack-checks.7'
fi
