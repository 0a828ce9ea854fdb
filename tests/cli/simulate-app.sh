# SPDX-License-Identifier: Apache-2.0
# simulate: a plain app to a device with esp_https_ota: what is asked of its version, chip and
# secure_version, its size, and what of it is damaged.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/simulate-lib.sh"

host_firmware app.bin
cp "$FIXTURES/br/partition-table.bin" table.bin

prints 0 app.bin -p table.bin --running-version 1.4.1 --chip esp32s3 --secure-version 0 <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000
              (4,544 of 2,097,152 bytes)
  0x000011c0  app: it is whole: checksum and SHA-256 are right
  0x000011c0  ota_data: entry 1 gets ota_seq 2: ota_1 boots next
taken: boots ota_1 next
END
prints 1 app.bin -p table.bin --running-version 1.4.2 <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000
              (4,544 of 2,097,152 bytes)
refused at 0x00000030: app: version '1.4.2' runs already; 1,024 bytes received,
  0 written; ota_0 goes on running
END
prints 1 app.bin -p table.bin --chip esp32c6 <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000
              (4,544 of 2,097,152 bytes)
refused at 0x0000000c: app: it is for ESP32-S3, and the device is an ESP32-C6;
  1,024 bytes received, 0 written; ota_0 goes on running
END
prints 1 app.bin -p table.bin --secure-version 1 <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000
              (4,544 of 2,097,152 bytes)
refused at 0x00000024: app: secure_version 0 is below 1, which is in the
  device's eFuses; 1,024 bytes received, 0 written; ota_0 goes on running
END
# Equality only: an older one is taken, and one that only begins like it.
for version in 1.4.3 2 1.4 1.4.20 '' '1.4.2 ' xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; do
    expect_exit 0 otapack simulate app.bin -p table.bin --running-version "$version"
done
# A version that fills its field has no NUL.
cp app.bin full.bin
esp_text full.bin $AT_VERSION 01234567890123456789012345678901
expect_exit 1 otapack simulate full.bin -p table.bin -r 01234567890123456789012345678901
expect_exit 0 otapack simulate full.bin -p table.bin -r 0123456789012345678901234567890
expect_exit 0 otapack simulate full.bin -p table.bin -r 012345678901234567890123456789012
# The secure version that the eFuses have is enough.
cp app.bin secure.bin
esp_data secure.bin $AT_SECURE_VERSION 3 0 0 0
for version in 0 2 3; do expect_exit 0 otapack simulate secure.bin -p table.bin -s $version; done
expect_exit 1 otapack simulate secure.bin -p table.bin -s 4
expect_out '^refused at 0x00000024: app: secure_version 3 is below 4,'

# In a combined image the same is asked of the host, but for the version, which is the RCP's.
combined=$(combined_fixture)
expect_exit 1 otapack simulate "$combined" -p table.bin --chip esp32h2
expect_out '^refused at 0x00001411: host: it is for ESP32-S3, and the device is an'
expect_exit 1 otapack simulate "$combined" -p table.bin --secure-version 1
expect_out '^refused at 0x00001429: host: secure_version 0 is below 1,'
expect_exit 0 otapack simulate "$combined" -p table.bin --chip esp32s3 --running-version 1.4.2

# ---- its size -----------------------------------------------------------------------------------

table() { # table SLOT_SIZE
    {
        pt_entry 1 0 0xf000 0x2000 otadata
        pt_entry 0 0x10 0x20000 0x200000 ota_0
        pt_entry 0 0x11 0x220000 "$1" ota_1
    } | pt_finish slots.bin
}
table 0x2000
expect_exit 0 otapack simulate app.bin -p slots.bin
cp app.bin large.bin
esp_grow large.bin $((0x2000 - $(size_of app.bin)))
expect_exit 0 otapack simulate large.bin -p slots.bin
expect_out '\(8,192 of 8,192$|of 8,192 bytes\)$'
esp_grow large.bin 16
prints 1 large.bin -p slots.bin <<'END'
large.bin: 8,208 bytes, to a device with esp_https_ota that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000
              (8,208 of 8,192 bytes)
refused at 0x00002000: app: ota_1 is full: the app has 8,208 bytes, the
  partition 8,192; 8,208 bytes received, 8,176 written; ota_0 goes on running
END
# In the other direction it fits, and the next time it will not.
{
    u32le 1
    fill 20
    u32le 2 0x4743989a
    fill 4064
    u32le 2
    fill 20
    u32le 2 0x55f63774
    fill 4064
} >second.bin
prints 0 large.bin -p slots.bin --ota-data second.bin <<'END'
large.bin: 8,208 bytes, to a device with esp_https_ota that runs ota_1
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_0 at 0x020000
              (8,208 of 2,097,152 bytes)
  0x00002010  app: it is whole: checksum and SHA-256 are right
  0x00002010  ota_data: entry 0 gets ota_seq 3: ota_0 boots next
  0x00000000  app: warning: ota_1 is smaller, with 8,192 bytes: a later update
              of this size would not fit there
taken: boots ota_0 next
END

# ---- what is damaged ----------------------------------------------------------------------------

table=table.bin
refused() { # refused AT MESSAGE FILE
    expect_exit 1 otapack simulate "$3" -p "$table" --json
    look '.verdict == "refused" and .boots == "ota_0" and .device == "https_ota" and
        (.steps[-1] | .at == $at and .what == "app" and .message == $message) and
        (.message | startswith("refused at \($hex): app: \($message); ") and
            endswith(" written; ota_0 goes on running"))' \
        --argjson at "$1" --arg hex "$(printf '0x%08x' "$1")" --arg message "$2" out >/dev/null ||
        fail "$3: $(jq -c '[.message, .steps[-1]]' out)"
}
image() { # image AT MESSAGE FIXTURE
    refused "$1" "$2" "$FIXTURES/$3.bin"
}
image 479 'its checksum does not fit its segments: it is damaged' \
    esp_image/bad-esp-checksum
image 480 'the SHA-256 at its end does not fit: it is damaged, or was changed' \
    esp_image/bad-esp-hash
image 32 'it does not begin with the description that an app has' \
    esp_image/bad-app-desc
image 1 'it has an impossible number of segments' \
    esp_image/bad-esp-header-segment-count
image 384 'it is cut off: it must have more than is there' \
    esp_image/bad-esp-header-cut-segment
image 28 'a segment of it has an impossible length' \
    esp_image/bad-esp-header-huge-length
image 496 'it is cut off: it must have more than is there' \
    esp_image/bad-esp-header-cut-hash
image 512 'esp_ota_end does not take it: segment 2 lies at 0x160 of the image and loads to 0x42000260, which differ within a page of 0x10000 [esp-page-align]' \
    esp_image/bad-esp-page-align
image 512 'esp_ota_end does not take it: the lowest chip revision is v2.0, the highest v1.99 [esp-revision]' \
    esp_image/bad-esp-revision
image 512 'esp_ota_end does not take it: secure_version is 33 [app-secure-version]' \
    esp_image/bad-app-secure-version
image 5292 'the CRC of a signature block does not fit: the block is damaged' \
    secure_boot/bad-sig-crc
image 4100 'a signature block was made for other bytes: it was changed after it was signed' \
    secure_boot/bad-sig-digest
image 8192 "a device with Secure Boot does not take its signature: the signature does not fit the block's own key and digest [sig-signature]" \
    secure_boot/bad-sig-signature
image 5312 'a signature block behind it is none, or one is missing before it' \
    secure_boot/bad-sig-block-magic
# It is cut off, wherever.
for length in 1 3 4 31 287 288 500 4511 4543; do
    head -c $length app.bin >cut.bin
    expect_exit 1 otapack simulate cut.bin -p table.bin
    expect_out '^refused at 0x'
done
expect_exit 1 otapack simulate cut.bin -p table.bin --chunk 7
expect_out '^refused at 0x000011[0-9a-f]{2}: app: it is cut off: it must have more than is'
# A bit that flips late: it is nearly all in the flash by then, and not booted.
cp app.bin late.bin
poke late.bin 4400 $(($(u8 late.bin 4400) ^ 1))
prints 1 late.bin -p table.bin <<'END'
late.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000
              (4,544 of 2,097,152 bytes)
refused at 0x0000119f: app: its checksum does not fit its segments: it is
  damaged; 4,544 bytes received, 4,511 written; ota_0 goes on running
END

# No image at all.
for file in raw/html raw/gzip raw/elf raw/zeros raw/erased raw/one-byte raw/empty \
    partition_table/good-host esp_image/good-bootloader-esp32s3 ota_data/good-initial; do
    expect_exit 1 otapack simulate "$FIXTURES/$file.bin" -p table.bin
    expect_out '^refused at 0x'
    no_err
done
for file in good-arduino good-v1 good-signed good-gzip-signed; do
    expect_exit 2 otapack simulate "$FIXTURES/esp8266/$file.bin" -p table.bin
    expect_err "$file\\.bin: is for an ESP8266, .*; otapack verify --layout"
    no_out
done
expect_exit 1 otapack simulate "$FIXTURES/raw/html.bin" -p table.bin
expect_out "^refused at 0x00000000: file: this is neither an app, nor a border router's\$"
