# SPDX-License-Identifier: Apache-2.0
# Keys in a token (SoftHSM) sign, verify and are printed: RSA and EC, by token and object, by id,
# through a module that is named or registered; the PIN comes from a file or the environment.
. "$SOURCE/tests/softhsm-lib.sh"

new_token release
id=0
for key in rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    id=$((id + 1))
    import_key release "0$id" "$key" "$KEYS/$key-a.pem"
done

# signs URI KEY: an app that devices with such keys have is signed, and the signature fits.
signs() {
    unsigned "good-$2.bin" app.bin
    expect_exit 0 otapack sign app.bin --key "$1" -o signed.bin
    refuse_err "$PIN"
    expect_exit 0 otapack verify signed.bin --key "$KEYS/$2-a.pub.pem"
    expect_exit 1 otapack verify signed.bin --key "$KEYS/$2-b.pub.pem"
    [ "$(size_of signed.bin)" -eq "$(size_of "$FIXTURES/secure_boot/good-$2.bin")" ] ||
        fail "signed.bin is as long as $(size_of signed.bin)"
}
for key in rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    signs "$(uri "token=release;object=$key")" "$key"
    rm signed.bin

    # The public key needs no PIN: this token shows it to everybody.
    public=$(uri "token=release;object=$key" pin-source=/nofile)
    expect_exit 0 otapack key public "$public"
    same "$KEYS/$key-a.pub.pem" out
    expect_exit 0 otapack key digest "$KEYS/$key-a.pub.pem"
    mv out digest.txt
    expect_exit 0 otapack key digest "$public"
    same digest.txt out
    expect_exit 0 otapack verify "$FIXTURES/secure_boot/good-$key.bin" --key "$public"
done
expect_exit 1 otapack verify "$FIXTURES/secure_boot/good-rsa3072.bin" \
    --key "$(uri 'token=release;object=ecdsa-p256')"

# In a ring it has a name.
printf "otapack: 1\nkeys:\n  HSM: '%s'\n" "$(uri 'token=release;id=%01')" >ring.yaml
expect_exit 0 otapack verify "$FIXTURES/secure_boot/good-rsa3072.bin" --keys ring.yaml --require-key HSM
expect_out 'by HSM$'

# openssl takes the RSA signature for what it should be: PSS, SHA-256, a salt of 32 bytes.
signs "$(uri 'token=release;id=%01')" rsa3072
sector=$(($(size_of signed.bin) - 4096))
cut_bytes signed.bin 0 "$sector" >covered.bin
# shellcheck disable=SC2046 # one argument per byte
bytes $(cut_bytes signed.bin $((sector + 812)) 384 | od -An -v -tu1 -w1 | tac) >signature.bin
openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 \
    -verify "$KEYS/rsa3072-a.pub.pem" -signature signature.bin covered.bin >openssl.log 2>&1 ||
    fail "openssl: $(<openssl.log)"

# The URI: by id, with a type, with the module's name for all registered ones.
signs "$(uri 'token=release;id=%03;type=private')" ecdsa-p256
signs "$(uri 'id=%03;object=ecdsa-p256')" ecdsa-p256
signs "$(uri 'token=release;id=%03' "pin-source=file://$PWD/pin")" ecdsa-p256
signs "$(uri 'token=release;id=%03' 'pin-source=pin')" ecdsa-p256
if grep -qs softhsm /usr/share/p11-kit/modules/*.module; then
    signs 'pkcs11:token=release;object=ecdsa-p256?pin-source=file:pin' ecdsa-p256
    registered=$(basename "$(grep -ls softhsm /usr/share/p11-kit/modules/*.module)" .module)
    signs "pkcs11:token=release;id=%01?module-name=$registered&pin-source=pin" rsa3072
fi

# The PIN from the environment, below pin-source in rank; only the first line of a file.
export OTAPACK_PIN=$PIN
signs "$(uri 'token=release;id=%03' '')" ecdsa-p256
OTAPACK_PIN=wrong
signs "$(uri 'token=release;id=%03')" ecdsa-p256
unset OTAPACK_PIN
printf '%s\r\nanother line\n' "$PIN" >pin-crlf
signs "$(uri 'token=release;id=%03' pin-source=pin-crlf)" ecdsa-p256

# A key that wants the PIN again for each signature, and one made in the token.
token_tool release --keypairgen --key-type EC:prime256v1 --id 10 --label always --always-auth
made=$(uri 'token=release;object=always')
expect_exit 0 otapack key public "$made"
mv out always.pem
openssl pkey -pubin -in always.pem -noout
unsigned good-ecdsa-p256.bin app.bin
expect_exit 0 otapack sign app.bin --key "$made" -o signed.bin
expect_exit 0 otapack verify signed.bin --key always.pem

# The public key object is found by the label where it has another id; RSA needs none.
openssl pkey -pubin -in "$KEYS/ecdsa-p256-a.pub.pem" -outform DER -out public.der
token_tool release --delete-object --type pubkey --id 03
token_tool release --write-object public.der --type pubkey --id 33 --label ecdsa-p256
signs "$(uri 'token=release;id=%03')" ecdsa-p256
token_tool release --delete-object --type pubkey --id 01
signs "$(uri 'token=release;id=%01')" rsa3072
expect_exit 0 otapack key public "$(uri 'token=release;id=%01')"
same "$KEYS/rsa3072-a.pub.pem" out

# Two tokens are told apart; one label may stand for its private and its public key.
new_token other
signs "$(uri 'token=release;object=ecdsa-p192')" ecdsa-p192
