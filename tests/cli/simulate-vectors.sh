# SPDX-License-Identifier: Apache-2.0
# simulate: real firmware of a border router and its RCP, with its own partition table.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/simulate-lib.sh"
vectors

thread=$VECTORS/thread-br
cp "$thread/br/partition-table.bin" table.bin
reference_build "$thread/rcp_build" br.bin "$thread/br/esp_ot_br.bin"
prints 0 br.bin -p table.bin --chip esp32s3 --ota-data "$thread/br/ota_data_initial.bin" <<'END'
br.bin: 1,784,324 bytes, to a Thread border router that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  table: the RCP part goes to rcp_fw at 0x3ad000 (253,188 of 295,427
              bytes)
  0x00000000  table: warning: rcp_fw has no room for two such parts: a device
              that has stored one already refuses it
  0x00000054  version: 'openthread-esp32/4c2820d377-005c5cefc; esp32h2;
              2025-10-21 10:03:33 UTC'
  0x0000009c  flash_args: on the RCP, bootloader to 0x0, firmware to 0x10000,
              partition_table to 0x8000
  0x000000b4  bootloader: for ESP32-H2, 19,488 bytes: checksum and SHA-256 are
              right
  0x00004cd4  partition_table: 3,072 bytes: the MD5 is right
  0x000058d4  firmware: esp_ot_rcp '6110ced' for ESP32-H2, 230,448 bytes:
              checksum and SHA-256 are right
  0x0003dd04  host: esp_ot_br '6110ced-dirty' for ESP32-S3, goes to ota_1 at
              0x1a0000 (1,531,136 of 1,536,000 bytes)
  0x001b3a04  host: it is whole: checksum and SHA-256 are right
  0x001b3a04  ota_data: entry 1 gets ota_seq 2: ota_1 boots next
  0x001b3a04  rcp: it is reflashed at the next boot, unless it reports this
              version by then
taken: boots ota_1 next
END
expect_exit 0 otapack simulate br.bin -p table.bin --running-version "$(rcp_part br.bin 0)"
expect_out '  rcp: it is not reflashed: '
cp out first
for pieces in 1 4K 100000; do
    expect_exit 0 otapack simulate br.bin -p table.bin --chunk $pieces \
        --running-version "$(rcp_part br.bin 0)"
    same first out
done

# A bit anywhere in the host.
cp br.bin flipped.bin
at=$(($(size_of br.bin) - 700000))
poke flipped.bin $at $(($(u8 flipped.bin $at) ^ 4))
expect_exit 1 otapack simulate flipped.bin -p table.bin
expect_out '^refused at 0x[0-9a-f]{8}: host: its checksum does not fit'
# Half of it.
head -c 500000 br.bin >half.bin
prints 1 half.bin -p table.bin <<'END'
half.bin: 500,000 bytes, to a Thread border router that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
refused at 0x0000004c: table: the file is cut off: the table says that it is
  longer; 1,024 bytes received, 0 written; ota_0 goes on running
END

cp "$VECTORS/matter/light.bin" light.bin
expect_exit 0 otapack simulate light.bin -p "$VECTORS/matter/partition-table.bin"
expect_out '^taken: boots ota_'
