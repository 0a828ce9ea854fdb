# SPDX-License-Identifier: Apache-2.0
# Signatures made elsewhere: --digest-only says what to sign and how, its openssl commands work as
# they are printed, --signature attaches the result, in DER and raw; each mistake that is made with
# openssl is told by its name.
. "$SOURCE/tests/sign-lib.sh"

# run_printed NAME: the openssl commands of ./out, as printed but for KEY.pem and what is asked for
# in capitals; then the otapack command that they end in.
run_printed() {
    local text line openssls=0 otapacks=0
    text=$(<out)
    : >printed.sh
    while IFS= read -r line; do
        case $line in
            [[:blank:]]*'openssl dgst '*'-sign '*)
                line=${line//KEY.pem/$KEYS/$1.pem}
                openssls=$((openssls + 1))
                ;;
            [[:blank:]]*'openssl dgst '*'-binary'*) openssls=$((openssls + 1)) ;;
            [[:blank:]]*'otapack sign '*)
                line=${line/otapack sign/\"\$OTAPACK\" sign}
                otapacks=$((otapacks + 1))
                ;;
            *) continue ;;
        esac
        printf '%s\n' "$line" >>printed.sh
    done <<<"${text//\\$'\n'/ }"
    [ $openssls -eq 2 ] || fail 'no openssl commands are printed'
    [ $otapacks -eq 1 ] || fail 'no command to attach is printed'
    expect_exit 0 sh -eu printed.sh
}
key_digests rsa3072-a ecdsa-p192-a ecdsa-p256-a ecdsa-p384-a

for scheme in $SCHEMES; do
    drop data.bin digest.bin signature.bin signed.bin
    unsigned "good-$scheme.bin" app.bin
    cp app.bin before.bin
    padded app.bin >padded.bin
    hash=sha256 pss=()
    case $scheme in
        *p384) hash=sha384 ;;
        rsa*) pss=(-pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:32) ;;
    esac
    digest=$("${hash}sum" padded.bin)
    digest=${digest%% *}
    padded_size=$(size_of padded.bin)
    expect_exit 0 otapack sign app.bin --digest-only --public-key "$KEYS/$scheme-a.pub.pem"
    expect_out "^digest: $digest\$"
    expect_out "^key_digest: ${DIGESTS[$scheme-a]}\$"
    expect_out "^size: $padded_size\$"
    expect_out "^padding: $((padded_size - $(size_of app.bin)))\$"
    case $scheme in
        rsa*) expect_out '^salt_length: 32$' ;;
        *) refuse_out 'salt' ;;
    esac
    no_err
    same before.bin app.bin

    expect_exit 0 otapack sign app.bin --digest-only --public-key "$KEYS/$scheme-a.pub.pem" \
        -o data.bin
    same padded.bin data.bin
    run_printed "$scheme-a"
    signed_by signed.bin app.bin "$scheme-a"
    hex_bytes "$digest" >expected.bin
    same expected.bin digest.bin

    # A token signs the digest; the result is the same kind of file.
    openssl pkeyutl -sign -inkey "$KEYS/$scheme-a.pem" -in digest.bin -out token.sig \
        -pkeyopt "digest:$hash" "${pss[@]}"
    expect_exit 0 otapack sign app.bin --signature token.sig --public-key "$KEYS/$scheme-a.pub.pem" \
        -o signed.bin
    signed_by signed.bin app.bin "$scheme-a"

    # r and s as they are.
    case $scheme in
        rsa*) continue ;;
    esac
    size=$((${scheme##*p} / 8))
    secure_boot raw token.sig $size >raw.sig
    [ "$(size_of raw.sig)" -eq $((2 * size)) ] || fail "raw.sig has $(size_of raw.sig) bytes"
    expect_exit 0 otapack sign app.bin --signature raw.sig --public-key "$KEYS/$scheme-a.pub.pem" \
        -o raw.bin
    same signed.bin raw.bin
done

# The private key may say which public key it is; a certificate's worth of words is not needed.
unsigned good-ecdsa-p256.bin app.bin
expect_exit 0 otapack sign app.bin --digest-only --key "$KEYS/ecdsa-p256-a.pem"
expect_out '^digest: [0-9a-f]{64}$'

# Two at once, one after the other with --append, and by the side of a key.
padded app.bin >data.bin
for key in a b c; do openssl_sign ecdsa-p256-$key data.bin $key.sig; done
expect_exit 0 otapack sign app.bin --signature a.sig --public-key "$KEYS/ecdsa-p256-a.pub.pem" \
    --signature b.sig --public-key "$KEYS/ecdsa-p256-b.pub.pem" -o two.bin
signed_by two.bin app.bin ecdsa-p256-a ecdsa-p256-b
expect_exit 0 otapack sign two.bin --append --signature c.sig \
    --public-key "$KEYS/ecdsa-p256-c.pub.pem" -o three.bin
signed_by three.bin app.bin ecdsa-p256-a ecdsa-p256-b ecdsa-p256-c
expect_exit 0 otapack sign two.bin --replace --block 0 --signature c.sig \
    --public-key "$KEYS/ecdsa-p256-c.pub.pem" -o again.bin
signed_by again.bin app.bin ecdsa-p256-c ecdsa-p256-b
# What has to be signed is the same for a signed image.
expect_exit 0 otapack sign two.bin --digest-only --public-key "$KEYS/ecdsa-p256-c.pub.pem" -o more.bin
same data.bin more.bin
take_key ecdsa-p256-b
expect_exit 0 otapack sign app.bin --key ecdsa-p256-b.pem --signature a.sig \
    --public-key "$KEYS/ecdsa-p256-a.pub.pem" -o mixed.bin
expect_exit 0 otapack verify mixed.bin --key "$KEYS/ecdsa-p256-a.pub.pem" \
    --key "$KEYS/ecdsa-p256-b.pub.pem"

# v1: not padded.
unsigned good-v1.bin app.bin
expect_exit 0 otapack sign app.bin --scheme secure-boot-v1 --digest-only \
    --public-key "$KEYS/ecdsa-p256-a.pub.bin" -o data.bin
same app.bin data.bin
expect_out "^digest: $(sha256_of app.bin)\$"
run_printed ecdsa-p256-a
cut_bytes signed.bin "$(size_of app.bin)" 68 >tail.bin
secure_boot v1 signature.bin >v1.tail
same v1.tail tail.bin
expect_exit 0 otapack verify signed.bin --key "$KEYS/ecdsa-p256-a.pub.pem"

# ---- Mistakes -----------------------------------------------------------------------------------

# mistake NAME REGEX: signature.bin is refused for this key, in words that tell the mistake.
mistake() {
    refuse_sign 1 "$2" app.bin --signature signature.bin --public-key "$KEYS/$1.pub.pem"
    expect_err '^otapack: .*signature\.bin'
}
unsigned good-rsa3072.bin app.bin
padded app.bin >data.bin
openssl dgst -sha256 -binary data.bin >digest.bin
rsa() { openssl dgst -sha256 -sign "$KEYS/rsa3072-a.pem" -out signature.bin "$@"; }
rsa data.bin
mistake rsa3072-a 'PKCS#1'
for salt in 20 0 64 max; do
    rsa -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:$salt data.bin
    mistake rsa3072-a 'salt'
done
openssl_sign rsa3072-a app.bin signature.bin
mistake rsa3072-a 'padding'
openssl_sign rsa3072-a digest.bin signature.bin
mistake rsa3072-a 'digest of the digest'
openssl_sign rsa3072-b data.bin signature.bin
mistake rsa3072-a 'another key'
openssl dgst -sha384 -sign "$KEYS/rsa3072-a.pem" -sigopt rsa_padding_mode:pss \
    -sigopt rsa_pss_saltlen:32 -out signature.bin data.bin
mistake rsa3072-a 'another key|SHA-384|other bytes'

for scheme in ecdsa-p192 ecdsa-p256 ecdsa-p384; do
    unsigned "good-$scheme.bin" app.bin
    padded app.bin >data.bin
    openssl dgst "-$(hash_of_key $scheme)" -binary data.bin >digest.bin
    openssl_sign $scheme-a app.bin signature.bin
    mistake $scheme-a 'padding'
    openssl_sign $scheme-a digest.bin signature.bin
    mistake $scheme-a 'digest of the digest'
    openssl_sign $scheme-b data.bin signature.bin
    mistake $scheme-a 'another key'
done
openssl dgst -sha256 -sign "$KEYS/ecdsa-p384-a.pem" -out signature.bin data.bin
mistake ecdsa-p384-a 'SHA-256.*SHA-384'

# Of another image, and over bytes that --append would have changed.
unsigned good-ecdsa-p256.bin app.bin
padded app.bin >data.bin
cat data.bin data.bin >twice.bin
openssl_sign ecdsa-p256-a twice.bin signature.bin
mistake ecdsa-p256-a 'another key|other bytes'
openssl_sign ecdsa-p256-a "$SIGNED/good-ecdsa-p256-x2.bin" signature.bin
mistake ecdsa-p256-a 'another key|other bytes'

# v1 is not padded: who signs the padded image is told.
padded app.bin >data.bin
openssl_sign ecdsa-p256-a data.bin signature.bin
unsigned good-v1.bin app.bin
padded app.bin >data.bin
openssl_sign ecdsa-p256-a data.bin signature.bin
refuse_sign 1 'signature\.bin.*(padd|other bytes)' app.bin --scheme secure-boot-v1 \
    --signature signature.bin --public-key "$KEYS/ecdsa-p256-a.pub.pem"

# No signature at all, or one of another kind.
unsigned good-rsa3072.bin app.bin
padded app.bin >data.bin
: >signature.bin
not() { refuse_sign 2 'signature\.bin.*384' app.bin --signature signature.bin \
    --public-key "$KEYS/rsa3072-a.pub.pem"; }
not
head -c 383 data.bin >signature.bin
not
head -c 385 data.bin >signature.bin
not
head -c 100000 /dev/zero >signature.bin
refuse_sign 2 'signature\.bin' app.bin --signature signature.bin --public-key "$KEYS/rsa3072-a.pub.pem"
openssl_sign ecdsa-p256-a data.bin signature.bin
not
openssl_sign rsa3072-a data.bin signature.bin
refuse_sign 2 'signature\.bin.*(64|DER)' app.bin --signature signature.bin \
    --public-key "$KEYS/ecdsa-p256-a.pub.pem"
openssl base64 -in signature.bin -out text.sig
refuse_sign 2 'text\.sig' app.bin --signature text.sig --public-key "$KEYS/rsa3072-a.pub.pem"
head -c 384 /dev/zero >signature.bin
mistake rsa3072-a 'another key|other bytes'
head -c 64 /dev/zero >signature.bin
unsigned good-ecdsa-p256.bin app.bin
mistake ecdsa-p256-a 'another key|other bytes'

# What belongs together.
refuse_sign 2 '--public-key' app.bin --signature signature.bin
refuse_sign 2 '--signature|--digest-only' app.bin --public-key "$KEYS/ecdsa-p256-a.pub.pem"
expect_exit 2 otapack sign app.bin --digest-only
expect_one_line_err
expect_err '--public-key'
expect_exit 2 otapack sign app.bin --digest-only --public-key "$KEYS/ecdsa-p521.pem"
expect_one_line_err
no_out
refuse_sign 2 'missing\.sig' app.bin --signature missing.sig --public-key "$KEYS/ecdsa-p256-a.pub.pem"

# -o of --digest-only must not be the image.
cp app.bin before.bin
status=0
otapack sign app.bin --digest-only --public-key "$KEYS/ecdsa-p256-a.pub.pem" -o app.bin \
    >out 2>err || status=$?
same before.bin app.bin

# Two mistakes at once, as openssl dgst -sign KEY makes them that nobody told of either: one is told.
unsigned good-rsa3072.bin app.bin
padded app.bin >data.bin
openssl dgst -sha256 -binary data.bin >digest.bin
rsa app.bin
mistake rsa3072-a 'PKCS#1|padding'
rsa digest.bin
mistake rsa3072-a 'PKCS#1|digest of the digest'

# -o of --digest-only is none of what is read, and not where the answer goes.
take_key ecdsa-p256-a
cp ecdsa-p256-a.pem kept.pem
expect_exit 2 otapack sign app.bin --digest-only --public-key pub.pem --key ecdsa-p256-a.pem \
    -o ecdsa-p256-a.pem
same kept.pem ecdsa-p256-a.pem
expect_exit 2 otapack sign app.bin --digest-only --public-key pub.pem -o -
no_out
