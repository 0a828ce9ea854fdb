# SPDX-License-Identifier: Apache-2.0
# Files are judged several at a time, and nothing of it shows: results, messages and reports come in
# the order of the command line, whatever was done first.
. "$SOURCE/tests/cli-lib.sh"

# Good ones, bad ones, signed ones, one that is not there, one twice, and large ones before small ones.
files=("$FIXTURES"/flash/*.bin "$FIXTURES"/esp_image/*.bin nosuch.bin "$FIXTURES"/secure_boot/*.bin
    "$FIXTURES"/matter/good-*.bin "$FIXTURES"/esp_image/good-app-esp32h2.bin)
[ "${#files[@]}" -gt 120 ] || fail "only ${#files[@]} files"

same() {
    expect_exit 2 otapack verify --jobs 1 "$@" "${files[@]}"
    mv out one.out
    mv err one.err
    [ -s one.err ] || fail 'nothing was said'
    for jobs in -j2 '-j 7' --jobs=64 ''; do
        # shellcheck disable=SC2086 # two words
        expect_exit 2 otapack verify $jobs "$@" "${files[@]}"
        cmp one.out out || fail "$jobs: another standard output"
        cmp one.err err || fail "$jobs: another standard error"
    done
}
same
same --format json --key "$FIXTURES/keys/rsa3072.pub.pem"
same --format sarif
same --format junit --allow esp-checksum
same --format github -q
same --partition-table "$FIXTURES/partition_table/good-host.bin" -e 'desc.project_name = demo_app'

# The status is the worst of all, wherever it was.
expect_exit 1 otapack verify -q -j 3 "$FIXTURES"/esp_image/bad-esp-hash.bin "$FIXTURES"/esp_image/good-*esp32*.bin
expect_exit 0 otapack verify -q -j 3 "$FIXTURES"/esp_image/good-*esp32*.bin

# Each file must have a use for what is said of the device, whatever others have.
for jobs in 1 2; do
    expect_exit 2 otapack verify -j $jobs --free-space 1000000 "$FIXTURES/esp8266/good-arduino.bin" \
        "$FIXTURES/esp_image/good-app-esp32h2.bin"
    expect_err 'good-app-esp32h2\.bin: .*no check can use --free-space'
done

# Where few files can be open, fewer are judged at a time.
for i in $(seq 200); do
    ln -s "$FIXTURES/esp_image/good-app-esp32h2.bin" "few-$i.bin"
done
(
    ulimit -n 40
    expect_exit 0 otapack verify -q -j 32 few-*.bin
)

# Standard input is one, whoever asks for it.
expect_exit 0 otapack verify -j 4 "$FIXTURES/esp_image/good-app-esp32h2.bin" - <"$FIXTURES/esp_image/good-app-esp32.bin"
expect_out '^standard input: ESP32 app, ok'

for jobs in 1 4; do
    head -c 3000000 /dev/zero | otapack verify --format json -j "$jobs" - - - - >zeros.$jobs 2>&1 || true
done
cmp zeros.1 zeros.4 || fail 'standard input is shared'

# What is no number of files.
for wrong in 0 257 -1 two; do
    expect_exit 2 otapack verify --jobs "$wrong" "$FIXTURES/esp_image/good-app-esp32h2.bin"
    expect_err "--jobs.*: write how many files at a time, from 1 to 256"
done
