# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Helpers of the tests with keys in tokens: a SoftHSM of the test's own, in its scratch folder.
#   SOFTHSM   the path of SoftHSM's module
#   PIN       of every token, also in the file ./pin
#   KEYS      fixtures/keys
. "$SOURCE/tests/cli-lib.sh"

need openssl softhsm2-util pkcs11-tool
KEYS=$FIXTURES/keys
PIN=1234
unset OTAPACK_PIN
SOFTHSM=
for softhsm_found in /usr/lib/*/softhsm/libsofthsm2.so /usr/lib/softhsm/libsofthsm2.so \
    /usr/lib64/softhsm/libsofthsm2.so /usr/local/lib/softhsm/libsofthsm2.so \
    /opt/homebrew/lib/softhsm/libsofthsm2.so; do
    if [ -f "$softhsm_found" ]; then SOFTHSM=$softhsm_found; fi
done
[ -n "$SOFTHSM" ] || skip 'libsofthsm2.so is not installed'
if "$OTAPACK" key public pkcs11: 2>&1 | grep -q 'without p11-kit'; then
    skip 'otapack was built without p11-kit'
fi

printf '%s\n' "$PIN" >pin
mkdir tokens
text_to softhsm2.conf <<END
directories.tokendir = $PWD/tokens
objectstore.backend = file
log.level = ERROR
END
export SOFTHSM2_CONF="$PWD/softhsm2.conf"

# quiet COMMAND...: says what it wrote only when it fails.
quiet() {
    "$@" >quiet.log 2>&1 || {
        cat quiet.log >&2
        fail "cannot set up SoftHSM: $*"
    }
}

# new_token NAME
new_token() { quiet softhsm2-util --init-token --free --label "$1" --pin $PIN --so-pin 56789; }

# token_tool TOKEN ARGUMENT...: pkcs11-tool, logged in.
token_tool() {
    tool_token=$1
    shift
    quiet pkcs11-tool --module "$SOFTHSM" --token-label "$tool_token" --login --pin $PIN "$@"
}

# import_key TOKEN ID NAME FILE: the private key of a PEM file, and its public one.
import_key() {
    openssl pkcs8 -topk8 -nocrypt -in "$4" -out imported.pem
    quiet softhsm2-util --import imported.pem --token "$1" --label "$3" --id "$2" --pin $PIN
    rm imported.pem
}

# import_derive TOKEN ID NAME FILE: an EC key that may derive, which softhsm2-util does not let them.
import_derive() {
    openssl pkcs8 -topk8 -nocrypt -in "$4" -outform DER -out key.der
    openssl pkey -in "$4" -pubout -outform DER -out public.der
    token_tool "$1" --write-object key.der --type privkey --id "$2" --label "$3" --usage-derive
    token_tool "$1" --write-object public.der --type pubkey --id "$2" --label "$3" --usage-derive
    rm key.der public.der
}

# with_shim: SoftHSM's token with troubles from now on, those of SHIM (softhsm-shim.c), in every uri.
with_shim() {
    need cc
    cc -shared -fPIC -I/usr/include/p11-kit-1 -I/usr/local/include/p11-kit-1 \
        -I/opt/homebrew/include/p11-kit-1 "$SOURCE/tests/softhsm-shim.c" -o shim.so -ldl 2>cc.log ||
        skip "the module around SoftHSM does not compile: $(head -n 1 cc.log)"
    export SHIM SHIM_MODULE="$SOFTHSM"
    MODULE=$PWD/shim.so
}

# uri ATTRIBUTES [QUERY]: a URI into this SoftHSM, with the PIN from ./pin unless QUERY says another.
uri() { printf 'pkcs11:%s?module-path=%s&%s' "$1" "${MODULE-$SOFTHSM}" "${2-pin-source=file:pin}"; }

# unsigned SIGNED FILE: the app of a fixture, without what stands behind it.
unsigned() { "$CLI_BYTES" unsign "$FIXTURES/secure_boot/$1" "$2"; }

# refused REGEX URI: `otapack sign app.bin` with this key exits 2 with one line, "what is wrong; what
# to do", without the PIN in it; nothing appears in the folder made, where the output would be.
refused() {
    folders made
    expect_exit 2 otapack sign app.bin --key "$2" -o made/signed.bin
    no_out
    expect_one_line_err
    expect_err "^otapack: .*($1)"
    expect_err '; .'
    refuse_err "$PIN"
    folder_is made
}
