# SPDX-License-Identifier: Apache-2.0
# simulate: partition tables and OTA data of all kinds, and what a device with them does.
. "$SOURCE/tests/cli-lib.sh"
. "$SOURCE/tests/simulate-lib.sh"

host_firmware app.bin
cp "$(combined_fixture)" br.bin
otadata='pt_entry 1 0 0xf000 0x2000 otadata'
factory='pt_entry 0 0 0x20000 0x100000 factory'
storage='pt_entry 1 0x82 0xc00000 0x80000 rcp_fw'
slot() { pt_entry 0 $((16 + $1)) $((0x200000 + 0x100000 * $1)) 0x100000 "ota_$1"; }
table() { # table COMMAND...: each prints an entry
    for entry; do $entry; done | pt_finish table.bin
}

table "$factory" "$otadata"
prints 1 app.bin -p table.bin <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs factory
refused at 0x00000000: app: the partition table has no OTA partition that it
  could go to; 1,024 bytes received, 0 written; factory goes on running
END
table "$factory"
prints 1 app.bin -p table.bin <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs factory
refused at 0x00000000: app: the partition table has no OTA partition that it
  could go to; 1,024 bytes received, 0 written; factory goes on running
END
table "$otadata" 'slot 0'
prints 1 app.bin -p table.bin <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
refused at 0x00000000: app: the only OTA partition is the one that the running
  app is in; 1,024 bytes received, 0 written; ota_0 goes on running
END
table "$otadata" "$factory" 'slot 0'
prints 0 app.bin -p table.bin <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs factory
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_0 at 0x200000
              (4,544 of 1,048,576 bytes)
  0x000011c0  app: it is whole: checksum and SHA-256 are right
  0x000011c0  ota_data: entry 0 gets ota_seq 1: ota_0 boots next
taken: boots ota_0 next
END
table 'slot 0' 'slot 1'
prints 1 app.bin -p table.bin <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_0
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x300000
              (4,544 of 1,048,576 bytes)
  0x000011c0  app: it is whole: checksum and SHA-256 are right
refused at 0x000011c0: ota_data: the partition table has no otadata, so that
  nothing can say that the new app boots; 4,544 bytes received, 4,544 written;
  ota_0 goes on running
END
table "$otadata" "$factory" 'slot 0' 'slot 1'
prints 0 app.bin -p table.bin <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs factory
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_0 at 0x200000
              (4,544 of 1,048,576 bytes)
  0x000011c0  app: it is whole: checksum and SHA-256 are right
  0x000011c0  ota_data: entry 0 gets ota_seq 1: ota_0 boots next
taken: boots ota_0 next
END
table "$otadata" 'slot 0' 'slot 2'
prints 1 app.bin -p table.bin <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_0
  0x00000000  ota_data: empty: at the first boot, entry 0 got ota_seq 1 (ota_0)
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_2 at 0x400000
              (4,544 of 1,048,576 bytes)
  0x000011c0  app: it is whole: checksum and SHA-256 are right
refused at 0x000011c0: ota_data: the numbers of the OTA partitions have a gap,
  and esp_ota_set_boot_partition knows none behind it; 4,544 bytes received,
  4,544 written; ota_0 goes on running
END
table "$otadata"
prints 1 app.bin -p table.bin <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota
refused at 0x00000000: device: with this partition table, no app boots that
  could take it; 0 bytes received, 0 written; no app runs
END
table 'pt_entry 1 0 0xf000 0x1000 otadata' 'slot 0' 'slot 1'
expect_exit 1 otapack simulate app.bin -p table.bin
expect_out '^refused at 0x00000000: device: with this partition table, no app boots'

# A border router stores its RCP's part before it finds that out.
table "$otadata" "$factory" "$storage"
expect_exit 1 otapack simulate br.bin -p table.bin --json
look '.written == 5125 and .boots == "factory" and .steps[-1].what == "host" and
    .steps[-1].at == 5125 and (.steps[-1].message | contains("no OTA partition"))' out >/dev/null ||
    fail 'no slot for the host'
table "$storage" 'slot 0' 'slot 1'
expect_exit 1 otapack simulate br.bin -p table.bin --json
look '.written == .size and .boots == "ota_0" and .steps[-1].what == "ota_data"' out >/dev/null ||
    fail 'no otadata for the host'
table "$otadata" "$storage" 'slot 0'
expect_exit 1 otapack simulate br.bin -p table.bin
expect_exit 0 otapack simulate "$(rcp_fixture)" -p table.bin
expect_out '^taken: boots ota_0 again$'

# ---- OTA data -----------------------------------------------------------------------------------

# ota_data FILE SEQ STATE CRC SEQ STATE CRC: a dump of it.
ota_data() {
    {
        u32le $(($2))
        fill 20
        u32le $(($3)) $(($4))
        fill 4064
        u32le $(($5))
        fill 20
        u32le $(($6)) $(($7))
        fill 4064
    } >"$1"
}
no='0xffffffff 0xffffffff 0xffffffff'
ok1='1 2 0x4743989a' ok2='2 2 0x55f63774'
table "$otadata" 'slot 0' 'slot 1'
cp table.bin two.bin
table "$otadata" "$factory" 'slot 0' 'slot 1'
cp table.bin with-factory.bin

# runs RUNS BOOTS ENTRY SEQ TABLE DATA...
runs() {
    runs=$1 boots=$2 entry=$3 seq=$4 table=$5
    shift 5
    # shellcheck disable=SC2048,SC2086 # words
    ota_data data.bin $*
    expect_exit 0 otapack simulate app.bin -p "$table" --ota-data data.bin --json
    look '.runs == $runs and .boots == $boots and ([.steps[] | select(.what == "ota_data")][-1] |
        .message == "entry \($entry) gets ota_seq \($seq): \($boots) boots next" and
        .partition == "otadata" and .address == 61440 and .size == 32)' \
        --arg runs "$runs" --arg boots "$boots" --arg entry "$entry" --arg seq "$seq" out \
        >/dev/null || fail "$table, $*: $(jq -c '[.runs, .message, .steps[-1]]' out)"
}
runs ota_0 ota_1 1 2 two.bin "$no" "$no"
runs ota_0 ota_1 1 2 two.bin "$ok1" "$no"
runs ota_0 ota_1 0 2 two.bin "$no" "$ok1"
runs ota_1 ota_0 0 3 two.bin "$ok1" "$ok2"
runs ota_1 ota_0 1 3 two.bin "$ok2" "$ok1"
runs factory ota_0 0 1 with-factory.bin "$no" "$no"
runs ota_0 ota_1 1 2 with-factory.bin "$ok1" "$no"
runs ota_1 ota_0 0 3 with-factory.bin "$ok1" "$ok2"
# A broken CRC, or a state that says no, and an entry does not count.
runs ota_0 ota_1 1 2 two.bin "$ok1" '2 2 0x55f63775'
runs ota_1 ota_0 0 3 two.bin '1 2 0x4743989b' "$ok2"
runs ota_0 ota_1 1 2 two.bin "$ok1" '2 3 0x55f63774'
runs ota_0 ota_1 1 2 two.bin "$ok1" '2 4 0x55f63774'
runs ota_1 ota_0 0 3 two.bin "$ok1" '2 0xffffffff 0x55f63774'
# None counts.
runs ota_0 ota_1 0 2 two.bin '1 2 0x4743989b' '2 2 0x55f63775'
runs factory ota_0 0 1 with-factory.bin '1 2 0x4743989b' '2 2 0x55f63775'
runs factory ota_0 0 1 with-factory.bin '1 4 0x4743989a' "$no"
runs ota_0 ota_1 0 2 two.bin '1 4 0x4743989a' "$no"
# The running app is on trial.
# shellcheck disable=SC2086 # words
ota_data data.bin $ok1 2 1 0x55f63774
prints 1 app.bin -p two.bin --ota-data data.bin <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_1
refused at 0x00000000: app: the running app has not confirmed yet that it works
  (its OTA data says pending verify), and esp_ota_begin wants that first; 1,024
  bytes received, 0 written; ota_1 goes on running
END
# The fixtures: slot 1 runs, then the first entry's CRC is broken.
prints 0 app.bin -p two.bin --ota-data "$FIXTURES/ota_data/good-slot-1.bin" <<'END'
app.bin: 4,544 bytes, to a device with esp_https_ota that runs ota_1
  0x00000000  app: demo_br '1.4.2' for ESP32-S3, goes to ota_0 at 0x200000
              (4,544 of 1,048,576 bytes)
  0x000011c0  app: it is whole: checksum and SHA-256 are right
  0x000011c0  ota_data: entry 0 gets ota_seq 3: ota_0 boots next
taken: boots ota_0 next
END
for dump in good-initial good-one-entry bad-ota-data-crc bad-ota-data-state \
    bad-ota-data-state-aborted bad-ota-data-state-unknown; do
    expect_exit 0 otapack simulate app.bin -p two.bin --ota-data "$FIXTURES/ota_data/$dump.bin"
done
