# SPDX-License-Identifier: Apache-2.0
# Updates for an ESP8266: what each is and holds, digests as md5sum and sha256sum count them, the
# settings in words; every good fixture passes, and real files do.
. "$SOURCE/tests/cli-lib.sh"

GOOD=$FIXTURES/esp8266
md5_of() { md5sum <"$1" | cut -d' ' -f1; }

# digests FILE [PATH.]: of these bytes, as the tool has them of that part.
digests() { # digests BYTES IMAGE [PREFIX]
    expect_exit 0 otapack inspect "$2" --get "${3-}md5"
    out_is "$(md5_of "$1")"
    expect_exit 0 otapack inspect "$2" --get "${3-}sha256"
    out_is "$(sha256_of "$1")"
}

# ---- Every good fixture -------------------------------------------------------------------------

count=0
for file in "$GOOD"/good-*.bin; do
    name=${file##*/good-}
    case $name in
        arduino*) format=esp8266_arduino ;;
        v1*) format=esp8266_image ;;
        v2*) format=esp8266_v2 ;;
        gzip-signed* | signed*) format=esp8266_signed ;;
        gzip*) format=gzip ;;
        *) fail "what is $name?" ;;
    esac
    expect_exit 0 otapack inspect --json "$file"
    look ".files[0].root.format == \"$format\"" out >/dev/null || fail "$name: no $format"
    look '.files[0] | .verdict == "pass" and (.root | failing) == []' out >/dev/null ||
        fail "$name: not all checks passed"
    look "[.files[0].root | nodes | .checks[]] | length > 0" out >/dev/null || fail "$name: no checks"
    digests "$file" "$file"
    rm -f image.bin
    cp "$file" image.bin
    expect_exit 0 otapack inspect image.bin
    no_err
    awk 'length > 80 && NF > 1 { exit 1 }' out || fail "$name: more than 80 columns"
    expect_exit 0 otapack verify image.bin
    expect_exit 0 otapack inspect - <"$file"
    count=$((count + 1))
done
[ "$count" -ge 20 ] || fail "only $count good fixtures"

# ---- Fields and parts ---------------------------------------------------------------------------

# is PROGRAM: of the tree of the last inspect --json.
is() { look ".files[0].root | $1" out >/dev/null || fail "not so: $1"; }

expect_exit 0 otapack inspect --json "$GOOD/good-arduino.bin"
is '.fields.flash_mode.value == 2 or .fields.flash_mode.name == "dio"'
is '.parts | keys_unsorted == ["eboot", "eboot_padding", "sketch", "stamp"]'
is '.parts | .eboot.format == "esp8266_image" and .sketch.format == "esp8266_image"'
is '.parts.eboot_padding | .format == "raw" and .offset == 112 and .size == 3984'
is '.parts.eboot | .offset == 0 and .size == 112 and (.parts.segments | length) == 2'
is '.parts.sketch | .offset == 4096 and (.parts.segments | length) == 3'
is '.parts.stamp | .overlay and .offset == 4112 and .size == 8'
is '.parts.stamp.fields | .length.value == 4368 and .crc.offset == 4116'
is '.parts.eboot.fields | has("md5") | not'
for value in flash_mode=dio flash_freq=40m flash_size=4MB eboot.flash_size=4MB sketch.flash_mode=dio \
    eboot.segment_count=2 sketch.segment_count=3 stamp.length=4368 'eboot.segments[0].memory=IRAM' \
    'sketch.segments[0].memory=IROM' 'sketch.segments[2].memory=DRAM' \
    'sketch.segments[0].data_len=112'; do
    expect_exit 0 otapack inspect "$GOOD/good-arduino.bin" --get "${value%%=*}"
    out_is "${value#*=}"
done
expect_exit 0 otapack inspect "$GOOD/good-arduino.bin"
for word in eboot sketch 4MB dio 40m Arduino; do expect_out "$word"; done

expect_exit 0 otapack inspect --json "$GOOD/good-v1.bin"
is '.fields | has("magic") and has("segment_count") and has("entry_addr") and has("checksum") and
    has("padding") and has("md5")'
is '.parts.segments | length == 2'

expect_exit 0 otapack inspect --json "$GOOD/good-v2.bin"
is '.parts | has("irom") and .image.format == "esp8266_image" and .image.offset == 192'
is '.fields.crc.offset == 352'

# Settings of all kinds.
while read -r name mode freq size; do
    for value in "flash_mode $mode" "flash_freq $freq" "flash_size $size"; do
        expect_exit 0 otapack inspect "$GOOD/good-$name.bin" --get "${value% *}"
        out_is "${value#* }"
    done
done <<'END'
arduino-qio qio 40m 4MB
arduino-dout-1mb dout 26m 1MB
arduino-512kb dio 80m 512KB
arduino-16mb dio 20m 16MB
v2-qio qio 40m 4MB
v1 dio 40m 4MB
END

# gzip's own fields.
expect_exit 0 otapack inspect --json "$GOOD/good-gzip-all-fields.bin"
for field in method flags mtime extra_flags os name comment crc32 length md5 sha256; do
    is ".fields | has(\"$field\")"
done
for value in name=sketch.ino.bin 'comment=built in July' mtime=1700000000 length=4368 method=8 os=3; do
    expect_exit 0 otapack inspect "$GOOD/good-gzip-all-fields.bin" --get "${value%%=*}"
    out_is "${value#*=}"
done
expect_exit 0 otapack inspect --json "$GOOD/good-gzip.bin"
is '.fields | has("name") or has("comment") | not'
is '.parts | .compressed.offset == 10 and .content.overlay and .content.unpacked'

# Signed: what covers what.
expect_exit 0 otapack inspect --json "$GOOD/good-signed.bin"
is '.parts | .image.format == "esp8266_arduino" and .image.size == 4368'
is '.parts.signature | .format == "esp8266_signature" and .offset == 4368 and .size == 260'
is '.parts.signature.fields | .length.value == 256 and .signature.size == 256 and
    (has("scheme") or has("key") | not)'
head -c 4368 "$GOOD/good-signed.bin" >image.bin
digests image.bin "$GOOD/good-signed.bin" image.
expect_exit 0 otapack inspect "$GOOD/good-signed-rsa3072.bin" --get signature.length
out_is 384
for file in good-signed good-gzip-signed; do
    expect_exit 0 otapack inspect --json "$GOOD/$file.bin" --key "$FIXTURES/keys/rsa2048.pub.pem"
    is '.parts.signature.fields.scheme.value == "esp8266-rsa"'
    is '.parts.signature.fields.key.value | endswith("rsa2048.pub.pem")'
done
expect_exit 0 otapack inspect "$GOOD/good-signed-legacy.bin" --key "$FIXTURES/keys/rsa2048.pub.pem" \
    --get signature.scheme
out_is esp8266-rsa-legacy

# What is no image at all stays what it was; an ESP32's stays one.
expect_exit 0 otapack inspect --json "$FIXTURES/raw/esp8266.bin"
is '.format == "esp8266_image"'
expect_exit 0 otapack inspect --json "$FIXTURES/esp_image/good-app-esp32.bin"
is '.format == "esp_image"'

# Cut off anywhere, it is no update that passes without a word; but eboot by itself is an image.
for file in good-arduino good-v1 good-v2 good-gzip good-gzip-signed good-signed; do
    size=$(size_of "$GOOD/$file.bin")
    for n in 1 2 4 8 12 24 100 111 113 120 $((size / 2)) $((size - 261)) $((size - 5)) \
        $((size - 1)); do
        [ "$n" -lt "$size" ] && [ "$n" -gt 0 ] || continue
        head -c "$n" "$GOOD/$file.bin" >cut.bin
        last_command="inspect $file.bin cut to $n bytes"
        status=0
        otapack inspect --json cut.bin >out 2>err || status=$?
        [ "$status" -eq 1 ] || [ "$(jq -r "$JQ"'.files[0].root | failing | join(" ")' out)" = \
            esp8266-trailing ] || fail "passes, cut to $n"
        expect_exit "$status" otapack verify cut.bin
        expect_err '^otapack: cut\.bin: .*\[[a-z0-9-]+\]$'
    done
done
# Where the sketch should begin there is nothing, though eboot is whole.
head -c 4096 "$GOOD/good-arduino.bin" >cut.bin
expect_exit 1 otapack verify cut.bin
expect_err 'eboot is all there is.*\[esp8266-trailing\]$'
# A byte less than a whole image is no signature.
head -c 4367 "$GOOD/good-arduino.bin" >cut.bin
expect_exit 1 otapack inspect --json cut.bin
is '.format == "esp8266_arduino" and failing == ["esp8266-header"]'

# ---- Real files ---------------------------------------------------------------------------------

have_vectors || exit 0
REAL=$VECTORS/esp8266
expect_exit 0 otapack inspect --json "$REAL/sketch.bin"
is '.format == "esp8266_arduino" and failing == []'
is '.parts | .eboot.size == 3488 and .sketch.offset == 4096 and .sketch.size == 16864'
is '.parts.sketch.parts.segments | map(.fields.load_addr.value) | length == 5'
is '.parts.stamp.fields.length.value == 20960'
for name in sketch.bin.signed sketch.bin.legacy_sig; do
    expect_exit 0 otapack inspect --json "$REAL/$name"
    is '.format == "esp8266_signed" and failing == [] and .parts.image.format == "esp8266_arduino"'
done
expect_exit 0 otapack inspect --json "$REAL/sketch.bin.gz"
is '.format == "gzip" and failing == [] and .parts.content.format == "esp8266_arduino"'
expect_exit 0 otapack inspect "$REAL/sketch.bin.gz" --get name
out_is sketch.bin
# Its 3047 bytes are no multiple of 4, which gzip could not know.
expect_exit 0 otapack inspect --json "$REAL/sketch.bin.gz.signed"
is '.format == "esp8266_signed" and failing == ["esp8266-sig-align"]'
is '.parts.image | .format == "gzip" and .parts.content.format == "esp8266_arduino"'
for name in sketch.bin sketch.bin.gz sketch.bin.signed sketch.bin.legacy_sig sketch.bin.gz.signed; do
    digests "$REAL/$name" "$REAL/$name"
done
digests "$REAL/sketch.bin" "$REAL/sketch.bin.gz" content.
digests "$REAL/sketch.bin" "$REAL/sketch.bin.signed" image.
digests "$REAL/sketch.bin" "$REAL/sketch.bin.gz.signed" image.content.
digests "$REAL/sketch.bin.gz" "$REAL/sketch.bin.gz.signed" image.
expect_exit 0 otapack inspect "$REAL/sketch.bin"
for word in eboot sketch 4MB dio; do expect_out "$word"; done
for key in arduino_public.key arduino_private.key; do
    for name in sketch.bin.signed sketch.bin.gz.signed; do
        expect_exit 0 otapack inspect "$REAL/$name" --key "$REAL/$key" --get signature.scheme
        out_is esp8266-rsa
    done
    expect_exit 0 otapack inspect "$REAL/sketch.bin.legacy_sig" --key "$REAL/$key" --get \
        signature.scheme
    out_is esp8266-rsa-legacy
done
