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

: >empty.bin # it is named itself, and not what lies behind it
for key in app rcp.firmware rcp.bootloader rcp.version; do
    says 1 'empty.bin: .*empty' build br.yaml --set $key=empty.bin
done
text_to r.yaml <<'END'
otapack: 1
output: x.bin
app: empty.bin
END
says 1 'empty.bin: the file is empty; .*known-format' build r.yaml

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

# ---- A path that only others read -----------------------------------------------------------------

says 2 'x.bin: cannot open: .*; this is a URL; download it first, and name the file$' \
    inspect https://example.com/x.bin
says 2 'key.pem: cannot open: .*; this is a URL; write the path without file://$' \
    sign host.bin -o x.bin --key file:///home/me/key.pem
says 2 'app.bin: cannot open: .*; only a shell knows ~; write the whole path$' \
    build br.yaml --set 'app=~/app.bin'
# shellcheck disable=SC2016
says 2 'app.bin: cannot open: .*; .* only a recipe has variables, as \$\{NAME\}$' verify '$BUILD/app.bin'
says 2 'build.app.bin: cannot open: .*; write / between folders, not a backslash$' verify 'build\app.bin'
says 2 'none.x.bin: cannot write into its folder: .*; check the path$' build br.yaml -o none/x.bin
says 2 'no such file, and no such verb; this is a URL; download it first' https://example.com/x.bin
for words in 'inspect rcp' 'sign rcp --key k.pem' 'sign host.bin -o x.bin --key rcp' 'key public rcp' \
    'verify host.bin --key rcp' 'verify host.bin --device rcp' 'build br.yaml -o rcp'; do
    # shellcheck disable=SC2086
    says 2 'rcp: is a folder; name a file in it$' $words
done

# ---- What is no YAML, and what is too little of it --------------------------------------------------

# yaml PATTERN LINE...: so it says of a recipe that ends in these lines.
yaml() {
    pattern=$1
    shift
    {
        printf 'otapack: 1\noutput: x.bin\n'
        printf '%s\n' "$@"
    } | recipe
    says 2 "$pattern" build r.yaml
}
yaml 'is no YAML: .*; write a colon and a blank behind a key' 'app:host.bin' 'allow: []'
yaml 'is no YAML: .*; write a colon .*, a - and a blank before' 'allow:' '-host-slot'
yaml 'is no YAML: .*; begin all keys of a map in one column, and quote a value' 'rcp:' '  build_dir: a' '   flash_args: b'
yaml 'is no YAML: .*; begin all keys of a map in one column, and write nothing' 'rcp:' '   build_dir: a' '  flash_args: b'
yaml 'is no YAML: .*; write / between folders, or single quotes' 'app: "build\host.bin"'
yaml 'is no YAML: .*; quote the value' 'app: @APP@'
yaml 'is no YAML: .*; close the quotes' 'app: "host.bin'
yaml 'is no YAML: .*; close the list' 'app: host.bin' 'allow: [host-slot'
yaml 'is no YAML: .*; close the map' 'rcp: {build_dir: rcp'
yaml 'matter must be a map of keys, but is empty; write its keys below it' 'app: host.bin' 'matter:' 'vendor_id: 1'
yaml 'allow must be a list, but is empty; write a - and a blank' 'app: host.bin' 'allow:'

# ---- Words in the wrong place -----------------------------------------------------------------------

says 2 "build does not know what to do with 'x.bin'; if it is the file to write, put -o before it" \
    build br.yaml x.bin
says 2 '--json takes no value; write it without the =$' inspect host.bin --json=1
says 2 'there is no option --quiet before a verb; put options behind it' --quiet verify host.bin
says 2 "key does not know 'host.bin'; it takes one of: generate, public, digest" key host.bin
says 2 'key needs to be told what to do; it takes one of: generate, ' key
says 2 "compat does not know 'espefuse'; see otapack compat --help\$" compat espefuse.py summary

# ---- A name without what it is in -------------------------------------------------------------------

says 2 "there is no 'version' in the file; did you mean 'desc.version'\?" inspect host.bin --get version
says 1 "there is no 'chip_name' in the file; inspect" verify host.bin --expect 'chip_name = esp32s3'
says 2 "there is no 'version' in the file; did you mean 'payload.desc.version'\?" \
    inspect "$FIXTURES/matter/good-app.bin" --get version

# A variable of a script that is not set: which option it was for is said.
app=$FIXTURES/esp_image/good-app-esp32.bin
while IFS= read -r line; do
    option=${line##* }
    # shellcheck disable=SC2086 # words
    expect_exit 2 otapack $line ''
    expect_one_line_err "^otapack: $option is empty; give it a value\$"
done <<END
verify $app --key
verify $app --keys
verify $app --partition-table
inspect $app --device
sign $app --key x --output
extract $app --decrypt-key
push $app --host
push $app --host 127.0.0.1 --auth-file
serve $app --updates
publish $app --to folder --output
END
expect_exit 2 otapack push "$app" --host http://192.0.2.7/
expect_one_line_err '^otapack: --host http://192\.0\.2\.7/: is a URL; write the name or address alone$'
expect_exit 2 otapack push "$app" --host 192.0.2.7:3232
expect_one_line_err '^otapack: --host 192\.0\.2\.7:3232: has a port behind it; write that with --port$'
expect_exit 2 otapack push "$app" --host ::1:2:3:4:5:6:7:8:9
expect_one_line_err 'there is no host of this name here'
