# SPDX-License-Identifier: Apache-2.0
# Delta patches: inspect, verify on the right base, another one and none; what comes of one; inside of
# others; what Espressif's tool wrote, and what its component makes of that.
. "$SOURCE/tests/cli-lib.sh"

base=$FIXTURES/esp_image/good-app-esp32c6.bin
update=$FIXTURES/delta/good-update.bin

# ---- with and without the base -------------------------------------------------------------------

expect_exit 0 otapack inspect "$update"
expect_out 'content .* not read: needs --base'
expect_out '^not checked: 4 checks that need --base'
expect_exit 0 otapack verify "$update"
expect_exit 0 otapack verify "$update" --base "$base"
no_err
expect_exit 0 otapack inspect "$update" --base "$base" --get content.desc.version
out_is 1.5.0
expect_exit 1 otapack verify "$update" --base "$FIXTURES/esp_image/good-app-esp32h2.bin"
expect_err 'another base.*\[delta-base\]$'
expect_exit 2 otapack verify "$update" --base none.bin
expect_one_line_err
expect_exit 2 otapack verify "$base" --base "$base"
expect_err 'of which no check can use --base'
expect_exit 2 otapack verify "$update" --new "$base"
expect_err 'give --base, too$'
expect_exit 1 otapack verify "$update" --base "$base" --new "$base"
expect_err 'from 0x32 on they differ.*\[delta-new\]$'

# ---- what its tool wrote -------------------------------------------------------------------------

real=${OTAPACK_VECTORS-}/delta
if [ ! -f "$real/table.tsv" ]; then
    echo 'skipped: no delta patches: OTAPACK_VECTORS has no delta'
    exit 0
fi
while IFS=$'\t' read -r patch from to _; do
    if [ -f "$real/$patch" ] && [ -f "$real/$from" ] && [ -f "$real/$to" ]; then
        wanted=0 # but for what makes an app for another chip
        case $patch in other-chip-*) wanted=1 ;; esac
        expect_exit "$wanted" otapack verify -q "$real/$patch" --base "$real/$from" --new "$real/$to"
    fi
done <"$real/table.tsv"

# What the component takes, and what the applications look at before it.
while IFS=$'\t' read -r patch _ from result same _ || [ -n "$patch" ]; do
    case $patch in file) continue ;; esac
    wanted=1
    case "$result $same" in finalize\ [0-9]*\ identical) wanted=0 ;; esac
    case $patch in bad-digest.patch | bad-magic.patch) wanted=1 ;; esac
    id=
    case $patch in
    bad-magic.patch) # it is no patch then
        expect_exit 1 otapack verify "$real/$patch"
        continue
        ;;
    bad-compression-* | bad-heatshrink-*) id=delta-compression ;;
    bad-cut-in-header.patch) id=delta-header ;;
    bad-cut-* | bad-size-larger.patch | bad-no-last-adjustment.patch) id=delta-whole ;;
    bad-size-smaller.patch | bad-bit-in-stream.patch) id=delta-data ;;
    bad-digest.patch | good-on-other-base.patch) id=delta-base ;;
    bad-trailing-ff.patch) id=delta-trailing ;;
    bad-reserved.patch | bad-type-bit7.patch | bad-size-negative.patch) id=delta-unread ;;
    esac
    [ -f "$real/$patch" ] || patch=few-bytes-esp32c6.patch
    expect_exit "$wanted" otapack verify "$real/$patch" --base "$real/$from"
    [ -z "$id" ] || expect_err "\[$id\]$"
done <"$real/broken-table.tsv"

# ---- signed, and inside of others ----------------------------------------------------------------

cp "$FIXTURES/keys/ecdsa-p256-a.pub.pem" pub.pem
expect_exit 0 otapack verify -q "$real/signed.patch" --base "$real/base-signed-rsa3072.bin" --key pub.pem
expect_exit 2 otapack verify "$real/signed.patch" --key pub.pem
expect_err 'verify it with --base'
encrypted=$OTAPACK_VECTORS/encrypted
cp "$encrypted/rsa_priv_key.pem" key.pem
chmod 600 key.pem
expect_exit 0 otapack verify -q "$encrypted/delta-rsa.enc" --decrypt-key key.pem --base "$base"
expect_exit 1 otapack verify -q "$encrypted/delta-rsa.enc" --decrypt-key key.pem \
    --base "$real/base-esp32s3.bin"
expect_err 'content: it is for another base.*\[delta-base\]$'

# ---- the app is the base, whatever lies behind it; what comes of it can be taken out ---------------

cat "$base" "$FIXTURES/raw/encrypted.bin" >read.bin
expect_exit 0 otapack verify "$update" --base read.bin
expect_exit 0 otapack extract "$update" content --base "$base" -o made.bin
expect_exit 0 otapack verify "$update" --base "$base" --new made.bin
