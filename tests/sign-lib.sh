# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034 # its variables are for those who read it in
# Helpers of the tests of signatures: what they expect comes from openssl and secure_boot.py.
#   KEYS     fixtures/keys        SIGNED   fixtures/secure_boot
. "$SOURCE/tests/cli-lib.sh"

if [ -x /usr/bin/python3 ]; then PYTHON=/usr/bin/python3; else PYTHON=python3; fi
need "$PYTHON" openssl
secure_boot() { "$PYTHON" -ISB "$SOURCE/tests/secure_boot.py" "$@"; }

KEYS=$FIXTURES/keys
SIGNED=$FIXTURES/secure_boot
SCHEMES='rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384'
BLOCK=1216 SECTOR=4096
unset OTAPACK_PASSPHRASE
umask 022

# take_key NAME...: private keys of the fixtures, as ./NAME.pem that only the owner can read.
take_key() {
    umask 077
    for taken; do
        drop "$taken.pem"
        text_to "$taken.pem" <"$KEYS/$taken.pem"
    done
    umask 022
}

# unsigned SIGNED FILE: the app of a fixture, without what stands behind it.
unsigned() { "$CLI_BYTES" unsign "$SIGNED/$1" "$2"; }

# padded FILE: what signatures of v2 are made over, to stdout: the image, and 0xFF up to a sector.
padded() { "$CLI_BYTES" pad "$1"; }

# block FILE INDEX: that block of a signed image, to stdout. sector_at FILE: where its sector is.
sector_at() { "$CLI_BYTES" sector-at "$1"; }
block() { "$CLI_BYTES" block "$1" "$2"; }

# key_digest NAME: of a key of the fixtures. key_digests NAME...: of several, in DIGESTS, by name.
key_digest() { secure_boot key-digest "$KEYS/$1.pub.pem"; }
declare -A DIGESTS
key_digests() {
    local name pubs=() digests
    for name; do pubs+=("$KEYS/$name.pub.pem"); done
    digests=$(secure_boot key-digest "${pubs[@]}") || fail "no digests of $*"
    for name; do
        DIGESTS[$name]=${digests%%$'\n'*}
        digests=${digests#*$'\n'}
    done
}

# hash_of_key NAME: sha256 or sha384. pss NAME: what openssl has to be told of RSA.
hash_of_key() {
    case $1 in
        ecdsa-p384*) echo sha384 ;;
        *) echo sha256 ;;
    esac
}
pss() {
    case $1 in
        rsa*) echo '-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32' ;;
    esac
}

# dgst NAME ARGUMENT...: openssl dgst with the digest and the padding that this key takes.
dgst() {
    local hash=sha256 padding=
    case $1 in
        ecdsa-p384*) hash=sha384 ;;
        rsa*) padding='-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32' ;;
    esac
    shift
    # shellcheck disable=SC2086 # options are words
    openssl dgst -$hash $padding "$@"
}

# openssl_sign NAME DATA SIGNATURE: made elsewhere, with a private key of the fixtures.
openssl_sign() {
    dgst "$1" -sign "$KEYS/$1.pem" -out "$3" "$2" || fail "openssl cannot sign with $1"
}

# openssl_fits NAME DATA SIGNATURE
openssl_fits() {
    dgst "$1" -verify "$KEYS/$1.pub.pem" -signature "$3" "$2" >openssl.log 2>&1
}

# signed_by FILE APP NAME...: FILE is this app with a signature of each key, in this order, by
# openssl's judgement; and every byte of it is as espsecure would have it.
signed_by() {
    signed_file=$1 signed_app=$2
    shift 2
    padded "$signed_app" >signed_by.data
    signed_pubs=()
    for signed_key; do signed_pubs+=("$KEYS/$signed_key.pub.pem"); done
    secure_boot signed "$signed_file" signed_by.data "${signed_pubs[@]}" >signed_by.bin ||
        fail "$signed_file has fewer signatures than $# behind the image"
    signed_block=0
    for signed_key; do
        openssl_fits "$signed_key" signed_by.data signed_by.$signed_block.sig ||
            fail "$signed_file: openssl refuses signature $signed_block for $signed_key"
        signed_block=$((signed_block + 1))
    done
    same signed_by.bin "$signed_file"
    rm signed_by.*
}

# refuse_sign STATUS REGEX ARGUMENT...: `otapack sign ARGUMENT... -o made/signed.bin` says what is wrong
# and what to do, in one line or, where checks fail, one for each; no file appears (in the folder none),
# an old one stays as it is.
refuse_sign() {
    refused_status=$1 refused_words=$2
    shift 2
    folders none made
    expect_exit "$refused_status" otapack sign "$@" -o none/signed.bin
    no_out
    # Failed checks have a line each, and one at the end.
    has_line ': not written: ' err || expect_one_line_err
    expect_err "$refused_words"
    expect_err '; .|cannot (open|read): ' # the system's words have no remedy
    folder_is none
    echo 'an earlier image' >made/signed.bin
    expect_exit "$refused_status" otapack sign "$@" -o made/signed.bin
    file_is made/signed.bin 'an earlier image' || fail 'the old output was damaged'
    folder_is made signed.bin
}
