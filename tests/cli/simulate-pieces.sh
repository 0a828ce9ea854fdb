# SPDX-License-Identifier: Apache-2.0
# simulate: however the file comes, in pieces of any size, by its name or on standard input, the
# device does the same; only how much had arrived by then may differ. And the JSON.
. "$SOURCE/tests/cli-lib.sh"
need jq

table=$FIXTURES/br/partition-table.bin
without_counts() {
    sed '/^  "received"/d; /^  "written"/d; s/; [0-9,]* bytes received, [0-9,]* written;//' "$1" \
        >"$1.same"
}

count=0
for file in "$FIXTURES"/rcp_image/good-*.bin "$FIXTURES"/rcp_image/bad-rcp-f*.bin \
    "$FIXTURES"/esp_image/bad-esp-h*.bin "$FIXTURES"/secure_boot/good-ecdsa*.bin \
    "$FIXTURES"/secure_boot/bad-sig-[bcd]*.bin "$FIXTURES"/matter/good-[arsw]*.bin \
    "$FIXTURES"/matter/bad-matter-di*.bin "$FIXTURES"/raw/e[lmnr]*.bin \
    "$FIXTURES"/raw/[ho]*.bin; do
    for pieces in 1 4096; do
        status=0
        otapack simulate "$file" -p "$table" --chunk $pieces --json >$pieces 2>err || status=$?
        last_command="otapack simulate $file -p $table --chunk $pieces --json"
        no_err
        case $(sed -n 's/^  "verdict": "\(.*\)",$/\1/p' $pieces)-$status in
            taken-0 | refused-1 | broken-1) ;;
            *) fail "exit status $status" ;;
        esac
        without_counts $pieces
    done
    same 1.same 4096.same
    [ "$status" -ne 0 ] || same 1 4096
    # Piece by piece, no byte more than needed has come.
    jq -e '.received <= .size and .written <= .received and
        (.verdict == "refused" or .received == .size)' 1 >/dev/null || fail 'the counts'
    count=$((count + 1))
done
[ "$count" -ge 50 ] || fail "only $count files"

# The text says the same.
good=$(combined_fixture)
cp "$good" br.bin
expect_exit 0 otapack simulate "$good" -p "$table"
cp out text
for pieces in 1 12 4K 16M 0x400; do
    expect_exit 0 otapack simulate "$good" -p "$table" --chunk $pieces
    same text out
done
awk 'length > 80 { exit 1 }' text || fail 'more than 80 columns'

# Standard input: a file, a pipe.

expect_exit 0 otapack simulate br.bin -p "$table"
sed 's/^br\.bin/standard input/' out >from-file
from_stdin() { "$OTAPACK" simulate - -p "$table" <br.bin; }
from_pipe() { cat br.bin | "$OTAPACK" simulate --partition-table "$table" -; }
for way in from_stdin from_pipe; do
    expect_exit 0 $way
    tr -s ' \n' '  ' <out >out.words
    tr -s ' \n' '  ' <from-file >file.words
    same file.words out.words
done

# ---- JSON ---------------------------------------------------------------------------------------

shape='
def only($allowed): (keys - $allowed) == [];
def count: type == "number" and . >= 0;
def text: type == "string" and length > 0;
def step: only(["at","what","verdict","message","partition","address","size"]) and
    (.at | count) and (.what | test("^[a-z_0-9.\\[\\]]+$")) and
    (.verdict | IN("ok", "warn", "refused", "broken")) and (.message | text) and
    (has("partition") == has("address")) and (has("partition") == has("size")) and
    (.partition // "x" | text) and (.address // 0 | count) and (.size // 0 | count);
def simulation: only(["otapack","file","size","device","runs","steps","verdict","message","boots","received",
    "written"]) and .otapack == 1 and (.file | text) and (.size | count) and
    (.device // "https_ota" | IN("https_ota", "border_router", "matter")) and
    (.runs // "x" | text) and (.boots // "x" | text) and (.received | count) and
    (.written | count) and (.message | text) and (.steps | all(step)) and
    ([.steps[].verdict] | map(select(IN("refused", "broken"))) |
        if any(. == "refused") then "refused" elif length > 0 then "broken" else "taken" end)
        == .verdict and
    ([.steps[] | select(.verdict == "refused")] | length) ==
        (if .verdict == "refused" then 1 else 0 end);'
for file in "$FIXTURES"/rcp_image/*.bin "$FIXTURES"/esp_image/*.bin "$FIXTURES"/[bfop]*/*.bin \
    "$FIXTURES"/raw/[!e]*.bin "$FIXTURES"/raw/e[!s]*.bin; do
    status=0
    otapack simulate "$file" -p "$table" --json --chip esp32s3 >out 2>err || status=$?
    last_command="otapack simulate $file -p $table --json --chip esp32s3"
    no_err
    cat out >>all
done
jq -es "$shape map(simulation) | all" all >/dev/null || fail 'the structure of the JSON'
expect_exit 0 otapack simulate br.bin -p "$table" -j
cat >expected <<'END'
{
  "otapack": 1,
  "file": "br.bin",
  "size": 9669,
  "device": "border_router",
  "runs": "ota_0",
  "steps": [
    {
      "at": 0,
      "what": "ota_data",
      "verdict": "ok",
      "message": "empty: at the first boot, entry 0 got ota_seq 1 (ota_0)"
    },
    {
      "at": 0,
      "what": "table",
      "verdict": "ok",
      "message": "the RCP part goes to rcp_fw at 0x452000 (5,125 of 590,352 bytes)",
      "partition": "rcp_fw",
      "address": 4530176,
      "size": 5125
    },
    {
      "at": 84,
      "what": "version",
      "verdict": "ok",
      "message": "'openthread-esp32/0a1b2c3d4e-5f60718293; esp32h2;  2025-01-01 12:00:00 UTC'"
    },
    {
      "at": 157,
      "what": "flash_args",
      "verdict": "ok",
      "message": "on the RCP, bootloader to 0x0, firmware to 0x10000, partition_table to 0x8000"
    },
    {
      "at": 181,
      "what": "bootloader",
      "verdict": "ok",
      "message": "for ESP32-H2, 336 bytes: checksum and SHA-256 are right"
    },
    {
      "at": 517,
      "what": "partition_table",
      "verdict": "ok",
      "message": "3,072 bytes: the MD5 is right"
    },
    {
      "at": 3589,
      "what": "firmware",
      "verdict": "ok",
      "message": "esp_ot_rcp '1.4.2' for ESP32-H2, 1,536 bytes: checksum and SHA-256 are right"
    },
    {
      "at": 5125,
      "what": "host",
      "verdict": "ok",
      "message": "demo_br '1.4.2' for ESP32-S3, goes to ota_1 at 0x220000 (4,544 of 2,097,152 bytes)",
      "partition": "ota_1",
      "address": 2228224,
      "size": 4544
    },
    {
      "at": 9669,
      "what": "host",
      "verdict": "ok",
      "message": "it is whole: checksum and SHA-256 are right"
    },
    {
      "at": 9669,
      "what": "ota_data",
      "verdict": "ok",
      "message": "entry 1 gets ota_seq 2: ota_1 boots next",
      "partition": "otadata",
      "address": 61440,
      "size": 32
    },
    {
      "at": 9669,
      "what": "rcp",
      "verdict": "ok",
      "message": "it is reflashed at the next boot, unless it reports this version by then"
    }
  ],
  "verdict": "taken",
  "message": "taken: boots ota_1 next",
  "boots": "ota_1",
  "received": 9669,
  "written": 9669
}
END
same expected out

# What a file says reaches neither a terminal nor the JSON as it is.
host_firmware app.bin
esp_text app.bin $AT_VERSION "$(printf 'a\033[31m\377')"
expect_exit 0 otapack simulate app.bin -p "$table"
expect_out "demo_br 'a.x1b\\[31m.xff' for ESP32-S3"
expect_exit 0 otapack simulate app.bin -p "$table" --json
jq -e '.steps | any(.message | contains("a\u001b[31m\\xff"))' out >/dev/null || fail 'the text'
{
    pt_entry 1 0 0xf000 0x2000 otadata
    pt_entry 0 0x10 0x20000 0x100000 "$(printf 'a\033[1m')"
    pt_entry 0 0x11 0x120000 0x100000 "$(printf 'b\377c')"
} | pt_finish labels.bin
expect_exit 0 otapack simulate app.bin -p labels.bin
expect_out '^taken: boots b.xffc next$'
expect_out 'that runs a.x1b\[1m$'
expect_exit 0 otapack simulate app.bin -p labels.bin --json
jq -e '.boots == "b\\xffc" and .runs == "a\u001b[1m"' out >/dev/null || fail 'the labels'
