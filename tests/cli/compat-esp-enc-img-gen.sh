# SPDX-License-Identifier: Apache-2.0
# compat esp_enc_img_gen encrypts what devices decrypt, and decrypts it again, with every kind of key;
# makes keys; refuses what a device does. What is opened and made by openssl shows that it is right;
# tests/unit/test_esp_encrypted.c has the rest.
. "$SOURCE/tests/cli-lib.sh"

if [ -x /usr/bin/python3 ]; then PYTHON=/usr/bin/python3; else PYTHON=python3; fi
need openssl "$PYTHON"
KEYS=$FIXTURES/keys
APP=$FIXTURES/esp_image/good-app-esp32c6.bin
gen() { otapack compat esp_enc_img_gen "$@"; }

# As a person would: keys of both kinds, an update encrypted, and decrypted again.
expect_exit 0 gen --generate_rsa_key
no_err
out_is 'Server RSA-3072 keypair generated successfully
Key generation completed successfully'
expect_exit 0 otapack compat path/to/esp_enc_img_gen.py --generate_ecc
out_is 'ECC-256 key generated successfully
Server ECC-256 keypair generated successfully
Key generation completed successfully'
[ "$(stat -c %a%s device_hmac_key.bin)" = 60032 ] || fail 'the HMAC key'
[ "$(stat -c %a rsa_priv_key.pem)" = 600 ] || fail 'others can read the private key'

expect_exit 0 gen encrypt "$APP" rsa_pub_key.pem rsa.enc
no_err
out_is 'Encrypting image ...
Done'
[ "$(size_of rsa.enc)" -eq $(($(size_of "$APP") + 512)) ] || fail 'not 512 bytes more'
expect_exit 0 gen decrypt rsa.enc rsa_priv_key.pem back.bin
no_err
out_is "Decrypting image ...
Magic verified successfully
Binary size: $(size_of "$APP")
Done"
same "$APP" back.bin
expect_exit 0 gen encrypt "$APP" device_pub_key.pem ecies.enc
out_is 'Encrypting image ...
Server ECC-256 keypair generated successfully
ECDH key exchange completed successfully
Done'
expect_exit 0 gen decrypt ecies.enc device_hmac_key.bin back.bin
out_is "Decrypting image ...
ECDH key exchange completed successfully
Magic verified successfully
Binary size: $(size_of "$APP")
Done"
same "$APP" back.bin
expect_exit 0 gen decrypt ecies.enc device_hmac_key.bin -
same "$APP" out

# openssl opens what otapack made, and otapack what openssl made: of each kind of text and key, a folder.
printf '%s' 'thirty-seven bytes, no multiple of 16' >odd.bin
: >empty.bin
# tried COMMAND: for each of them, with folder, plain, public and private.
tried() {
    folder=0
    for plain in odd.bin empty.bin "$APP"; do
        for keys in rsa_pub_key.pem:rsa_priv_key.pem device_pub_key.pem:device_hmac_key.bin \
            "$KEYS/ecdsa-p256-a.pub.pem:$KEYS/ecdsa-p256-a.pem"; do
            folder=$((folder + 1)) public=${keys%%:*} private=${keys#*:}
            "$1"
        done
    done
}
for_openssl=()
ours() {
    folders "$folder"
    expect_exit 0 gen encrypt "$plain" "$public" "$folder/ours.enc"
    for_openssl+=(decrypt "$folder/ours.enc" "$private" "$folder/ours.bin")
    for_openssl+=(encrypt "$plain" "$public" "$folder/theirs.enc")
}
theirs() {
    same "$plain" "$folder/ours.bin"
    expect_exit 0 gen decrypt "$folder/theirs.enc" "$private" "$folder/theirs.bin"
    same "$plain" "$folder/theirs.bin"
}
tried ours
"$PYTHON" -ISB "$SOURCE/tests/esp_encrypted.py" "${for_openssl[@]}" 2>judge.log || fail "$(<judge.log)"
tried theirs
[ "$folder" -eq 9 ] || fail "$folder kinds were tried"

# refused STATUS REGEX ARGUMENT...: one line, and no file.
refused() {
    refused_status=$1 refused_text=$2
    shift 2
    expect_exit "$refused_status" gen "$@"
    no_out
    expect_one_line_err
    expect_err "$refused_text"
    [ ! -e none ] || fail "written all the same: $*"
}
refused 2 'device_hmac_key\.bin: is there already, and a key is not written over; ' --generate_ecc_key
refused 2 'takes encrypt or decrypt with INPUT KEY OUTPUT' encrypt odd.bin
refused 2 'takes encrypt or decrypt'
refused 2 'is no key that devices decrypt updates with; ' encrypt odd.bin "$KEYS/rsa2048.pub.pem" none
refused 2 'is no key that devices decrypt updates with; ' encrypt odd.bin "$KEYS/ecdsa-p384-a.pem" none
refused 2 'is a public key, and decrypting takes the private one; ' decrypt rsa.enc rsa_pub_key.pem none
refused 1 'is a key of RSA-3072, and this is encrypted with ECIES P-256; ' \
    decrypt ecies.enc rsa_priv_key.pem none
refused 1 'is not the key that this was encrypted for, ' decrypt rsa.enc "$KEYS/rsa3072-b.pem" none
refused 1 'does not decrypt this: the tag does not fit; ' decrypt ecies.enc "$KEYS/ecdsa-p256-b.pem" none
refused 1 'Magic Verification Failed: ' decrypt odd.bin rsa_priv_key.pem none
cat rsa.enc odd.bin >long.enc
refused 1 'long\.enc: has [0-9]* bytes, where its header says ' decrypt long.enc rsa_priv_key.pem none
cut_bytes rsa.enc 0 600 >short.enc
refused 1 'short\.enc: has 600 bytes, where its header says ' decrypt short.enc rsa_priv_key.pem none
refused 2 'rsa\.enc: is the file that is read; ' decrypt rsa.enc rsa_priv_key.pem rsa.enc
refused 2 'rsa_priv_key\.pem: is also the key; ' decrypt rsa.enc rsa_priv_key.pem rsa_priv_key.pem
refused 2 'none\.bin: cannot open' encrypt none.bin rsa_pub_key.pem none
