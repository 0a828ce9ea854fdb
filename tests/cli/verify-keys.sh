# SPDX-License-Identifier: Apache-2.0
# verify --key: which block is whose; several keys, --key-digest, --require, --trust first-block,
# --require-signed; exit status 1 unless what is asked for holds, 2 for what cannot be done.
. "$SOURCE/tests/sign-lib.sh"

key_digests rsa3072-a rsa3072-b ecdsa-p192-a ecdsa-p192-b ecdsa-p256-a ecdsa-p256-b ecdsa-p256-c \
    ecdsa-p384-a ecdsa-p384-b
for scheme in $SCHEMES; do
    file=$SIGNED/good-$scheme.bin
    for key in "$KEYS/$scheme-a.pub.pem" "$KEYS/$scheme-a.pem"; do
        expect_exit 0 otapack verify "$file" --key "$key"
        expect_out "signatures\\[0\\].*$scheme.*by $key"
        expect_out ', ok, '
        refuse_err '\[sig-[a-ce-hj-z]|\[sig-digest|no good' # but insecure, dropped
    done
    expect_exit 1 otapack verify "$file" --key "$KEYS/$scheme-b.pub.pem"
    expect_err "good-$scheme\\.bin: .*$scheme-b\\.pub\\.pem; ."
    refuse_out ', ok, '
    digest=${DIGESTS[$scheme-a]}
    for hex in "$digest" "${digest^^}" "${digest:0:32}"; do
        expect_exit 0 otapack verify "$file" --key-digest "$hex"
    done
    other=${DIGESTS[$scheme-b]}
    for hex in "$other" "${other:0:32}" "${digest:32}"; do
        expect_exit 1 otapack verify "$file" --key-digest "$hex"
        expect_err '^otapack: .+; .'
    done
    expect_exit 0 otapack verify "$file" --key-digest "$other" --key-digest "$digest"
    expect_exit 0 otapack verify "$file" --require-signed
    expect_exit 1 otapack verify "$FIXTURES/esp_image/good-app-esp32h2.bin" \
        --key "$KEYS/$scheme-a.pub.pem"
    expect_err 'not signed'
done

# Keys of another kind are no mistake, only not the signer's.
expect_exit 1 otapack verify "$SIGNED/good-rsa3072.bin" --key "$KEYS/ecdsa-p256-a.pub.pem"

# Several signatures: each key given must have signed, unless so many will do.
x2=$SIGNED/good-ecdsa-p256-x2.bin
A=$KEYS/ecdsa-p256-a.pub.pem B=$KEYS/ecdsa-p256-b.pub.pem C=$KEYS/ecdsa-p256-c.pub.pem
a=${DIGESTS[ecdsa-p256-a]} b=${DIGESTS[ecdsa-p256-b]} c=${DIGESTS[ecdsa-p256-c]}
expect_exit 0 otapack verify "$x2" --key "$A" --key "$B"
expect_out "signatures\\[0\\].*by $A"
expect_out "signatures\\[1\\].*by $B"
expect_exit 0 otapack verify "$x2" --key "$B"
expect_out 'signatures\[0\].*none'
expect_exit 0 otapack verify "$x2" --key "$B" --key "$A" --quiet
no_out
no_err
expect_exit 1 otapack verify "$x2" --key "$A" --key "$C"
expect_err "$C"
refuse_err "by $A"
expect_exit 1 otapack verify "$x2" --key "$A" --key "$C" --quiet
expect_err "$C"

# asked STATUS ARGUMENT...
asked() {
    asked_status=$1
    shift
    expect_exit "$asked_status" otapack verify "$x2" "$@"
}
asked 0 --key "$A" --key "$C" --require 1
asked 1 --key "$A" --key "$C" --require 2
asked 0 --key "$A" --key "$B" --require 2
asked 0 --key "$A" --key "$B" --key "$C" --require 2
asked 1 --key "$A" --key "$B" --key "$C" --require 3
asked 0 --key-digest "$a" --key-digest "$b" --require 2
asked 1 --key-digest "$a" --key-digest "$c" --require 2
asked 0 --key "$A" --key-digest "$b" --require 2
asked 0 --key "$A" --key-digest "$c" --require 1
# Keys and digests: each key, and one of the digests.
asked 0 --key "$A" --key-digest "$b"
asked 1 --key "$A" --key-digest "$c"
asked 1 --key "$C" --key-digest "$b"

# A device without eFuse keys looks at the first block only.
asked 0 --trust first-block --key "$A"
asked 1 --trust first-block --key "$B"
expect_err 'first.*--order'
asked 0 --trust first-block --key "$B" --key "$A"
asked 0 --trust first-block --key-digest "$a"
asked 1 --trust first-block --key-digest "$b"
asked 1 --trust first-block --key "$C"
expect_exit 0 otapack sign "$x2" --order 1,0 -o ba.bin
expect_exit 0 otapack verify ba.bin --trust first-block --key "$B"
expect_exit 1 otapack verify ba.bin --trust first-block --key "$A"

# Signed by whomever.
asked 0 --require-signed
expect_out ', ok, .*; --key tells whose signature it has$'
expect_exit 1 otapack verify "$SIGNED/good-v1.bin" --require-signed # it has no key in it
expect_err 'no key in it.*--key'
expect_exit 1 otapack verify "$FIXTURES/esp_image/good-app-esp32c6.bin" --require-signed
expect_err 'not signed'
expect_exit 1 otapack verify "$SIGNED/bad-sig-place.bin" --require-signed
expect_err 'not signed'

# Without a key nothing is vouched for, and that is said.
expect_exit 0 otapack verify "$x2"
expect_out '--key'
refuse_out 'valid|genuine|authentic|trusted'

# v1 has no key in it: only --key can tell.
expect_exit 0 otapack verify "$SIGNED/good-v1.bin" --key "$A"
expect_out "signatures\\[0\\].*by $A"
expect_exit 0 otapack verify "$SIGNED/good-v1.bin" --key "$KEYS/ecdsa-p256-a.pub.bin"
expect_exit 1 otapack verify "$SIGNED/good-v1.bin" --key "$B"
expect_exit 1 otapack verify "$SIGNED/good-v1.bin" --key "$KEYS/rsa3072-a.pub.pem"
expect_exit 1 otapack verify "$SIGNED/good-v1.bin" --key-digest "$a"
expect_err '--key'

# Several files, each judged by itself; expectations beside it; standard input.
expect_exit 0 otapack verify "$x2" "$SIGNED/good-ecdsa-p256.bin" --key "$A"
expect_exit 1 otapack verify "$x2" "$SIGNED/good-ecdsa-p256.bin" --key "$B"
[ "$(err_lines '^otapack: ')" -eq 1 ] || fail 'one of two files should be told of'
expect_exit 1 otapack verify "$SIGNED/good-ecdsa-p256.bin" "$x2" --key "$B"
expect_exit 0 otapack verify - --key "$A" <"$x2"
asked 1 --key "$A" -e 'desc.version = 0'
asked 2 --key "$C" -e 'desc = 0' # cannot be compared, whatever the signatures say
asked 0 --key "$A" -e 'signatures[1].algorithm = ecdsa-p256'
asked 0 -e "signatures[0].key_digest = $a"

# All of the file: what follows is nobody's, also from a pipe; as JSON, byte by byte.
cp "$x2" more.bin
chmod u+w more.bin
printf '\000' >>more.bin
expect_exit 1 otapack verify more.bin --key "$A"
expect_err 'nobody has signed the 1 byte at 0x2000, .*--allow esp-trailing$'
expect_exit 1 otapack verify - --key "$A" <more.bin
expect_exit 0 otapack verify more.bin --key "$A" -a esp-trailing
expect_out '; not signed: .*behind the signatures$'
expect_exit 0 otapack verify - --key "$A" --key "$B" --json <"$x2"
expect_out '"covered": \['
expect_out '"uncovered": \[\]'
refuse_out ', ok, '
expect_exit 2 otapack verify missing.bin --json --key "$A"
expect_out '"verdict": "error"'

# What cannot be done.
asked 2 --key missing.pem
expect_one_line_err
expect_err 'missing\.pem'
for key in rsa2048.pub.pem ecdsa-p521.pem ed25519.pem corrupt.pem no-key.pem; do
    asked 2 --key "$KEYS/$key"
    expect_one_line_err
    expect_err "$key: .+; ."
    refuse_out ', ok, '
done
for hex in '' 12 "${a}0" "${a:0:63}" "${a:0:31}" "g${a:1}"; do
    asked 2 --key-digest "$hex"
    expect_one_line_err
done
for n in 0 4 x -1 ''; do
    asked 2 --key "$A" --require "$n"
    expect_one_line_err
done
asked 2 --key "$A" --require 2
expect_err '^otapack: --require 2: only one key or digest is given; give more of --key, '
asked 2 --require 1
expect_err '^otapack: --require 1: no key is given; give --key, --key-digest or --keys$'
asked 2 --trust first-block
asked 2 --trust someone --key "$A"
expect_exit 2 otapack verify missing.bin --key "$A"
expect_exit 2 otapack verify "$FIXTURES/br/partition-table.bin" --key "$A"
expect_one_line_err
expect_exit 2 otapack verify "$FIXTURES/raw/esp8266.bin" --key "$A"
# 2 beats 1 and 0, whichever comes first.
expect_exit 2 otapack verify "$x2" missing.bin --key "$C"
expect_exit 2 otapack verify missing.bin "$x2" --key "$A"

# One key by two names is one key, and one signature.
cp "$A" again.pem
asked 1 --key "$A" --key again.pem --require 2
asked 1 --key "$A" --key-digest "$a" --require 2
asked 1 --key-digest "$a" --key-digest "${a^^}" --require 2
asked 1 --key-digest "$a" --key-digest "${a:0:32}" --require 2

# 68 zero bytes are no signature of v1; a block that fails what a signature rests on is none of v2,
# whatever is allowed.
unsigned good-v1.bin zeros.bin
head -c 68 /dev/zero >>zeros.bin
expect_exit 1 otapack verify zeros.bin --require-signed
expect_err 'is not signed'
expect_exit 0 otapack verify "$SIGNED/good-v1.bin" --require-signed --key "$KEYS/ecdsa-p256-a.pub.pem"
for allowed in sig-signature sig-digest sig-key sig-crc; do
    expect_exit 1 otapack verify "$SIGNED/bad-$allowed.bin" --require-signed --allow $allowed
done

# A block at which the chip does not look, as the second one on an ESP32.
expect_exit 0 otapack verify "$SIGNED/bad-sig-chip-blocks.bin" --key "$KEYS/rsa3072-a.pub.pem"
expect_exit 1 otapack verify "$SIGNED/bad-sig-chip-blocks.bin" --key "$KEYS/rsa3072-b.pub.pem"
expect_err 'does not count, for sig-chip'
expect_exit 0 otapack verify "$SIGNED/bad-sig-chip-blocks.bin" --key "$KEYS/rsa3072-b.pub.pem" -a sig-chip

# Real firmware, with the keys of it.
have_vectors || exit 0
real=$VECTORS/secure-boot
for key in rsa3072 ec_p192 ec_p256 ec_p384; do
    one=$real/keys/${key}_1.pub.pem two=$real/keys/${key}_2.pub.pem
    expect_exit 0 otapack verify "$real/signed_v2_$key.bin" --key "$one" -a sig-chip
    expect_exit 1 otapack verify "$real/signed_v2_$key.bin" --key "$two" -a sig-chip
    for wanted in "--key $one" "--key $two" "--key $one --key $two"; do
        # shellcheck disable=SC2086
        expect_exit 0 otapack verify "$real/signed_v2_${key}_x2.bin" $wanted -a sig-chip
    done
done
for key in v1_pub_p256.bin keys/ec_p256_1.pub.pem; do
    expect_exit 0 otapack verify "$real/signed_v1_p256.bin" --key "$real/$key" -a sig-chip
    expect_exit 1 otapack verify "$real/signed_v1_p256.bin" --key "$real/$key" # of an ESP32-H2
    expect_err 'sig-chip'
done
expect_exit 1 otapack verify "$real/signed_v1_p256.bin" --key "$real/keys/ec_p256_2.pub.pem"
