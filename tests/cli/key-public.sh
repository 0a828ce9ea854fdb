# SPDX-License-Identifier: Apache-2.0
# key public: of each kind of key and in each form, byte for byte what openssl writes; raw for Secure
# Boot v1; to a file, which must not be the key.
. "$SOURCE/tests/sign-lib.sh"

for key in $SCHEMES; do
    for letter in a b; do
        name=$key-$letter
        take_key $name
        openssl pkey -in $name.pem -pubout -out expected.pem
        expect_exit 0 otapack key public $name.pem
        no_err
        same expected.pem out
        same "$KEYS/$name.pub.pem" out
        expect_exit 0 otapack key public "$KEYS/$name.pub.pem" --format pem
        same expected.pem out
        expect_exit 0 otapack key public $name.pem -o written.pem
        no_out
        same expected.pem written.pem
        openssl pkey -pubin -in written.pem -noout || fail 'openssl does not read it'
    done
done
for form in pkcs8 params; do
    expect_exit 0 otapack key public "$KEYS/ecdsa-p256-a.$form.pem" -q
    same "$KEYS/ecdsa-p256-a.pub.pem" out
done
for form in encrypted encrypted-aes128 encrypted-des3 encrypted-sec1; do
    expect_exit 0 otapack key public "$KEYS/ecdsa-p256-a.$form.pem" -q \
        --passphrase-file "$KEYS/passphrase.txt"
    same "$KEYS/ecdsa-p256-a.pub.pem" out
    no_err
done
# Other forms of a public key: RSAPublicKey, standard input, 64 raw bytes.
openssl rsa -in "$KEYS/rsa3072-a.pem" -RSAPublicKey_out -out rsa.pem 2>/dev/null
expect_exit 0 otapack key public rsa.pem
same "$KEYS/rsa3072-a.pub.pem" out
expect_exit 0 otapack key public - <"$KEYS/rsa3072-a.pub.pem"
same "$KEYS/rsa3072-a.pub.pem" out
expect_exit 0 otapack key public "$KEYS/ecdsa-p256-a.pub.bin"
same "$KEYS/ecdsa-p256-a.pub.pem" out

# Raw.
for name in "$KEYS/ecdsa-p256-a.pub.pem" ecdsa-p256-a.pem "$KEYS/ecdsa-p256-a.pub.bin"; do
    expect_exit 0 otapack key public "$name" --format raw
    same "$KEYS/ecdsa-p256-a.pub.bin" out
    expect_exit 0 otapack key public "$name" -F raw -o raw.bin
    same out /dev/null
    same "$KEYS/ecdsa-p256-a.pub.bin" raw.bin
done
openssl pkey -in ecdsa-p256-a.pem -pubout -outform DER | tail -c 64 >expected.bin
same expected.bin raw.bin
for key in rsa3072-a ecdsa-p192-a ecdsa-p384-a; do
    expect_exit 2 otapack key public "$KEYS/$key.pub.pem" --format raw
    no_out
    expect_one_line_err
    expect_err 'P-256'
done

# As the header of a sketch for an ESP8266: what signing.py writes, said once more in shell.
header_of() { # header_of PEM: the header, to stdout
    printf '#include <pgmspace.h>\n#define ARDUINO_SIGNING 1\n'
    printf 'static const char signing_pubkey[] PROGMEM = {\n'
    od -An -v -tx1 -w1 "$1" | sed 's/ \(..\)/0x\1, /; $s/, $//'
    printf '};\n'
}
cp "$KEYS/rsa2048.pub.pem" rsa2048.pub.pem
take_key rsa2048
openssl genrsa -out rsa1024.pem 1024 2>/dev/null
cp "$SOURCE/tests/rsa4096.pem" rsa4096.pem
for bits in 1024 4096; do
    chmod 600 rsa$bits.pem
    openssl rsa -in rsa$bits.pem -pubout -out rsa$bits.pub.pem 2>/dev/null
done
cp "$KEYS/rsa3072-a.pub.pem" rsa3072.pub.pem
for bits in 1024 2048 3072 4096; do
    header_of rsa$bits.pub.pem >expected.h
    expect_exit 0 otapack key public rsa$bits.pub.pem --format arduino-header
    no_err
    same expected.h out
done
expect_exit 0 otapack key public rsa2048.pem -F arduino-header -o header.h
no_out
no_err
header_of rsa2048.pub.pem | cmp - header.h || fail 'the header of a private key is another'
for key in ecdsa-p192-a ecdsa-p256-a ecdsa-p384-a; do
    expect_exit 2 otapack key public "$KEYS/$key.pub.pem" --format arduino-header -o new.h
    expect_one_line_err
    expect_err "$key.*ECDSA.*; .*rsa2048"
    no_file new.h
done

# Refused, and nothing written.
head -c 64 /dev/zero >zeros.bin
head -c 64 "$KEYS/rsa3072-a.pub.pem" >text.bin
mkdir folder
for name in ecdsa-p521.pem ed25519.pem corrupt.pem corrupt-base64.pem no-key.pem; do
    expect_exit 2 otapack key public "$KEYS/$name" -o folder/new.pem
    expect_one_line_err
    expect_err "$name: .+; ."
done
for name in zeros.bin text.bin missing.pem folder; do
    expect_exit 2 otapack key public $name -o folder/new.pem
    expect_one_line_err
    expect_err "$name: "
done
openssl genrsa -out rsa1536.pem 1536 2>/dev/null
chmod 600 rsa1536.pem
openssl pkey -in rsa1536.pem -pubout -out rsa1536.pub.pem
openssl pkey -in "$KEYS/ed25519.pem" -pubout -out ed25519.pub.pem
for name in rsa1536.pem rsa1536.pub.pem ed25519.pub.pem; do
    expect_exit 2 otapack key public $name
    expect_one_line_err
    expect_err 'RSA of 3072|3072'
done
folder_is folder
for form in der hex '' RAW; do
    expect_exit 2 otapack key public ecdsa-p256-a.pem --format "$form"
    expect_one_line_err
    no_out
done
expect_exit 2 otapack key public
expect_exit 2 otapack key
expect_exit 2 otapack key publish ecdsa-p256-a.pem
expect_exit 2 otapack key public ecdsa-p256-a.pem -o missing/new.pem
expect_exit 2 sh -c '"$OTAPACK" key public ecdsa-p256-a.pem >/dev/full'

if have_vectors && [ -f "$VECTORS/esp8266/arduino_public.key" ]; then
    header_of "$VECTORS/esp8266/arduino_public.key" >expected.h
    for key in public private; do
        expect_exit 0 otapack key public "$VECTORS/esp8266/arduino_$key.key" -q -F arduino-header
        same expected.h out
    done
fi
if have_vectors; then
    real=$VECTORS/secure-boot
    expect_exit 0 otapack key public "$real/keys/ec_p256_1.pem" --format raw -q
    same "$real/v1_pub_p256.bin" out
    for key in rsa3072 ec_p192 ec_p256 ec_p384; do
        for n in 1 2; do
            expect_exit 0 otapack key public "$real/keys/${key}_$n.pem" -q
            same "$real/keys/${key}_$n.pub.pem" out
        done
    done
fi

# The key is never written over, by whatever name.
cp ecdsa-p256-a.pem before.pem
ln -s ecdsa-p256-a.pem link.pem
ln ecdsa-p256-a.pem hard.pem
for name in ecdsa-p256-a.pem ./ecdsa-p256-a.pem "$PWD/ecdsa-p256-a.pem" link.pem hard.pem; do
    for verb in public digest; do
        expect_exit 2 otapack key $verb ecdsa-p256-a.pem -o "$name"
        expect_one_line_err
        same before.pem ecdsa-p256-a.pem
    done
done
