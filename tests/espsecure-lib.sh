# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034 # its variables are for those who read it in
# Helpers of the scripts that run Espressif's espsecure beside otapack; skips where there is none.
#   espsecure    how it is called here
#   knows_p384   true or false: 4.7 does not; of ECDSA signatures it looks at the first only
. "$SOURCE/tests/cli-lib.sh"

if command -v espsecure >/dev/null; then
    espsecure=espsecure
elif command -v espsecure.py >/dev/null; then
    espsecure=espsecure.py
else
    skip 'espsecure is not installed'
fi
cp -R "$FIXTURES/keys" keys
chmod -R u+w,go= keys

# they STATUS ARGUMENT...: espsecure, in ./espsecure.log. Status 0, or any other one.
they() {
    they_wanted=$1
    shift
    they_status=0
    "$espsecure" "$@" >espsecure.log 2>&1 || they_status=$?
    if [ "$they_wanted" -eq 0 ] && [ "$they_status" -ne 0 ] ||
        [ "$they_wanted" -ne 0 ] && [ "$they_status" -eq 0 ]; then
        cat espsecure.log >&2
        fail "espsecure exits with $they_status: $*"
    fi
}
# we STATUS ARGUMENT...: otapack with espsecure's command line.
we() {
    we_wanted=$1
    shift
    expect_exit "$we_wanted" otapack compat espsecure "$@"
}

if "$espsecure" digest_sbv2_public_key --keyfile keys/ecdsa-p384-a.pub.pem --output digest \
    >espsecure.log 2>&1; then
    knows_p384=true
else
    knows_p384=false
fi

# unsigned FIXTURE FILE: without what stands behind the image.
unsigned() { "$CLI_BYTES" unsign "$FIXTURES/secure_boot/$1" "$2"; }
