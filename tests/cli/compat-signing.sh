# SPDX-License-Identifier: Apache-2.0
# compat signing takes the command lines of the ESP8266 core's signing.py: signed updates to the
# byte, the header of a key, and what it does in builds that have no keys.
. "$SOURCE/tests/sign-lib.sh"

need openssl
signing() { otapack compat signing.py "$@"; }
refused() { # refused REGEX ARGUMENT...: status 2, one line, and nothing is written
    refused_for=$1
    shift
    expect_exit 2 signing "$@"
    no_out
    expect_one_line_err
    expect_err "$refused_for"
    no_file new
}
# err_is LINE...: standard error is these lines.
err_is() { printf '%s\n' "$@" | cmp - err || fail "standard error is not: $*"; }

# ---- The header ---------------------------------------------------------------------------------

header_of() { # header_of PEM: what the script makes of it, said once more in shell
    printf '#include <pgmspace.h>\n#define ARDUINO_SIGNING 1\n'
    printf 'static const char signing_pubkey[] PROGMEM = {\n'
    od -An -v -tx1 -w1 "$1" | sed 's/ \(..\)/0x\1, /; $s/, $//'
    printf '};\n'
}
cp "$KEYS/rsa2048.pub.pem" public.key
header_of public.key >expected.h
expect_exit 0 signing --mode header --publickey public.key --out build/core/Updater_Signing.h
no_out
err_is 'Enabling binary signing'
same expected.h build/core/Updater_Signing.h

# What is there already is left alone, so that nothing is compiled anew.
touch -d 2001-01-01 build/core/Updater_Signing.h
before=$(stat -c '%i %Y' build/core/Updater_Signing.h)
expect_exit 0 signing -m header -p public.key -o build/core/Updater_Signing.h
err_is 'Enabling binary signing'
[ "$(stat -c '%i %Y' build/core/Updater_Signing.h)" = "$before" ] || fail 'it was written again'

# No key, no signing; and the other way round.
printf '#define ARDUINO_SIGNING 0\n' >none.h
for missing in missing.key nofolder/missing.key public.key/missing.key; do
    expect_exit 0 signing --mode=header --publickey=$missing --out=build/core/Updater_Signing.h
    no_out
    no_err
    same none.h build/core/Updater_Signing.h
done
before=$(stat -c '%i %Y' build/core/Updater_Signing.h)
expect_exit 0 signing --mode header --publickey missing.key --out build/core/Updater_Signing.h
[ "$(stat -c '%i %Y' build/core/Updater_Signing.h)" = "$before" ] || fail 'it was written again'
expect_exit 0 signing -mheader -ppublic.key -obuild/core/Updater_Signing.h
same expected.h build/core/Updater_Signing.h
expect_exit 0 signing --mod header --pub public.key --o new.h
same expected.h new.h

# The script puts the bytes of any file into the header.
take_key rsa2048
echo text >text.key
mkdir folder
refused 'ecdsa-p256-a.*ECDSA.*; ' -m header -p "$KEYS/ecdsa-p256-a.pub.pem" -o new
refused 'rsa2048\.pem: is a private key.*; ' -m header -p rsa2048.pem -o new
refused 'text\.key: .*; ' -m header -p text.key -o new
refused 'folder' -m header -p folder -o new
refused 'folder' -m header -p public.key -o folder
expect_exit 2 signing -m header -p public.key -o text.key/new.h
expect_one_line_err

# ---- Words --------------------------------------------------------------------------------------

refused '--mode; ' --bin text.key --out new --privatekey rsa2048.pem
refused '--mode; '
refused '--mode verify' -m verify --out new
refused '--publickey; ' -m header -o new
refused '--out; ' -m header -p public.key
refused '--privatekey; ' -m sign -b text.key -o new
refused '--bin; ' -m sign -s rsa2048.pem -o new
refused '--out; ' -m sign -s rsa2048.pem -b text.key
refused '--unknown' -m sign -s rsa2048.pem -b text.key -o new --unknown
refused 'value' -m sign -s rsa2048.pem -b text.key -o
refused '.' -m sign -s rsa2048.pem -b text.key -o new operand
expect_exit 0 signing --help
expect_out '--privatekey FILE'
expect_exit 0 signing -m header --help
expect_out '--privatekey FILE'

# ---- Signing ------------------------------------------------------------------------------------

# A private key that is not there: a build without signatures, which the script says nothing of.
expect_exit 0 signing --mode sign --privatekey missing.key --bin text.key --out new --legacy new
no_out
expect_one_line_err
expect_err '^otapack: missing\.key: is not there, so nothing was signed; '
no_file new
expect_exit 0 signing --mode sign --privatekey missing.key --bin missing.bin --out new
no_file new

# expected SKETCH: what the script makes of it, as expected.signed and expected.legacy, by openssl.
expected() {
    openssl dgst -sha256 -sign rsa2048.pem -out signature.bin "$1"
    {
        cat "$1" signature.bin
        u32le 256
    } >expected.signed
    openssl dgst -sha256 -binary -out digest.bin "$1"
    openssl pkeyutl -sign -inkey rsa2048.pem -in digest.bin -out signature.bin
    {
        cat "$1" signature.bin
        u32le 256
    } >expected.legacy
}
expected "$FIXTURES/esp8266/good-arduino.bin"
expect_exit 0 signing --mode sign --privatekey rsa2048.pem --out sketch.signed \
    --bin "$FIXTURES/esp8266/good-arduino.bin" --legacy sketch.legacy
no_out
err_is 'Signed binary: sketch.signed' 'Legacy signed binary: sketch.legacy'
same expected.signed sketch.signed
same expected.legacy sketch.legacy
for sketch in good-arduino good-gzip; do
    sketch=$FIXTURES/esp8266/$sketch.bin
    expected "$sketch"
    for legacy in '' '--legacy='; do
        rm sketch.signed
        # shellcheck disable=SC2086 # a word or none
        expect_exit 0 signing -msign -s=rsa2048.pem --bi="$sketch" -osketch.signed $legacy
        err_is 'Signed binary: sketch.signed'
        same expected.signed sketch.signed
    done
done

# Else all that goes wrong is said by the exit status too, where the script's is 0.
sketch=$FIXTURES/esp8266/good-arduino.bin
take_key ecdsa-p256-a
refused 'text\.key' -m sign -s text.key -b "$sketch" -o new
refused 'missing\.bin' -m sign -s rsa2048.pem -b missing.bin -o new
refused 'folder' -m sign -s folder -b "$sketch" -o new
refused 'public key' -m sign -s public.key -b "$sketch" -o new
refused 'ecdsa-p256-a' -m sign -s ecdsa-p256-a.pem -b "$sketch" -o new
refused 'text\.key' -m sign -s rsa2048.pem -b text.key -o new
expect_exit 1 signing -m sign -s rsa2048.pem -b "$FIXTURES/esp8266/good-signed.bin" -o new
expect_one_line_err
no_file new

# Where the legacy file cannot be written or made, neither is.
rm sketch.signed
expect_exit 2 signing -m sign -s rsa2048.pem -b "$sketch" -o sketch.signed -l folder
expect_one_line_err
no_file sketch.signed
expect_exit 1 signing -m sign -s rsa2048.pem -b "$FIXTURES/esp8266/good-gzip.bin" -o gz.signed -l gz.old
expect_one_line_err
no_file gz.signed
no_file gz.old

have_vectors && [ -f "$VECTORS/esp8266/sketch.bin.signed" ] || exit 0
real=$VECTORS/esp8266
cp "$real/arduino_private.key" private.key
chmod 600 private.key
expect_exit 0 signing --mode sign --privatekey private.key --bin "$real/sketch.bin" \
    --out sketch.bin.signed --legacy sketch.bin.legacy_sig
same "$real/sketch.bin.signed" sketch.bin.signed
same "$real/sketch.bin.legacy_sig" sketch.bin.legacy_sig
expect_exit 0 signing -m sign -s private.key -b "$real/sketch.bin.gz" -o sketch.bin.gz.signed
same "$real/sketch.bin.gz.signed" sketch.bin.gz.signed
header_of "$real/arduino_public.key" >expected.h
expect_exit 0 signing -m header -p "$real/arduino_public.key" -o real.h
same expected.h real.h
