# SPDX-License-Identifier: Apache-2.0
# --get by the program: values on stdout, as a shell takes them; a path that is not there.
# (tests/laws/law_get.c has more of them.)
. "$SOURCE/tests/cli-lib.sh"

expect_exit 0 otapack inspect --get host.chip "$(combined_fixture)" -g firmware.chip -g table_size
no_err
out_is 'esp32s3
esp32h2
84'
expect_exit 0 otapack inspect "$FIXTURES/flash/good-merged-esp32h2.bin" --get=boot_partition
out_is factory
[ "$("$OTAPACK" inspect - -g desc.secure_version <"$FIXTURES/br/demo_br.bin")" -eq 0 ] ||
    fail 'the secure version is another one'
expect_exit 2 otapack inspect "$(combined_fixture)" --get host.desc.versoin
no_out
expect_one_line_err
expect_err 'versoin.*version'

# ---- What every node has ------------------------------------------------------------------------

file=$FIXTURES/br/demo_br.bin
expect_exit 0 otapack inspect "$file" -g size -g offset -g format -g verdict -g desc.offset -g desc.size
out_is '4544
0x0
esp_image
pass
0x20
256'
expect_exit 0 otapack inspect "$file" -g sha256 -g md5 -g summary
out_is "$(sha256sum <"$file" | cut -d' ' -f1)
$(md5sum <"$file" | cut -d' ' -f1)
ESP32-S3 app demo_br 1.4.2, ESP-IDF v5.4.1"
tail -c +33 "$file" | head -c 256 >desc.bin
expect_exit 0 otapack inspect "$file" -g desc.sha256
out_is "$(sha256sum <desc.bin | cut -d' ' -f1)"
expect_exit 1 otapack inspect "$FIXTURES/esp_image/bad-esp-checksum.bin" -g verdict
out_is fail
expect_exit 0 otapack inspect "$file" --json -g size
out_is 4544
expect_exit 0 otapack verify "$file" -q -e 'size <= 4544' -e 'format = esp_image' -e 'verdict = pass'
expect_exit 1 otapack verify "$file" -e 'size < 4544'
# A field of that name is the node's own.
expect_exit 0 otapack inspect "$FIXTURES/esp8266/good-gzip.bin" -g md5
[ "$(md5sum <"$FIXTURES/esp8266/good-gzip.bin" | cut -d' ' -f1)" = "$(cat out)" ] || fail 'another md5'
for path in signatures 'signatures[0].key_digest' desc.signature; do
    expect_exit 2 otapack inspect "$file" -g "$path"
    expect_err 'is not signed; otapack sign does that$'
done
# Not so of what is signed, nor of what has no signatures.
for other in secure_boot/good-rsa3072.bin:signatures[1] secure_boot/good-v1.bin:signature.rest \
    esp8266/good-gzip-signed.bin:signatures rcp_image/good-with-signed-host.bin:host.signatures[1] \
    br/partition-table.bin:signature; do
    expect_exit 2 otapack inspect "$FIXTURES/${other%%:*}" -g "${other#*:}"
    expect_err "there is no '"
    refuse_err 'is not signed'
done

# ---- Assignments --------------------------------------------------------------------------------

expect_exit 0 otapack inspect "$file" --format env -g desc.version -g 'segments[1].load_addr' -g summary
out_is "DESC_VERSION=1.4.2
SEGMENTS_1_LOAD_ADDR=0x3fc9b700
SUMMARY='ESP32-S3 app demo_br 1.4.2, ESP-IDF v5.4.1'"
eval "$(cat out)"
[ "$SUMMARY" = 'ESP32-S3 app demo_br 1.4.2, ESP-IDF v5.4.1' ] || fail 'a shell takes it for something else'
printf 'raw' >"it's \$(touch harm).bin"
expect_exit 1 otapack inspect "it's \$(touch harm).bin" --format env -g summary -g format
eval "$(cat out)"
no_file harm
expect_exit 2 otapack inspect "$file" --format env
expect_err 'name each with --get'
expect_exit 2 otapack inspect "$file" --format env -g desc
expect_err 'desc is a part, not a value'
