# SPDX-License-Identifier: Apache-2.0
# Espressif's espsecure verifies what otapack signs, and otapack what espsecure signs; openssl, which
# both could get wrong in the same way, is the judge of each signature by itself. Keys, digests and
# what is printed are the same, for the command lines of both generations.

. "$SOURCE/tests/espsecure-lib.sh"
need openssl jq

schemes='rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384'
theirs=0 ours=0 openssls=0

$knows_p384 || echo 'this espsecure knows no P-384: openssl alone judges that'
espsecure_knows() { [ "$1" != ecdsa-p384 ] || $knows_p384; }

# ---- Judges -------------------------------------------------------------------------------------

# they_verify STATUS VERSION KEY FILE
they_verify() {
    they "$1" verify_signature --version "$2" --keyfile "$3" "$4"
    theirs=$((theirs + 1))
}
# we_verify STATUS VERSION KEY FILE: by the verb, and by espsecure's command line.
we_verify() {
    expect_exit "$1" otapack verify -q --allow sig-chip "$4" --key "$3"
    we_verify_compat "$@"
}
we_verify_compat() {
    we "$1" verify_signature --version "$2" --keyfile "$3" "$4"
    we "$1" verify-signature -v "$2" -k "$3" "$4"
    ours=$((ours + 1))
}

# der HEX...: an ECDSA signature's r and s in DER, to stdout.
der() {
    printf 'asn1=SEQUENCE:numbers\n[numbers]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' "$1" "$2" >der.cnf
    openssl asn1parse -genconf der.cnf -noout -out der.sig
    cat der.sig
}
# hex_of FILE OFFSET LENGTH [big]: a number of a signature block, which is little-endian.
hex_of() {
    cut_bytes "$1" "$2" "$3" | od -An -v -tx1 -w1 |
        if [ "${4-}" = big ]; then cat; else tac; fi | tr -d ' \n'
}

# openssl_verifies SCHEME KEY FILE SECTOR BLOCK: the signature in this block, of all before the sector.
openssl_verifies() {
    ov_block=$(($4 + $5 * 1216)) ov_hash=sha256
    head -c "$4" "$3" >covered.bin
    case $1 in
    rsa3072)
        hex_bytes "$(hex_of "$3" $((ov_block + 812)) 384)" >signature.bin
        set -- "$1" "$2" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32
        ;;
    *)
        case $1 in
        *p192) ov_size=24 ov_at=101 ;;
        *p256) ov_size=32 ov_at=101 ;;
        *p384) ov_size=48 ov_at=$AT_P384 ov_hash=sha384 ;;
        esac
        der "$(hex_of "$3" $((ov_block + ov_at)) "$ov_size")" \
            "$(hex_of "$3" $((ov_block + ov_at + ov_size)) "$ov_size")" >signature.bin
        set -- "$1" "$2"
        ;;
    esac
    ov_key=$2
    shift 2
    openssl dgst "-$ov_hash" "$@" -verify "$ov_key" -signature signature.bin covered.bin \
        >openssl.log 2>&1 || fail "openssl: $(cat openssl.log)"
    openssls=$((openssls + 1))
}
AT_P384=149

# ---- What otapack signs -------------------------------------------------------------------------

# digests_in FILE: of each signature, a line. espsecure 5.0 puts the words before it between its bytes.
digests_in() {
    sed -n '/Public key digest/{s/Public key digest for block [0-9]*://g;s/ //g;p;}' "$1"
}

# judged SCHEME FILE KEY...: signed with these keys in this order.
judged() {
    judged_scheme=$1 judged_file=$2 judged_block=0
    judged_sector=$(($(size_of "$2") - 4096))
    shift 2
    for judged_key; do
        judged_public=keys/$judged_scheme-$judged_key.pub.pem
        openssl_verifies "$judged_scheme" "$judged_public" "$judged_file" "$judged_sector" \
            "$judged_block"
        we_verify 0 2 "$judged_public" "$judged_file"
        if espsecure_knows "$judged_scheme" &&
            { [ "$judged_scheme" = rsa3072 ] || [ "$judged_block" -eq 0 ] || $knows_p384; }; then
            they_verify 0 2 "$judged_public" "$judged_file"
        fi
        judged_block=$((judged_block + 1))
    done
    espsecure_knows "$judged_scheme" || return 0
    they 0 signature_info_v2 "$judged_file"
    digests_in espsecure.log >their-digests
    we 0 signature_info_v2 "$judged_file"
    digests_in out >our-digests
    [ "$(wc -l <our-digests)" -eq "$judged_block" ] || fail "not $judged_block digests"
    same their-digests our-digests
}

for scheme in $schemes; do
    unsigned "good-$scheme.bin" app.bin
    expect_exit 0 otapack sign app.bin --key "keys/$scheme-a.pem" -o signed.bin -q
    judged "$scheme" signed.bin a
    if espsecure_knows "$scheme"; then they_verify 1 2 "keys/$scheme-b.pub.pem" signed.bin; fi
    we 0 sign_data -v 2 -k "keys/$scheme-b.pem" "keys/$scheme-a.pem" \
        -o signed.bin app.bin
    judged "$scheme" signed.bin b a
done
unsigned good-rsa3072.bin app.bin
expect_exit 0 otapack sign app.bin --key keys/rsa3072-a.pem --key keys/rsa3072-b.pem \
    --key keys/rsa3072-c.pem -o signed.bin -q
judged rsa3072 signed.bin a b c
expect_exit 0 otapack sign signed.bin --order 2,0,1 -o ordered.bin -q
judged rsa3072 ordered.bin c a b
expect_exit 0 otapack sign signed.bin --remove 1 -o removed.bin -q
judged rsa3072 removed.bin a c
unsigned good-ecdsa-p256.bin app.bin
expect_exit 0 otapack sign app.bin --key keys/ecdsa-p256-c.pem -o signed.bin -q
expect_exit 0 otapack sign signed.bin --append --key keys/ecdsa-p256-b.pem -q
we 0 sign-data -k keys/ecdsa-p256-a.pem -v 2 --append-signatures \
    signed.bin
judged ecdsa-p256 signed.bin c b a
unsigned good-bootloader-rsa3072.bin boot.bin
expect_exit 0 otapack sign boot.bin --key keys/rsa3072-a.pem --key keys/rsa3072-b.pem -q
judged rsa3072 boot.bin a b
unsigned good-esp32-rsa3072.bin app.bin
expect_exit 0 otapack sign app.bin --key keys/rsa3072-a.pem -q
judged rsa3072 app.bin a

# Data of any kind.
head -c 3072 "$RCP/partition_table/partition-table.bin" >table.bin
we 0 sign_data -v 2 -k keys/rsa3072-a.pem -o table-2.bin table.bin
they_verify 0 2 keys/rsa3072-a.pub.pem table-2.bin
we 0 sign_data -v 1 -k keys/ecdsa-p256-a.pem -o table-1.bin table.bin
they_verify 0 1 keys/ecdsa-p256-a.pub.pem table-1.bin
expect_exit 0 otapack sign table.bin --scheme secure-boot-v2-data --key keys/rsa3072-a.pem \
    -o data.bin -q
they_verify 0 2 keys/rsa3072-a.pub.pem data.bin
they 0 sign_data --version 2 --keyfile keys/ecdsa-p256-a.pem --output theirs.bin table.bin
expect_exit 0 otapack verify theirs.bin --key keys/ecdsa-p256-a.pub.pem

# Version 1, whose signature is the same each time.
unsigned good-v1.bin app.bin
expect_exit 0 otapack sign app.bin --scheme secure-boot-v1 --key keys/ecdsa-p256-a.pem -o signed.bin -q
for key in pem pub.pem pub.bin; do
    they_verify 0 1 "keys/ecdsa-p256-a.$key" signed.bin
    we_verify 0 1 "keys/ecdsa-p256-a.$key" signed.bin
done
they_verify 1 1 keys/ecdsa-p256-b.pub.pem signed.bin
end=$(size_of app.bin)
der "$(hex_of signed.bin $((end + 4)) 32 big)" "$(hex_of signed.bin $((end + 36)) 32 big)" >signature.bin
openssl dgst -sha256 -verify keys/ecdsa-p256-a.pub.pem -signature signature.bin app.bin >openssl.log ||
    fail 'openssl: version 1'
openssls=$((openssls + 1))
for file in app table; do
    they 0 sign_data --version 1 --keyfile keys/ecdsa-p256-a.pem --output theirs.bin "$file.bin"
    we 0 sign_data -v 1 -k keys/ecdsa-p256-a.pem -o ours.bin "$file.bin"
    same theirs.bin ours.bin
    we_verify_compat 0 1 keys/ecdsa-p256-a.pub.pem theirs.bin
done

# ---- What espsecure signs -----------------------------------------------------------------------

# they_sign SCHEME FILE: with one key, with two, with one added; what both print about it is the same.
they_sign() {
    ts_a=keys/$1-a.pem ts_b=keys/$1-b.pem
    cp "$2" input.bin
    they 0 sign_data --version 2 --keyfile "$ts_a" --output theirs.bin input.bin
    grep '^Signed\|^Padding\|signing key' espsecure.log | tr -d '"' | sed 's/\.*$//' >their-words
    we_verify 0 2 "keys/$1-a.pub.pem" theirs.bin
    we_verify 1 2 "keys/$1-b.pub.pem" theirs.bin
    we 0 sign_data --version 2 --keyfile "$ts_a" --output ours.bin input.bin
    grep '^Signed\|^Padding\|signing key' out | sed 's/\.*$//' >our-words
    same their-words our-words
    [ "$(size_of ours.bin)" -eq "$(size_of theirs.bin)" ] || fail 'not as long as theirs'
    head -c $(($(size_of ours.bin) - 4096)) ours.bin >ours.begin
    head -c $(($(size_of theirs.bin) - 4096)) theirs.bin >theirs.begin
    same theirs.begin ours.begin
    openssl_verifies "$1" "keys/$1-a.pub.pem" theirs.bin "$(size_of theirs.begin)" 0
    they 0 sign_data --version 2 --append_signatures --keyfile "$ts_b" --output more.bin theirs.bin
    we_verify 0 2 "keys/$1-b.pub.pem" more.bin
    they 0 sign_data --version 2 --keyfile "$ts_b" "$ts_a" --output theirs.bin input.bin
    we_verify 0 2 "keys/$1-a.pub.pem" theirs.bin
    openssl_verifies "$1" "keys/$1-a.pub.pem" theirs.bin "$(size_of theirs.begin)" 1
    # Ours to add to theirs, theirs to add to ours.
    they 0 sign_data --version 2 --keyfile "$ts_a" --output theirs.bin input.bin
    expect_exit 0 otapack sign theirs.bin --append --key "$ts_b" -o more.bin -q
    judged "$1" more.bin a b
    they 0 sign_data --version 2 --append_signatures --keyfile "$ts_b" --output more.bin ours.bin
    judged "$1" more.bin a b
}
for scheme in $schemes; do
    if espsecure_knows "$scheme"; then
        unsigned "good-$scheme.bin" app.bin
        they_sign "$scheme" app.bin
    fi
done
unsigned good-bootloader-rsa3072.bin boot.bin
they_sign rsa3072 boot.bin
unsigned good-esp32-rsa3072.bin app.bin
they_sign rsa3072 app.bin
if have_vectors; then
    cp "$VECTORS/thread-br/rcp_build/esp_ot_rcp.bin" app.bin
    they_sign rsa3072 app.bin
    they_sign ecdsa-p256 app.bin
    cp "$VECTORS/thread-br/rcp_build/bootloader/bootloader.bin" boot.bin
    they_sign rsa3072 boot.bin
    for file in "$VECTORS"/secure-boot/signed_v2_rsa3072*.bin \
        "$VECTORS"/secure-boot/signed_v2_ec_p256.bin; do
        they 0 signature_info_v2 "$file"
        { digests_in espsecure.log && grep 'is valid' espsecure.log; } >their-digests
        we 0 signature_info_v2 "$file"
        { digests_in out && grep 'is valid' out; } >our-digests
        same their-digests our-digests
    done
else
    echo 'skipped: real firmware (OTAPACK_VECTORS is not set)'
fi

# Damaged images: neither takes them. espsecure does not look at all that a block holds: at what it
# does not use, at the constants of RSA keys.
for file in "$FIXTURES"/secure_boot/bad-sig-digest.bin "$FIXTURES"/secure_boot/bad-sig-crc.bin \
    "$FIXTURES"/secure_boot/bad-sig-signature.bin "$FIXTURES"/secure_boot/bad-sig-signature-pkcs1.bin; do
    they_verify 1 2 keys/rsa3072-a.pub.pem "$file"
    we_verify 1 2 keys/rsa3072-a.pub.pem "$file"
done

# ---- Signatures made elsewhere ------------------------------------------------------------------

unsigned good-rsa3072.bin app.bin
expect_exit 0 otapack sign app.bin --digest-only --public-key keys/rsa3072-a.pub.pem -o data.bin
openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -sign keys/rsa3072-a.pem \
    -out rsa.sig data.bin
they 0 sign_data --version 2 --pub-key keys/rsa3072-a.pub.pem --signature rsa.sig \
    --output theirs.bin data.bin
for file in app data; do
    we 0 sign_data --version 2 --pub-key keys/rsa3072-a.pub.pem \
        --signature rsa.sig --output ours.bin "$file.bin"
    same theirs.bin ours.bin
done
unsigned good-ecdsa-p256.bin app.bin
expect_exit 0 otapack sign app.bin --digest-only --public-key keys/ecdsa-p256-a.pub.pem -o data.bin
openssl dgst -sha256 -sign keys/ecdsa-p256-a.pem -out ecdsa.sig data.bin
they 0 sign_data --version 2 --pub-key keys/ecdsa-p256-a.pub.pem --signature ecdsa.sig \
    --output theirs.bin data.bin
we 0 sign_data --version 2 --pub-key keys/ecdsa-p256-a.pub.pem \
    --signature ecdsa.sig --output ours.bin app.bin
same theirs.bin ours.bin

# ---- Keys ---------------------------------------------------------------------------------------

for scheme in $schemes; do
    espsecure_knows "$scheme" || continue
    for suffix in pem pub.pem; do
        they 0 digest_sbv2_public_key --keyfile "keys/$scheme-a.$suffix" --output theirs.bin
        we 0 digest_sbv2_public_key --keyfile "keys/$scheme-a.$suffix" \
            --output ours.bin
        same theirs.bin ours.bin
    done
    they 0 extract_public_key --version 2 --keyfile "keys/$scheme-a.pem" theirs.pem
    we 0 extract_public_key --version 2 --keyfile "keys/$scheme-a.pem" ours.pem
    same theirs.pem ours.pem
    # Keys that the one makes are good for the other.
    short=$(echo "$scheme" | sed 's/-p//')
    rm -f theirs.pem ours.pem own.pem
    they 0 generate_signing_key --version 2 --scheme "$short" theirs.pem
    we 0 generate_signing_key --version 2 --scheme "$short" own.pem
    unsigned "good-$scheme.bin" app.bin
    chmod 600 theirs.pem
    expect_exit 0 otapack sign app.bin --key theirs.pem -o signed.bin -q
    they_verify 0 2 theirs.pem signed.bin
    they 0 sign_data --version 2 --keyfile own.pem --output signed.bin app.bin
    we_verify 0 2 own.pem signed.bin
done
they 0 extract_public_key --keyfile keys/ecdsa-p256-a.pem theirs.bin
we 0 extract_public_key --keyfile keys/ecdsa-p256-a.pem ours.bin
same theirs.bin ours.bin

echo "espsecure verified $theirs times, otapack $ours times, openssl $openssls times"
