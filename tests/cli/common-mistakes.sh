# SPDX-License-Identifier: Apache-2.0
# Mistakes that people make, each with a line that names the case and what to do.
. "$SOURCE/tests/cli-lib.sh"

copy_rcp rcp
host_firmware host.bin
cp "$FIXTURES/br/partition-table.bin" table.bin
cp "$FIXTURES/esp8266/good-arduino.bin" sketch.bin
text_to br.yaml <<'END'
otapack: 1
output: br.bin
app: host.bin
rcp: {build_dir: rcp}
END

# says STATUS PATTERN ARGUMENT...: one line of otapack says so, and nothing is written.
says() {
    wanted_status=$1 pattern=$2
    shift 2
    expect_exit "$wanted_status" otapack "$@"
    grep -Eq "^otapack: .*$pattern" err || fail "otapack $*: no line says: $pattern"
    no_file br.bin
    no_file x.bin
}
recipe() { text_to r.yaml; }

says 1 "is the RCP's own, and the host's lies in the host's build folder.*host-update" \
    build br.yaml -p rcp/partition_table/partition-table.bin
says 1 'host and RCP have one and the same app, demo_br.*slot-content' \
    build br.yaml --set rcp.firmware=host.bin
says 1 'host and RCP have one and the same app, esp_ot_rcp.*slot-content' \
    build br.yaml --set app=rcp/esp_ot_rcp.bin
says 2 'host.bin: has NUL bytes in it, so it is no text; .*otapack inspect' build host.bin

printf 'otapack: 1\noutput: x.bin\nrcp:\n\tbuild_dir: rcp\n' >r.yaml
says 2 'r.yaml:4:1: is no YAML: there is a tab where the line begins; write blanks' build r.yaml
printf 'otapack: 1\noutput: x.bin\napp: host.bin\nallow: host-slot\n' >r.yaml
says 2 'r.yaml:4:8: allow must be a list, but is a value; write allow: \[host-slot\]' build r.yaml
for word in yes:true on:true Yes:true no:false off:false; do
    printf 'otapack: 1\noutput: x.bin\nesp8266: {image: sketch.bin, compress: %s}\n' "${word%:*}" >r.yaml
    says 2 "compress is '${word%:*}', which is a word here; write ${word#*:}\$" build r.yaml
done
printf 'otapack: 1\noutput: x.bin\nrcp:\n  build_dir: rcp\n  flash_args:\n    firmware: 0x10000\n' >r.yaml
says 2 'flash_args must be a list, but is a map of keys; write a - and a blank in front' build r.yaml

says 2 'create needs -v ID -p ID -vn NUMBER -vs TEXT -da NAME INPUT... OUTPUT' compat ota_image_tool create
says 2 'create needs -v ID' compat ota_image_tool create host.bin

says 2 'x.bin: is called like a file, and all parts go into a folder; name the part.*, or write x.bin/' \
    extract host.bin -o x.bin
expect_exit 0 otapack extract host.bin -o x.bin/
has_line '^x.bin/segments-0.bin$' out || fail 'a folder with a / behind it is called otherwise'
expect_exit 0 otapack extract host.bin -o x.bin # it is a folder by now
rm -r x.bin
expect_exit 0 otapack extract host.bin desc -o x.bin
rm x.bin

expect_exit 0 otapack inspect --format dcl "$FIXTURES/matter/good-app.bin"
expect_one_line_err
grep -q 'warning: there is no otaUrl in this entry; give --url' err || fail 'no word of the missing URL'
expect_exit 0 otapack inspect --format dcl "$FIXTURES/matter/good-app.bin" --url https://example.com/x.ota
no_err
