# SPDX-License-Identifier: Apache-2.0
# compat espsecure with keys in a token (SoftHSM), by the configuration file that the original takes.
. "$SOURCE/tests/softhsm-lib.sh"

new_token release
id=0
for key in rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    id=$((id + 1))
    import_key release "0$id" "$key" "$KEYS/$key-a.pem"
done
slot=$(pkcs11-tool --module "$SOFTHSM" --list-slots 2>/dev/null |
    sed -n 's/^Slot [0-9]* (\(0x[0-9a-f]*\)).*/\1/p' | head -n 1)
slot=$((slot))

config() { # config LABEL [LINE...]: hsm.ini
    {
        printf '%s\n' '# a comment' '[hsm_config]' "pkcs11_lib = $SOFTHSM" "slot = $slot" "label = $1"
        shift
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >hsm.ini
}
espsecure() { otapack compat espsecure "$@"; }
signs() { # signs KEY [WHOSE]: an app for devices with such keys
    unsigned "good-$1.bin" app.bin
    drop signed.bin
    expect_exit 0 espsecure sign_data -v 2 --hsm --hsm-config hsm.ini -o signed.bin app.bin
    expect_out '^Pre-calculated signatures found$'
    expect_out '^1 signing key\(s\) found\.$'
    expect_out 'Signature sector now has 1 signature blocks\.$'
    case $1 in
        *p192) expect_err 'warning: .*\[sig-dropped\]$' ;;
        *p384) expect_err 'warning: .*\[sig-insecure\]$' ;;
        *) no_err ;;
    esac
    expect_exit 0 otapack verify signed.bin --key "$KEYS/$1-${2-a}.pub.pem"
    expect_exit 0 espsecure verify_signature -v 2 --hsm --hsm-config hsm.ini signed.bin
    expect_out 'verification successful using the supplied key'
}
for key in rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    config $key "credentials = $PIN"
    signs $key
done

# The forms of the file.
printf '%s\r\n' '[other]' 'slot = 7' '[hsm_config]' "PKCS11_LIB: $SOFTHSM" "  slot=$slot" \
    'label : ecdsa-p256' "label_pubkey=ecdsa-p256" '; end' '' "credentials=$PIN" >hsm.ini
signs ecdsa-p256
# The PIN from elsewhere; the file's comes first.
config ecdsa-p256
OTAPACK_PIN=$PIN signs ecdsa-p256
config ecdsa-p256 "credentials = $PIN"
OTAPACK_PIN=wrong signs ecdsa-p256
# Characters that mean something in a URI, and %.
import_key release 11 'a key; 100%?' "$KEYS/ecdsa-p256-a.pem"
config 'a key; 100%%?' "credentials = $PIN"
signs ecdsa-p256
# A second signature; a public key by its own name.
import_key release 12 second "$KEYS/ecdsa-p256-b.pem"
config second "label_pubkey = ecdsa-p256" "credentials = $PIN"
expect_exit 0 espsecure verify_signature -v 2 --hsm --hsm-config hsm.ini signed.bin
config second "credentials = $PIN"
expect_exit 1 espsecure verify_signature -v 2 --hsm --hsm-config hsm.ini signed.bin
expect_exit 0 espsecure sign_data -v 2 -a --hsm --hsm-config hsm.ini signed.bin
expect_out 'Signature sector now has 2 signature blocks\.$'
expect_exit 0 espsecure verify_signature -v 2 --hsm --hsm-config hsm.ini signed.bin

# The public key from a file, where the token has only the private one; or from an object that has
# neither its name nor its ID.
softhsm_objects() { pkcs11-tool --module "$SOFTHSM" --token-label release --login --pin "$PIN" "$@"; }
import_key release 13 lonely "$KEYS/ecdsa-p256-c.pem"
quiet softhsm_objects --delete-object --type pubkey --label lonely
config lonely "credentials = $PIN"
unsigned good-ecdsa-p256.bin app.bin
expect_exit 2 espsecure sign_data -v 2 --hsm --hsm-config hsm.ini -o signed.bin app.bin
expect_err 'without its public one'
for public in "$KEYS/ecdsa-p256-c.pub.pem" "$KEYS/ecdsa-p256-c.pem"; do
    drop signed.bin
    expect_exit 0 espsecure sign_data -v 2 --hsm --hsm-config hsm.ini --pub-key "$public" \
        -o signed.bin -- app.bin
    expect_out '^1 signing key\(s\) found\.$'
    expect_exit 0 otapack verify signed.bin --key "$KEYS/ecdsa-p256-c.pub.pem"
done
openssl ec -in "$KEYS/ecdsa-p256-c.pub.pem" -pubin -outform DER -out public.der 2>/dev/null
quiet softhsm_objects --write-object public.der --type pubkey --label 'its public key' --id 99
config lonely "label_pubkey = its public key" "credentials = $PIN"
signs ecdsa-p256 c
# Of a key whose public part is there, the file comes first; it must be the right one.
config rsa3072 "credentials = $PIN"
unsigned good-rsa3072.bin app.bin
expect_exit 0 espsecure sign_data app.bin -v 2 --hsm --hsm-config hsm.ini -o signed.bin \
    --pub-key "$KEYS/rsa3072-a.pub.pem"
expect_exit 0 otapack verify signed.bin --key "$KEYS/rsa3072-a.pub.pem"
wrong_public() { # wrong_public REGEX PUBLIC-KEY...
    wrong_regex=$1
    shift
    drop made.bin
    expect_exit 2 espsecure sign_data -v 2 --hsm --hsm-config hsm.ini --pub-key "$@" \
        -o made.bin app.bin
    no_out
    expect_one_line_err
    expect_err "$wrong_regex"
    refuse_err "$PIN"
    no_file made.bin
}
wrong_public 'does not fit .*rsa3072-b\.pub\.pem' "$KEYS/rsa3072-b.pub.pem"
wrong_public 'rsa3072' "$KEYS/ecdsa-p256-a.pub.pem"
wrong_public 'nofile\.pem' nofile.pem
wrong_public 'give one --pub-key' "$KEYS/rsa3072-a.pub.pem" "$KEYS/rsa3072-b.pub.pem"
config rsa3072 "label_pubkey = second" "credentials = $PIN"
expect_exit 2 espsecure sign_data -v 2 --hsm --hsm-config hsm.ini -o made.bin app.bin
no_file made.bin

# What fails says so, and does not show the PIN.
failed() { # failed REGEX ARGUMENT...
    failed_regex=$1
    shift
    drop made.bin
    expect_exit 2 espsecure sign_data "$@" -o made.bin app.bin
    no_out
    expect_one_line_err
    expect_err "$failed_regex"
    refuse_err "$PIN"
    no_file made.bin
}
hsm='--hsm --hsm-config hsm.ini'
# shellcheck disable=SC2086 # options
{
    failed 'needs --hsm-config' -v 2 --hsm
    failed 'version 2' -v 1 $hsm
    failed 'exclude each other' -v 2 $hsm -k "$KEYS/ecdsa-p256-a.pem"
    failed 'exclude each other' -v 2 $hsm --signature a.sig
    failed 'nofile\.ini' -v 2 --hsm --hsm-config nofile.ini
    config nosuch "credentials = $PIN"
    failed 'nosuch' -v 2 $hsm
    config ecdsa-p256 'credentials = 9999'
    failed 'PIN is wrong' -v 2 $hsm
    refuse_err 9999
    config ecdsa-p256 "credentials = $PIN" "credentials = $PIN"
    failed 'twice' -v 2 $hsm
    config ecdsa-p256 "credentials = 5%5"
    failed '%%' -v 2 $hsm
    config ecdsa-p256 'nonsense'
    failed 'hsm\.ini:6: ' -v 2 $hsm
    printf '[hsm]\n' >hsm.ini
    failed 'hsm_config' -v 2 $hsm
    for name in pkcs11_lib slot label; do
        config ecdsa-p256 "credentials = $PIN"
        sed "/^$name /d" hsm.ini >less.ini
        failed "has no $name" -v 2 --hsm --hsm-config less.ini
    done
    config ecdsa-p256 "credentials = $PIN"
    sed 's/^slot .*/slot = one/' hsm.ini >less.ini
    failed 'slot' -v 2 --hsm --hsm-config less.ini
    sed "s/^slot .*/slot = $((slot + 1))/" hsm.ini >less.ini
    failed 'no such token' -v 2 --hsm --hsm-config less.ini
    sed 's/^pkcs11_lib .*/pkcs11_lib = .\/nolib.so/' hsm.ini >less.ini
    failed 'nolib\.so' -v 2 --hsm --hsm-config less.ini
}
