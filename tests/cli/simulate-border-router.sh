# SPDX-License-Identifier: Apache-2.0
# simulate: a border router and combined images, with and without host firmware. When the RCP is
# reflashed, its storage, and what of the RCP's part breaks it though the border router takes it.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/simulate-lib.sh"

cp "$FIXTURES/rcp_image/good-with-host.bin" br.bin
cp "$FIXTURES/rcp_image/good-rcp-only.bin" rcp.bin
table=$FIXTURES/br/partition-table.bin
version=$(rcp_part br.bin 0)

prints 0 br.bin -p "$table" <<'END'
br.bin: 9,669 bytes, to a Thread border router that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  table: the RCP part goes to rcp_fw at 0x452000 (5,125 of 590,352
              bytes)
  0x00000054  version: 'openthread-esp32/0a1b2c3d4e-5f60718293; esp32h2;
              2025-01-01 12:00:00 UTC'
  0x0000009d  flash_args: on the RCP, bootloader to 0x0, firmware to 0x10000,
              partition_table to 0x8000
  0x000000b5  bootloader: for ESP32-H2, 336 bytes: checksum and SHA-256 are
              right
  0x00000205  partition_table: 3,072 bytes: the MD5 is right
  0x00000e05  firmware: esp_ot_rcp '1.4.2' for ESP32-H2, 1,536 bytes: checksum
              and SHA-256 are right
  0x00001405  host: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000
              (4,544 of 2,097,152 bytes)
  0x000025c5  host: it is whole: checksum and SHA-256 are right
  0x000025c5  ota_data: entry 1 gets ota_seq 2: ota_1 boots next
  0x000025c5  rcp: it is reflashed at the next boot, unless it reports this
              version by then
taken: boots ota_1 next
END
prints 0 rcp.bin -p "$table" <<'END'
rcp.bin: 5,113 bytes, to a Thread border router that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  table: the RCP part goes to rcp_fw at 0x452000 (5,113 of 590,352
              bytes)
  0x00000048  version: 'openthread-esp32/0a1b2c3d4e-5f60718293; esp32h2;
              2025-01-01 12:00:00 UTC'
  0x00000091  flash_args: on the RCP, bootloader to 0x0, firmware to 0x10000,
              partition_table to 0x8000
  0x000000a9  bootloader: for ESP32-H2, 336 bytes: checksum and SHA-256 are
              right
  0x000001f9  partition_table: 3,072 bytes: the MD5 is right
  0x00000df9  firmware: esp_ot_rcp '1.4.2' for ESP32-H2, 1,536 bytes: checksum
              and SHA-256 are right
  0x000013f9  rcp: it is reflashed at the next boot, unless it reports this
              version by then
taken: boots ota_0 again
END

# ---- when the RCP is reflashed ------------------------------------------------------------------

rcp_line() { # rcp_line TEXT ARGUMENT...
    rcp_text=$1
    shift
    expect_exit 0 otapack simulate br.bin -p "$table" "$@" --json
    look '[.steps[] | select(.what == "rcp") | .message] == [$text]' --arg text "$rcp_text" out \
        >/dev/null || fail "the RCP: $(jq '.steps[] | select(.what == "rcp")' out)"
}
rcp_line 'it is reflashed at the next boot, unless it reports this version by then'
rcp_line 'it is not reflashed: it reports the version of the RCP part' --running-version "$version"
rcp_line "it is reflashed at the next boot: it reports '$version ', which is not the version of the RCP part" \
    --running-version "$version "
rcp_line "it is reflashed at the next boot: it reports '', which is not the version of the RCP part" \
    --running-version ''

# For ever: the newline at the end of the version.
copy_rcp rcp
echo >>rcp/rcp_version
host_firmware host.bin
reference_build rcp newline.bin host.bin
prints 1 newline.bin -p "$table" <<'END'
newline.bin: 9,670 bytes, to a Thread border router that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  table: the RCP part goes to rcp_fw at 0x452000 (5,126 of 590,352
              bytes)
  0x00000054  version: 'openthread-esp32/0a1b2c3d4e-5f60718293; esp32h2;
              2025-01-01 12:00:00 UTC\x0a'
  0x0000009e  flash_args: on the RCP, bootloader to 0x0, firmware to 0x10000,
              partition_table to 0x8000
  0x000000b6  bootloader: for ESP32-H2, 336 bytes: checksum and SHA-256 are
              right
  0x00000206  partition_table: 3,072 bytes: the MD5 is right
  0x00000e06  firmware: esp_ot_rcp '1.4.2' for ESP32-H2, 1,536 bytes: checksum
              and SHA-256 are right
  0x00001406  host: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000
              (4,544 of 2,097,152 bytes)
  0x000025c6  host: it is whole: checksum and SHA-256 are right
  0x000025c6  ota_data: entry 1 gets ota_seq 2: ota_1 boots next
  0x000025c6  rcp: it is reflashed at the next boot, unless it reports this
              version by then
  0x00000054  version: BROKEN: the device reflashes its RCP at every boot: the
              version text ends in a newline, so it never equals what the RCP
              reports, and the RCP would be reflashed at every boot
              [rcp-version-match]
broken: boots ota_1 next, but the device reflashes its RCP at every boot
END
# Even if the RCP reports the right version today.
expect_exit 1 otapack simulate newline.bin -p "$table" -r "$version"

# ---- its storage --------------------------------------------------------------------------------

prints 1 br.bin -p "$FIXTURES/partition_table/bad-for-host-storage.bin" <<'END'
br.bin: 9,669 bytes, to a Thread border router that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  table: the RCP part goes to rcp_fw at 0x452000 (5,125 of 4,016
              bytes)
  0x00000054  version: 'openthread-esp32/0a1b2c3d4e-5f60718293; esp32h2;
              2025-01-01 12:00:00 UTC'
  0x0000009d  flash_args: on the RCP, bootloader to 0x0, firmware to 0x10000,
              partition_table to 0x8000
  0x000000b5  bootloader: for ESP32-H2, 336 bytes: checksum and SHA-256 are
              right
  0x00000205  partition_table: 3,072 bytes: the MD5 is right
refused at 0x00000fb0: firmware: rcp_fw is full: the RCP part has 5,125 bytes,
  and SPIFFS has room for 4,016 there; 4,096 bytes received, 4,001 written;
  ota_0 goes on running
END
# Room for one copy.
expect_exit 0 otapack simulate br.bin -p "$FIXTURES/partition_table/bad-for-host-storage-update.bin"
expect_out '^  0x00000000  table: warning: rcp_fw has no room for two such parts: a device$'
# The room is what the check says.
expect_exit 1 otapack inspect br.bin -p "$FIXTURES/partition_table/bad-for-host-storage.bin"
expect_out 'partition rcp_fw has room for$'
expect_out '^ +4,016;'
# None at all.
{
    pt_entry 1 0 0xf000 0x2000 otadata
    pt_entry 0 0x10 0x20000 0x100000 ota_0
    pt_entry 0 0x11 0x120000 0x100000 ota_1
} | pt_finish no-storage.bin
prints 1 br.bin -p no-storage.bin <<'END'
br.bin: 9,669 bytes, to a Thread border router that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
refused at 0x00000000: table: the partition table has no rcp_fw, in which to
  store the RCP part; 1,024 bytes received, 0 written; ota_0 goes on running
END

# ---- what breaks the RCP, or the host -----------------------------------------------------------

broken() { # broken EFFECT PART CHECK FIXTURE
    expect_exit 1 otapack simulate "$FIXTURES/rcp_image/$4.bin" -p "$table" --json
    look '.verdict == "broken" and .boots == "ota_0" and
        .message == "broken: boots ota_0 again, but the device \($effect)" and
        ([.steps[] | select(.verdict == "broken") | .what] == [$part]) and
        ([.steps[] | select(.verdict == "broken") | .message][0] |
            startswith("the device \($effect): ") and endswith(" [\($check)]"))' \
        --arg effect "$1" --arg part "$2" --arg check "$3" out >/dev/null || fail "$4"
}
loops='reflashes its RCP at every boot' dead='flashes an RCP that does not start'
broken "$loops" version rcp-version-match bad-rcp-version-match
broken "$loops" version rcp-version-match bad-rcp-version-match-tail
broken "$dead" flash_args rcp-firmware-address bad-rcp-firmware-address
broken "$dead" flash_args rcp-bootloader-address bad-rcp-bootloader-address
broken "$dead" flash_args rcp-table-address bad-rcp-table-address
broken "$dead" firmware idf-order bad-idf-order
broken "$dead" bootloader slot-content bad-slot-content
# The RCP's app where the host's belongs: what verifies images finds another chip.
expect_exit 1 otapack simulate "$FIXTURES/rcp_image/bad-slot-content-host.bin" -p "$table" --json
look '.verdict == "refused" and .steps[-1].what == "host" and .steps[-1].at == .size and
    (.steps[-1].message | endswith("[slot-content]"))' out >/dev/null || fail 'the host is the RCP'

# ---- what is damaged, mostly in the table: nothing of it is stored then --------------------------

refused() { # refused AT WHAT WRITTEN MESSAGE FIXTURE
    expect_exit 1 otapack simulate "$FIXTURES/rcp_image/$5.bin" -p "$table" --json
    look '.device == "border_router" and .verdict == "refused" and .written == $written and
        (.steps[-1] | .at == $at and .what == $what and .message == $message)' --argjson at "$1" \
        --arg what "$2" --argjson written "$3" --arg message "$4" out >/dev/null ||
        fail "$5: $(jq -c '[.written, .steps[-1]]' out)"
}
refused 4 table 0 'a part of it, or the table itself, has a size that it cannot have' \
    bad-rcp-table-oversize
refused 76 table 0 'the file is cut off: the table says that it is longer' \
    bad-rcp-bounds
refused 80 table 0 'its parts do not follow one another' \
    bad-rcp-contiguous
refused 24 table 0 'it has a part that is unknown, stands twice, or comes behind the host' \
    bad-rcp-duplicate
refused 72 table 0 'it has a part that is unknown, stands twice, or comes behind the host' \
    bad-rcp-tags
refused 133 flash_args 133 'it names a part that is not there, a part twice, an address inside of a flash sector, or two that overlap' \
    bad-rcp-parts
refused 72 table 0 'it has a part that is unknown, stands twice, or comes behind the host' \
    bad-rcp-host-last
refused 0 table 0 'it has no version or no flash arguments, or its parts are not all of the file' \
    bad-rcp-trailing
refused 161 flash_args 145 'it names a part that is not there, a part twice, an address inside of a flash sector, or two that overlap' \
    bad-rcp-flash-align
refused 141 flash_args 133 'it names a part that is not there, a part twice, an address inside of a flash sector, or two that overlap' \
    bad-rcp-flash-overlap
refused 16 table 0 'a part of it, or the table itself, has a size that it cannot have' \
    bad-rcp-version-text
refused 28 table 0 'a part of it, or the table itself, has a size that it cannot have' \
    bad-rcp-flash-args
refused 3589 firmware 3577 "it is for another chip than the RCP's other image" \
    bad-chip-match
# A bit of the RCP's partition table, and of its firmware.
cp br.bin damaged.bin
poke damaged.bin $((0x205 + 4)) 1
expect_exit 1 otapack simulate damaged.bin -p "$table"
expect_out '^refused at 0x000002[0-9a-f]{2}: partition_table: its MD5 does not fit its entries: it is'
cp br.bin damaged.bin
poke damaged.bin $((0xe05 + 1000)) $(($(u8 br.bin $((0xe05 + 1000))) ^ 16))
expect_exit 1 otapack simulate damaged.bin -p "$table"
expect_out '^refused at 0x00001[0-9a-f]{3}: firmware: its checksum does not fit its segments: it is'
