# SPDX-License-Identifier: Apache-2.0
# What sign refuses: keys that are none, wrong passphrases, images that are none, outputs that would
# harm something; one line each, no output, and an old one stays.
. "$SOURCE/tests/sign-lib.sh"

unsigned good-ecdsa-p256.bin app.bin
cp app.bin before.bin
take_key ecdsa-p256-a ecdsa-p256-b ecdsa-p256-c ecdsa-p384-a rsa3072-a ecdsa-p256-a.encrypted \
    ecdsa-p256-a.encrypted-aes128 ecdsa-p256-a.encrypted-sec1 ecdsa-p256-a.encrypted-scrypt \
    rsa2048 ecdsa-p521 ed25519 corrupt corrupt-base64 no-key rsa3072-a.encrypted-pkcs1
A=ecdsa-p256-a.pem

# ---- Keys ---------------------------------------------------------------------------------------

for key in rsa2048 ecdsa-p521 ed25519; do
    refuse_sign 2 "$key\\.pem.*RSA.*3072.*P-192.*P-256.*P-384" app.bin --key $key.pem
done
refuse_sign 2 'corrupt\.pem' app.bin --key corrupt.pem
refuse_sign 2 'corrupt-base64\.pem' app.bin --key corrupt-base64.pem
refuse_sign 2 'no-key\.pem' app.bin --key no-key.pem
refuse_sign 2 'public' app.bin --key "$KEYS/ecdsa-p256-a.pub.pem"
refuse_sign 2 'encrypt' app.bin --key ecdsa-p256-a.encrypted-scrypt.pem \
    --passphrase-file "$KEYS/passphrase.txt"
mkdir folder
: >empty.pem
head -c 100000 /dev/zero >large.pem
refuse_sign 2 'folder' app.bin --key folder
refuse_sign 2 'missing\.pem' app.bin --key missing.pem
refuse_sign 2 'empty\.pem' app.bin --key empty.pem
refuse_sign 2 'large\.pem' app.bin --key large.pem
refuse_sign 2 'app\.bin' app.bin --key app.bin
for cut in 20 100 200; do
    head -c $cut $A >cut.pem
    refuse_sign 2 'cut\.pem' app.bin --key cut.pem
done
# A public key that is not that of the number; a number that is none of the curve.
"$PYTHON" -ISB - <<'END'
import base64
pem = open("ecdsa-p256-a.pem").read().split("-----")
der = bytearray(base64.b64decode(pem[2]))
def write(name, data):
    text = base64.encodebytes(bytes(data)).decode()
    open(name, "w").write("-----BEGIN EC PRIVATE KEY-----\n%s-----END EC PRIVATE KEY-----\n" % text)
at = der.index(b"\x04\x20") + 2
write("zero.pem", der[:at] + bytes(32) + der[at + 32:])
write("large-number.pem", der[:at] + b"\xff" * 32 + der[at + 32:])
write("off-curve.pem", der[:-1] + bytes([der[-1] ^ 1]))
END
chmod 600 ./*.pem
for key in zero large-number off-curve; do
    refuse_sign 2 "$key\\.pem" app.bin --key $key.pem
done

# Passphrases: the same words whichever way they are wrong.
echo 'battery staple' >wrong
echo "$(<"$KEYS/passphrase.txt") " >blank
words=()
# said KEY: notes what stderr says, but for the name of the key.
said() {
    text=$(<err)
    words+=("${text//$1/KEY}")
}
for key in ecdsa-p256-a.encrypted ecdsa-p256-a.encrypted-aes128 ecdsa-p256-a.encrypted-sec1 \
    rsa3072-a.encrypted-pkcs1; do
    for file in wrong blank; do
        refuse_sign 2 'passphrase' app.bin --key $key.pem --passphrase-file $file
        refuse_err 'battery'
        said "$key"
    done
    export OTAPACK_PASSPHRASE='another one'
    refuse_sign 2 'passphrase' app.bin --key $key.pem
    refuse_err 'another one'
    said "$key"
    unset OTAPACK_PASSPHRASE
done
: >nothing
refuse_sign 2 'nothing' app.bin --key ecdsa-p256-a.encrypted.pem --passphrase-file nothing
refuse_sign 2 'folder' app.bin --key ecdsa-p256-a.encrypted.pem --passphrase-file folder
refuse_sign 2 'missing' app.bin --key ecdsa-p256-a.encrypted.pem --passphrase-file missing
# No option takes a passphrase itself.
expect_exit 2 otapack sign app.bin --key ecdsa-p256-a.encrypted.pem --passphrase secret -o new.bin
expect_exit 2 otapack sign app.bin --key ecdsa-p256-a.encrypted.pem --password secret -o new.bin
no_file new.bin

# How many, and of what kind.
refuse_sign '1' 'ecdsa-p256-a\.pem' app.bin --key $A --key $A
refuse_sign '1' 'three|3' app.bin --key $A --key ecdsa-p256-b.pem --key ecdsa-p256-c.pem \
    --key ecdsa-p384-a.pem
refuse_sign 1 'sig-mixed' app.bin --key $A --key rsa3072-a.pem
refuse_sign 1 'sig-mixed' "$SIGNED/good-ecdsa-p256.bin" --append --key rsa3072-a.pem
unsigned good-v1.bin v1.bin
refuse_sign 2 'P-256' v1.bin --scheme secure-boot-v1 --key ecdsa-p384-a.pem
refuse_sign 2 'P-256' v1.bin --scheme secure-boot-v1 --key rsa3072-a.pem
refuse_sign 2 'one' v1.bin --scheme secure-boot-v1 --key $A --key ecdsa-p256-b.pem
refuse_sign 1 'v1' "$SIGNED/good-v1.bin" --append --scheme secure-boot-v1 --key ecdsa-p256-b.pem
refuse_sign 1 'v1' "$SIGNED/good-v1.bin" --append --key ecdsa-p256-b.pem
refuse_sign 1 'v1|v2' "$SIGNED/good-ecdsa-p256.bin" --append --scheme secure-boot-v1 --key $A

# ---- Images -------------------------------------------------------------------------------------

{ cat app.bin; echo 'a few bytes more'; } >trailing.bin
refuse_sign 1 'esp-trailing' trailing.bin --key $A
refuse_sign 1 'sig-place' "$SIGNED/bad-sig-place.bin" --key $A
# Nor with --replace, which would leave the other signature in the file.
refuse_sign 1 'sig-place|esp-trailing' "$SIGNED/bad-sig-place-second.bin" --replace --key $A
cp app.bin hash.bin
flip hash.bin -1
refuse_sign 1 'esp-hash' hash.bin --key $A
cp app.bin checksum.bin
flip checksum.bin 400
esp_rehash checksum.bin
refuse_sign 1 'esp-checksum' checksum.bin --key $A
# A bad signature beside a new one stays bad, and is noticed.
refuse_sign 1 'sig-signature' "$SIGNED/bad-sig-signature-ecdsa.bin" --append --key ecdsa-p256-b.pem
refuse_sign 1 'sig-digest' "$SIGNED/bad-sig-digest.bin" --append --key ecdsa-p256-b.pem
refuse_sign '1' 'sig-crc' "$SIGNED/bad-sig-crc.bin" --append --key ecdsa-p256-b.pem
head -c 300 app.bin >cut.bin
expect_exit 1 otapack sign cut.bin --key $A -o new.bin
no_file new.bin
for file in "$FIXTURES"/raw/*; do
    status=0
    otapack sign "$file" --key $A -o new.bin >out 2>err || status=$?
    last_command="sign $file"
    [ $status -eq 1 ] || [ $status -eq 2 ] || fail "status $status"
    no_out
    no_file new.bin
    expect_err '^otapack: .+; .'
done
: >empty.bin
expect_exit 2 otapack sign empty.bin --key $A -o new.bin
no_file new.bin
refuse_sign 2 'missing\.bin' missing.bin --key $A
refuse_sign 2 'folder' folder --key $A
refuse_sign 2 '.' "$FIXTURES/br/partition-table.bin" --key $A
refuse_sign 2 'no key|--key' app.bin
expect_exit 2 otapack sign
expect_exit 2 otapack sign app.bin trailing.bin --key $A

# ---- Outputs ------------------------------------------------------------------------------------

expect_exit 2 otapack sign app.bin --key $A -o missing/signed.bin
expect_one_line_err
no_file missing
expect_exit 2 otapack sign app.bin --key $A -o folder
folder_is folder
expect_exit 2 sh -c '"$OTAPACK" sign app.bin --key ecdsa-p256-a.pem -o - >/dev/full'
(
    ulimit -f 1
    trap '' XFSZ
    expect_exit 2 otapack sign app.bin --key $A -o folder/new.bin
)
folder_is folder
mkdir locked
cp app.bin locked/app.bin
chmod 555 locked
if ! (: >locked/probe) 2>/dev/null; then
    expect_exit 2 otapack sign locked/app.bin --key $A
    same app.bin locked/app.bin
    folder_is locked app.bin
fi
chmod 755 locked

# The key as output: refused by each of its names, and the key stays.
cp $A key-before.pem
ln -s $A link.pem
ln $A hard.pem
for name in $A ./$A link.pem "$PWD/$A" hard.pem; do
    expect_exit 2 otapack sign app.bin --key $A -o "$name"
    expect_one_line_err
    same key-before.pem $A
done
expect_exit 2 otapack sign app.bin --key ecdsa-p256-b.pem --key $A -o $A
same key-before.pem $A
expect_exit 2 otapack sign app.bin --key link.pem -o $A
same key-before.pem $A
expect_exit 2 otapack sign $A --key $A
same key-before.pem $A
same before.bin app.bin

# Wrong ones of many kinds: about one in 256 leaves a padding that looks right.
for i in {1..20}; do
    export OTAPACK_PASSPHRASE="guess $i"
    expect_exit 2 otapack sign app.bin --key ecdsa-p256-a.encrypted-sec1.pem -o new.bin
    said ecdsa-p256-a.encrypted-sec1
done
unset OTAPACK_PASSPHRASE
for said in "${words[@]}"; do
    [ "$said" = "${words[0]}" ] || fail "wrong passphrases are told apart: $said, ${words[0]}"
done

# Nor is any other file written over that is read.
cp "$KEYS/passphrase.txt" pass
expect_exit 2 otapack sign app.bin --key ecdsa-p256-a.encrypted.pem --passphrase-file pass -o pass
same "$KEYS/passphrase.txt" pass
padded app.bin >data.bin
openssl_sign ecdsa-p256-a data.bin made.sig
cp made.sig before.sig
cp "$KEYS/ecdsa-p256-a.pub.pem" pub.pem
for name in made.sig pub.pem; do
    expect_exit 2 otapack sign app.bin --signature made.sig --public-key pub.pem -o $name
    same before.sig made.sig
    same "$KEYS/ecdsa-p256-a.pub.pem" pub.pem
done

# Keys that would take hours to decrypt are not decrypted: with many turns, however they are encrypted,
# also where the bytes around them are not as they should be.
text_to slow.py <<'END'
"""EncryptedPrivateKeyInfos of 2147483647 turns, as PEM: CIPHER-REST.pem, REST being bytes behind it."""
import base64

def der(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    length = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else bytes([0x82, n >> 8, n & 255])
    return bytes([tag]) + length + body

turns = der(0x30, der(4, b"saltsalt"), der(2, b"\x7f\xff\xff\xff"))
oid = lambda text: der(6, bytes.fromhex(text))
def pbes2(cipher, block):
    kdf = der(0x30, oid("2a864886f70d01050c"), turns)
    return der(0x30, oid("2a864886f70d01050d"),
               der(0x30, kdf, der(0x30, oid(cipher), der(4, bytes(block)))))

schemes = {
    "aes": pbes2("60864801650304012a", 16),
    "des3": pbes2("2a864886f70d0307", 8),
    "pkcs12": der(0x30, oid("2a864886f70d010c0103"), turns),
}
for name, scheme in schemes.items():
    for rest in (0, 1):
        key = der(0x30, scheme, der(4, bytes(64))) + bytes(rest)
        with open("slow-%s-%d.pem" % (name, rest), "w") as file:
            file.write("-----BEGIN ENCRYPTED PRIVATE KEY-----\n%s-----END ENCRYPTED PRIVATE KEY-----\n"
                       % base64.encodebytes(key).decode())
END
"$PYTHON" -ISB slow.py
chmod 600 slow-*.pem
echo guess >guess.txt
for cipher in aes des3 pkcs12; do
    for rest in 0 1; do
        expect_exit 2 timeout 20 "$OTAPACK" sign app.bin --key slow-$cipher-$rest.pem \
            --passphrase-file guess.txt -o none.bin
        expect_err 'slow-.*\.pem: (is encrypted with more rounds|the key in it is damaged)'
    done
done
