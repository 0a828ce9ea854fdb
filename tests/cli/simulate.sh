# SPDX-License-Identifier: Apache-2.0
# simulate as a shell sees it: exit status, a file on standard input, a pipe, JSON.
# tests/laws/law_simulate_*.c have each device, table and mistake, simulate.txt what is printed.
. "$SOURCE/tests/cli-lib.sh"

table=$FIXTURES/br/partition-table.bin
cp "$(combined_fixture)" br.bin
host_firmware app.bin

expect_exit 0 otapack simulate br.bin -p "$table"
no_err
expect_out '^br\.bin: 9,669 bytes, to a Thread border router that runs ota_0$'
expect_out '^taken: boots ota_1 next$'
tr -s ' \n' '  ' <out >from-file
for way in '<br.bin' '| pipe'; do
    case $way in
        '<br.bin') expect_exit 0 otapack simulate - -p "$table" <br.bin ;;
        *)
            mkfifo pipe
            cat br.bin >pipe &
            expect_exit 0 otapack simulate - -p "$table" --chunk 100 <pipe
            wait
            ;;
    esac
    no_err
    sed 's/^standard input/br.bin/' out | tr -s ' \n' '  ' >from-stdin
    same from-file from-stdin
done

expect_exit 0 otapack simulate app.bin -p "$table" --running-version 1.4.2 --json
look '.verdict == "taken" and any(.steps[]; .at == 48 and .verdict == "warn")' out >/dev/null ||
    fail 'the same version again'
expect_exit 1 otapack simulate app.bin -p "$table" --chip esp32c6 --json
look '.verdict == "refused" and .boots == "ota_0" and .steps[-1].at == 12' out >/dev/null ||
    fail 'another chip'
expect_exit 2 otapack simulate app.bin
no_out
expect_one_line_err

# What other devices take is judged by verify alone, whatever stands around it.
for file in matter_bundle/good-app matter_bundle/in-matter-rcp zigbee/good-app \
    compressed_image/good-app compressed_image/good-with-app-header delta/good-update; do
    if lacks "$file"; then continue; fi
    expect_exit 2 otapack simulate "$FIXTURES/$file.bin" -p "$table"
    no_out
    expect_err ', which simulate does not know; otapack verify judges it$'
done
