# SPDX-License-Identifier: Apache-2.0
# Every option of espsecure's commands about Secure Boot, in the forms in which scripts write them:
# espsecure and otapack take the same command lines, say the same of them where scripts look, and
# write the same, but for what is random in a signature. Where otapack differs on purpose, it is a
# row of what is refused, at the end; otapack-compat(1) has the reasons.
. "$SOURCE/tests/espsecure-lib.sh"

# alike STATUS REGEX ARGUMENT...: both end so (0 or not) and say this. The word OUT stands for
# theirs.bin and ours.bin, WORK for their and our copy of input.bin.
compared=0
alike() {
    alike_status=$1 alike_regex=$2
    shift 2
    drop theirs.bin ours.bin their-copy.bin our-copy.bin
    if [ -e input.bin ]; then
        cp input.bin their-copy.bin
        cp input.bin our-copy.bin
    fi
    local arg theirs=() ours=()
    for arg; do
        theirs+=("$(as "$arg" theirs.bin their-copy.bin)")
        ours+=("$(as "$arg" ours.bin our-copy.bin)")
    done
    they "$alike_status" "${theirs[@]}"
    expect_exit_like "$alike_status" otapack compat espsecure "${ours[@]}"
    cat out err >ours.log
    has_line "$alike_regex" espsecure.log || fail "espsecure says something else than $alike_regex"
    has_line "$alike_regex" ours.log || fail "otapack says something else than $alike_regex"
    compared=$((compared + 1))
}
as() {
    case $1 in
        OUT) echo "$2" ;;
        WORK) echo "$3" ;;
        *) echo "$1" ;;
    esac
}
# 0 is 0; the answer no and what cannot be done have other numbers there.
expect_exit_like() {
    if [ "$1" -eq 0 ]; then
        expect_exit "$@"
    else
        shift
        # shellcheck disable=SC2034 # fail() says it
        last_command=$*
        status=0
        "$@" >out 2>err || status=$?
        [ "$status" -eq 1 ] || [ "$status" -eq 2 ] || fail "exit status $status instead of 1 or 2"
    fi
}
same_written() { same theirs.bin ours.bin; }
# Both are signed by these keys, by both judges; as long, and the same up to the blocks.
both_signed() { # both_signed PUBLIC-KEY...
    [ "$(size_of theirs.bin)" -eq "$(size_of ours.bin)" ] || fail 'not as long as theirs'
    cut_bytes theirs.bin 0 $(($(size_of theirs.bin) - 4096)) >theirs.begin
    cut_bytes ours.bin 0 $(($(size_of ours.bin) - 4096)) >ours.begin
    same theirs.begin ours.begin
    local key file
    for key; do
        for file in theirs.bin ours.bin; do
            they 0 verify_signature --version 2 --keyfile "$key" $file
            we 0 verify_signature --version 2 --keyfile "$key" $file
        done
    done
}

A=keys/rsa3072-a B=keys/rsa3072-b C=keys/rsa3072-c E=keys/ecdsa-p256-a
unsigned good-rsa3072.bin app.bin
unsigned good-ecdsa-p256.bin ec.bin
unsigned good-v1.bin v1.bin
{
    cat app.bin
    fill $(((4096 - $(size_of app.bin) % 4096) % 4096))
} >aligned.bin
head -c 5000 /dev/zero | tr '\0' x >data.bin

# ---- sign_data ----------------------------------------------------------------------------------

signed='^Signed [0-9]+ bytes of data from .*app\.bin"?\. Signature sector now has 1 signature blocks\.'
alike 0 "$signed" sign_data --version 2 --keyfile $A.pem --output OUT app.bin
both_signed $A.pub.pem $A.pem
alike 0 "$signed" sign_data -v 2 -k $A.pem -o OUT app.bin
both_signed $A.pub.pem
alike 0 '^3 signing key\(s\) found' sign_data app.bin -v 2 -o OUT --keyfile $A.pem $B.pem $C.pem
both_signed $A.pub.pem $B.pub.pem $C.pub.pem
for end in aligned data; do
    alike 0 'now has 1 signature blocks' sign_data --version 2 --keyfile $A.pem --output OUT $end.bin
    both_signed $A.pub.pem
done
# In place.
cp app.bin input.bin
alike 0 'now has 1 signature blocks' sign_data --version 2 --keyfile $A.pem -- WORK
mv their-copy.bin theirs.bin
mv our-copy.bin ours.bin
both_signed $A.pub.pem
mv theirs.bin signed.bin
# To signatures that are there, or not; to a broken one; to the greatest number.
alike 0 '^1 valid signature block\(s\) already present' sign_data --version 2 --append_signatures \
    --keyfile $B.pem --output OUT signed.bin
both_signed $A.pub.pem $B.pub.pem
cp theirs.bin two.bin
alike 0 '^Signature block 1 is valid \(RSA\)\.' sign_data -v 2 -a -k $C.pem -o OUT two.bin
both_signed $A.pub.pem $B.pub.pem $C.pub.pem
cp theirs.bin three.bin
alike 0 'now has 1 signature blocks' sign_data -v 2 -a -k $C.pem -o OUT app.bin
both_signed $C.pub.pem
cp two.bin broken.bin
poke broken.bin $(($(size_of broken.bin) - 4096 + 1216)) 0
alike 0 '^1 valid signature block\(s\) already present' sign_data -v 2 -a -k $C.pem -o OUT broken.bin
both_signed $A.pub.pem $C.pub.pem
alike 1 '' sign_data -v 2 -a -k keys/rsa3072-a.pkcs8.pem -o OUT three.bin
alike 1 '' sign_data app.bin -v 2 -o OUT -k $A.pem $B.pem $C.pem $A.pem
# Keys of two kinds.
alike 0 'now has 2 signature blocks' sign_data app.bin -v 2 -o OUT -k $A.pem $E.pem
both_signed $A.pub.pem
# Signatures that were made elsewhere.
if command -v openssl >/dev/null; then
    pss='-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32'
    for key in a b; do
        # shellcheck disable=SC2086 # options
        openssl dgst -sha256 $pss -sign keys/rsa3072-$key.pem -out $key.sig aligned.bin
    done
    alike 0 '^Pre-calculated signatures found' sign_data --version 2 --pub-key $A.pub.pem \
        --signature a.sig --output OUT aligned.bin
    same_written
    alike 0 '^2 signing key\(s\) found' sign_data --version 2 --pub-key $A.pub.pem $B.pub.pem \
        --signature a.sig b.sig --output OUT aligned.bin
    same_written
    alike 0 'already present' sign_data --version 2 -a --pub-key $B.pub.pem --signature b.sig \
        --output OUT signed.bin
    both_signed $A.pub.pem $B.pub.pem
    alike 1 '' sign_data --version 2 --pub-key $B.pub.pem --signature a.sig --output OUT aligned.bin
    alike 1 '' sign_data --version 2 --pub-key $A.pub.pem $B.pub.pem --signature a.sig --output OUT \
        aligned.bin
    openssl dgst -sha256 -sign $E.pem -out e.sig v1.bin
    alike 0 '^Signed' sign_data --version 1 --keyfile $E.pem --output OUT v1.bin
    same_written
    tail -c 64 ours.bin >raw.sig
    alike 0 '^Pre-calculated signatures found' sign_data --version 1 --pub-key $E.pub.pem \
        --signature raw.sig --output OUT v1.bin
    same_written
    alike 1 '' sign_data --version 1 --pub-key keys/ecdsa-p256-b.pub.pem --signature raw.sig \
        --output OUT v1.bin
fi
# What is missing, and what does not go together.
alike 1 '' sign_data --version 2 --output OUT app.bin
alike 1 '' sign_data --keyfile $A.pem --output OUT app.bin
alike 1 '' sign_data --version 3 --keyfile $A.pem --output OUT app.bin
alike 1 '' sign_data --version 1 --keyfile $A.pem --output OUT app.bin
alike 1 '' sign_data v1.bin --version 1 --output OUT --keyfile $E.pem keys/ecdsa-p256-b.pem
alike 1 '' sign_data --version 2 --keyfile $A.pub.pem --output OUT app.bin
alike 1 '' sign_data --version 2 --keyfile keys/rsa2048.pem --output OUT app.bin
alike 1 '' sign_data --version 2 --keyfile nofile.pem --output OUT app.bin
alike 1 '' sign_data --version 2 --keyfile $A.pem --output OUT nofile.bin
alike 1 '' sign_data --version 2 --keyfile $A.pem --output app.bin app.bin
alike 1 '' sign_data --version 1 --hsm --hsm-config hsm.ini --output OUT app.bin
alike 1 '' sign_data --version 2 --hsm --output OUT app.bin

# ---- verify_signature, signature_info_v2 --------------------------------------------------------

for key in $A.pem $A.pub.pem; do
    alike 0 '^Signature block 0 verification successful using the supplied key \(RSA\)\.' \
        verify_signature --version 2 --keyfile "$key" two.bin
done
alike 0 '^Signature block 0 is not signed by the supplied key\. Checking the next block' \
    verify_signature -v 2 -k $B.pub.pem two.bin
alike 0 '^Signature block 1 invalid\. Skipping\.' verify_signature -v 2 -k $A.pub.pem broken.bin
no_key='Signature could not be verified with the provided key\.'
alike 1 "$no_key" verify_signature -v 2 -k $C.pub.pem two.bin
alike 1 "$no_key" verify_signature -v 2 -k $B.pub.pem broken.bin
alike 1 "$no_key" verify_signature -v 2 -k $A.pub.pem aligned.bin
alike 1 'Invalid datafile' verify_signature -v 2 -k $A.pub.pem app.bin
alike 1 'Invalid datafile' verify_signature -v 2 -k $A.pub.pem data.bin
they 0 sign_data --version 1 --keyfile $E.pem --output v1-signed.bin v1.bin
for key in $E.pem $E.pub.pem $E.pub.bin; do
    alike 0 '^Signature is valid' verify_signature --version 1 --keyfile "$key" v1-signed.bin
done
alike 1 'Signature is not valid' verify_signature -v 1 -k keys/ecdsa-p256-b.pub.pem v1-signed.bin
alike 1 'Signature is not valid' verify_signature -v 1 -k keys/ecdsa-p256-b.pem v1-signed.bin
alike 1 'Invalid datafile' verify_signature -v 2 -k $E.pem v1-signed.bin
alike 1 '' verify_signature -v 1 -k $A.pub.pem v1-signed.bin
alike 1 '' verify_signature -v 2 two.bin
alike 1 '' verify_signature -k $A.pem two.bin
alike 1 '' verify_signature -v 2 -k nofile.pem two.bin
alike 1 '' verify_signature -v 2 --hsm two.bin
# A good block by the key that is asked for, and another one whose signature does not fit: also in
# the words of the blocks.
cp two.bin other.bin
at=$(($(size_of other.bin) - 4096))
cut_bytes "$FIXTURES/secure_boot/bad-sig-signature.bin" $(($(size_of two.bin) - 4096)) 1216 >bad.block
patch_bytes() { dd if="$1" of="$2" bs=1 seek="$3" conv=notrunc status=none; }
patch_bytes bad.block other.bin $at
alike 0 '^Signature block 1 verification successful' verify_signature -v 2 -k $B.pub.pem other.bin
alike 1 "$no_key" verify_signature -v 2 -k $A.pub.pem other.bin

for file in two.bin three.bin signed.bin broken.bin aligned.bin other.bin; do
    alike 0 '^Signature block [0-2] ' signature_info_v2 $file
    grep -o '^Signature block.*[^.]\|^Public key digest.*[^.]' espsecure.log >their-words
    grep -o '^Signature block.*[^.]\|^Public key digest.*[^.]' out >our-words
    same their-words our-words
done
alike 1 'Invalid datafile' signature_info_v2 app.bin
alike 1 '' signature_info_v2 "$FIXTURES/secure_boot/bad-sig-digest.bin"
alike 1 '' signature_info_v2 nofile.bin

# ---- Keys ---------------------------------------------------------------------------------------

for kind in 'RSA 3072:-v 2' 'RSA 3072:--version 2 --scheme rsa3072' 'ECDSA NIST192p:-v 2 -s ecdsa192' \
    'ECDSA NIST256p:-v 2 -s ecdsa256' 'ECDSA NIST256p:' 'ECDSA NIST256p:--version 1' \
    'ECDSA NIST256p:-v 1 --scheme ecdsa256' 'ECDSA NIST384p:-v 2 -s ecdsa384'; do
    case $kind in *384*) $knows_p384 || continue ;; esac
    # shellcheck disable=SC2086 # options
    alike 0 "^${kind%%:*} private key in PEM format written to" generate_signing_key ${kind#*:} OUT
    head -n 1 theirs.bin >their-words
    head -n 1 ours.bin >our-words
    same their-words our-words
done
alike 1 '' generate_signing_key --version 1 --scheme ecdsa192 OUT
alike 1 '' generate_signing_key --version 2 --scheme nothing OUT
alike 1 '' generate_signing_key --version 3 OUT
alike 1 '' generate_signing_key $A.pem
for command in digest_sbv2_public_key digest_rsa_public_key; do
    for key in $A.pem $A.pub.pem $E.pem $E.pub.pem keys/ecdsa-p192-a.pub.pem; do
        alike 0 '' $command --keyfile "$key" --output OUT
        same_written
    done
    alike 0 '' $command -k $A.pem -o OUT
    same_written
    alike 1 '' $command --keyfile $A.pem
    alike 1 '' $command --output OUT
    alike 1 '' $command --keyfile keys/rsa2048.pem --output OUT
done
for key in $A.pem $E.pem keys/ecdsa-p192-a.pem keys/ecdsa-p256-a.pkcs8.pem; do
    alike 0 'public key extracted to' extract_public_key --version 2 --keyfile "$key" OUT
    same_written
done
for version in '' '-v 1' '--version 1'; do
    # shellcheck disable=SC2086 # options
    alike 0 'public key extracted to' extract_public_key $version -k $E.pem OUT
    same_written
done
alike 1 '' extract_public_key --version 1 --keyfile $A.pem OUT
alike 1 '' extract_public_key --version 2 --keyfile keys/rsa2048.pem OUT
alike 1 '' extract_public_key OUT

# ---- A token ------------------------------------------------------------------------------------

if "$espsecure" sign_data -v 2 --hsm --hsm-config nofile.ini -o theirs.bin app.bin 2>&1 |
    grep -q 'No module named\|python-pkcs11'; then
    echo 'this espsecure has no python-pkcs11: tokens are not compared'
elif [ ! -f /usr/lib/softhsm/libsofthsm2.so ] || ! command -v softhsm2-util >/dev/null; then
    echo 'SoftHSM is not installed: tokens are not compared'
else
    mkdir tokens
    printf 'directories.tokendir = %s/tokens\n' "$PWD" >softhsm2.conf
    export SOFTHSM2_CONF="$PWD/softhsm2.conf"
    softhsm2-util --init-token --free --label release --pin 1234 --so-pin 56789 >softhsm.log
    softhsm2-util --import keys/rsa3072-a.pkcs8.pem --token release --label key --id 01 --pin 1234 \
        >>softhsm.log
    slot=$(softhsm2-util --show-slots | sed -n 's/^Slot \([0-9]*\)$/\1/p' | head -n 1)
    printf '%s\n' '[hsm_config]' 'pkcs11_lib = /usr/lib/softhsm/libsofthsm2.so' "slot = $slot" \
        'label = key' 'label_pubkey = key' 'credentials = 1234' >hsm.ini
    alike 0 '^Pre-calculated signatures found' sign_data --version 2 --hsm --hsm-config hsm.ini \
        --output OUT app.bin
    both_signed $A.pub.pem
    alike 0 'verification successful' verify_signature -v 2 --hsm --hsm-config hsm.ini two.bin
    alike 0 '^1 signing key' sign_data app.bin --version 2 --hsm --hsm-config hsm.ini --output OUT \
        --pub-key $A.pub.pem
    both_signed $A.pub.pem
    alike 1 '' sign_data app.bin --version 2 --hsm --hsm-config hsm.ini --output OUT \
        --pub-key $B.pub.pem
    alike 1 '' verify_signature -v 2 --hsm --hsm-config nofile.ini two.bin
fi

# ---- What otapack refuses or does otherwise -----------------------------------------------------

# differ THEIR-STATUS OUR-STATUS ARGUMENT...
differ() {
    differ_theirs=$1 differ_ours=$2
    shift 2
    they "$differ_theirs" "$@" -o theirs.bin
    we "$differ_ours" "$@" -o ours.bin
}
differ 0 1 sign_data signed.bin -v 2 -k $B.pem
differ 0 1 sign_data v1-signed.bin -v 1 -k $E.pem
differ 0 1 sign_data "$FIXTURES/esp_image/bad-esp-checksum.bin" -v 2 -k $A.pem
differ 0 2 sign_data app.bin -v 2 --pub-key $A.pub.pem -k $A.pem
differ 0 0 sign_data app.bin -v 2 -k $A.pem $A.pem
they 0 signature_info_v2 theirs.bin
[ "$(grep -c '^Public key digest' espsecure.log)" -eq 2 ] || fail 'they sign once, too'
we 0 signature_info_v2 ours.bin
[ "$(grep -c '^Public key digest' out)" -eq 1 ] || fail 'we do not sign once'

echo "$compared command lines are taken alike"
