# SPDX-License-Identifier: Apache-2.0
# simulate: a Matter device, and a border router that is one: versions, payloads, digests.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/simulate-lib.sh"

cp "$FIXTURES/matter/good-app.bin" light.ota
cp "$FIXTURES/matter/good-rcp.bin" br.ota
table=$FIXTURES/br/partition-table.bin

prints 0 light.ota -p "$table" --running-version 1 <<'END'
light.ota: 591 bytes, to a Matter device that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  matter: software version 2 '1.4.2' for 0xfff1:0x8000, above 1,
              which runs
  0x0000004f  app: demo_app '1.4.2' for ESP32-C6, goes to ota_1 at 0x220000 (512
              of 2,097,152 bytes)
  0x0000024f  app: it is whole: checksum and SHA-256 are right
  0x0000024f  matter: the payload is whole: image_digest is right
  0x0000024f  ota_data: entry 1 gets ota_seq 2: ota_1 boots next
taken: boots ota_1 next
END
prints 0 br.ota -p "$table" <<'END'
br.ota: 9,748 bytes, to a Matter device that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  matter: software version 2 '1.4.2' for 0xfff1:0x8000
  0x0000004f  table: the RCP part goes to rcp_fw at 0x452000 (5,125 of 590,352
              bytes)
  0x000000a3  version: 'openthread-esp32/0a1b2c3d4e-5f60718293; esp32h2;
              2025-01-01 12:00:00 UTC'
  0x000000ec  flash_args: on the RCP, bootloader to 0x0, firmware to 0x10000,
              partition_table to 0x8000
  0x00000104  bootloader: for ESP32-H2, 336 bytes: checksum and SHA-256 are
              right
  0x00000254  partition_table: 3,072 bytes: the MD5 is right
  0x00000e54  firmware: esp_ot_rcp '1.4.2' for ESP32-H2, 1,536 bytes: checksum
              and SHA-256 are right
  0x00001454  host: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000
              (4,544 of 2,097,152 bytes)
  0x00002614  host: it is whole: checksum and SHA-256 are right
  0x00002614  matter: the payload is whole: image_digest is right
  0x00002614  rcp: it is reflashed at the next boot, unless it reports this
              version by then
  0x00002614  ota_data: entry 1 gets ota_seq 2: ota_1 boots next
taken: boots ota_1 next
END
prints 1 light.ota -p "$table" --running-version 2 <<'END'
light.ota: 591 bytes, to a Matter device that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
refused at 0x00000019: matter: software version 2 is not above 2, which runs:
  the requestor ignores the offer; 591 bytes received, 0 written; ota_0 goes on
  running
END
prints 1 light.ota -p "$table" --running-version 0xffffffff <<'END'
light.ota: 591 bytes, to a Matter device that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
refused at 0x00000019: matter: software version 2 is not above 4294967295, which
  runs: the requestor ignores the offer; 591 bytes received, 0 written; ota_0
  goes on running
END
expect_exit 0 otapack simulate light.ota -p "$table" --running-version 0
refuse_out 'warning'

# A Matter device compares numbers only; the app's own version is not looked at.
expect_exit 2 otapack simulate light.ota -p "$table" --running-version 1.4.2
no_out
expect_one_line_err
expect_err '^otapack: --running-version 1\.4\.2: this is a Matter image, and Matter devices compare numbers; give the software version number that runs$'
for not_one in '' -1 4294967296 1x; do
    expect_exit 2 otapack simulate light.ota -p "$table" "--running-version=$not_one"
    expect_one_line_err
done

# Limits that the provider holds a device to.
expect_exit 0 otapack simulate "$FIXTURES/matter/good-all-fields.bin" -p "$table"
cp out all-fields
expect_exit 0 otapack inspect "$FIXTURES/matter/good-all-fields.bin" --get min_applicable_software_version
least=$(cat out)
expect_exit 0 otapack simulate "$FIXTURES/matter/good-all-fields.bin" -p "$table" -r "$least"
refuse_out warning
expect_exit 0 otapack simulate "$FIXTURES/matter/good-all-fields.bin" -p "$table" -r $((least - 1))
expect_out '^  0x00000000  matter: warning: it is for devices that run '

# A combined image without a host: there is no app to verify; the RCP's part counts nevertheless.
cp "$FIXTURES/matter/good-no-host.bin" no-host.ota
prints 1 no-host.ota -p "$table" <<'END'
no-host.ota: 5,190 bytes, to a Matter device that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  matter: software version 2 '2.0' for 0xfff1:0x8000
  0x0000004d  table: the RCP part goes to rcp_fw at 0x452000 (5,113 of 590,352
              bytes)
  0x00000095  version: 'openthread-esp32/0a1b2c3d4e-5f60718293; esp32h2;
              2025-01-01 12:00:00 UTC'
  0x000000de  flash_args: on the RCP, bootloader to 0x0, firmware to 0x10000,
              partition_table to 0x8000
  0x000000f6  bootloader: for ESP32-H2, 336 bytes: checksum and SHA-256 are
              right
  0x00000246  partition_table: 3,072 bytes: the MD5 is right
  0x00000e46  firmware: esp_ot_rcp '1.4.2' for ESP32-H2, 1,536 bytes: checksum
              and SHA-256 are right
  0x00001446  matter: the payload is whole: image_digest is right
  0x00001446  rcp: it is reflashed at the next boot, unless it reports this
              version by then
refused at 0x00001446: matter: there is no app in it, so that esp_ota_end has
  nothing to verify, and fails; 5,190 bytes received, 5,113 written; ota_0 goes
  on running
END

# Every digest that this build has.
for file in "$FIXTURES"/matter/good-*.bin; do
    case ${file##*/} in good-no-host.bin | good-limits.bin) continue ;; esac
    expect_exit 0 otapack simulate "$file" -p "$table"
    expect_out 'image_digest is right$|^              otapack has no code$'
done

refused() { # refused AT WHAT MESSAGE FIXTURE
    expect_exit 1 otapack simulate "$FIXTURES/matter/$4.bin" -p "$table" --json
    look '.device == "matter" and .verdict == "refused" and
        (.steps[-1] | .at == $at and .what == $what and .message == $message)' --argjson at "$1" \
        --arg what "$2" --arg message "$3" out >/dev/null || fail "$4: $(jq -c '.steps[-1]' out)"
}
refused 591 matter 'image_digest is not the digest of the payload: it is damaged, or was changed' \
    bad-matter-digest
refused 40 matter 'image_digest_type has a value that is not allowed' \
    bad-matter-digest-type
refused 17 matter 'vendor_id has a value that is not allowed' \
    bad-matter-ids
refused 40 matter 'min_applicable_software_version has a value that is not allowed' \
    bad-matter-range
refused 4 matter 'total_size is not the length of the file' \
    bad-matter-size
refused 4 matter 'total_size is not the length of the file' \
    bad-matter-trailing
refused 4 matter 'total_size is not the length of the file' \
    bad-matter-bounds
refused 17 matter 'vendor_id is missing where it must stand' \
    bad-matter-header
refused 78 matter "the payload is neither an app nor a border router's image" \
    bad-matter-payload
refused 558 app 'its checksum does not fit its segments: it is damaged' \
    bad-esp-checksum-payload
refused 68 matter 'image_digest_type is missing where it must stand' \
    bad-matter-header-order-url
refused 25 matter 'software_version is missing where it must stand' \
    bad-matter-header-no-version
refused 21 matter 'product_id has a type that it cannot have' \
    bad-matter-header-type-text
refused 4 matter 'total_size is not the length of the file' \
    bad-matter-header-cut-tlv
refused 12 matter 'the header is longer than the 1,024 bytes that a device takes' \
    bad-matter-header-tlv-1025
refused 0 matter 'no provider offers it: software_version_string has a control character in it [matter-version-string]' \
    bad-matter-version-string
refused 0 matter 'no provider offers it: release_notes_url has a control character in it [matter-release-notes]' \
    bad-matter-release-notes
refused 0 matter 'no provider offers it: software_version_string is empty [matter-version-string]' \
    bad-matter-version-string-empty
refused 111 app 'it does not begin with the description that an app has' \
    bad-slot-content-bootloader
refused 79 matter "the payload is neither an app nor a border router's image" \
    bad-slot-content-matter
refused 78 matter 'it is cut off: it must have more than is there' \
    bad-slot-content-empty

# What a stream lets pass and no provider offers is not received at all.
expect_exit 1 otapack simulate "$FIXTURES/matter/bad-matter-release-notes.bin" -p "$table" --json
look '.received == 0 and .written == 0' out >/dev/null || fail 'nothing is received'

# Another version than the app's own is taken, and then reported.
expect_exit 1 otapack simulate "$FIXTURES/matter/bad-matter-version-match.bin" -p "$table"
expect_out '^broken: boots ota_1 next, but the device reports the update as failed$'
