# SPDX-License-Identifier: Apache-2.0
# verify --expect: every operator, versions as versions, numbers as numbers, quoting; a failing
# expectation is status 1 and one line that names path, both values; one that cannot be read is
# status 2.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
esp_text app.bin $AT_VERSION v1.10.2
esp_text app.bin $AT_PROJECT 'my "br" = router'
esp_text app.bin $AT_IDF v5.4.1
esp_data app.bin $AT_SECURE_VERSION 3 0 0 0
reference_build "$RCP" br.bin app.bin

yes() {
    expect_exit 0 otapack verify app.bin --expect "$1"
    expect_out '^app\.bin: [^:]*, ok'
    no_err
}
no() {
    expect_exit 1 otapack verify app.bin --expect "$1"
    expect_one_line_err
    expect_err '^otapack: app\.bin: .+; .+'
    refuse_out '^app\.bin: [^:]*, ok'
}
both() { # both TRUE FALSE
    yes "$1"
    no "$2"
}

both 'chip = esp32s3' 'chip = esp32s2'
both 'chip != esp32s2' 'chip != esp32s3'
both 'chip ~ s3' 'chip ~ h2'
both 'type = app' 'type = bootloader'

# Numbers, decimal and hexadecimal.
both 'desc.secure_version = 3' 'desc.secure_version = 30'
both 'desc.secure_version >= 3' 'desc.secure_version >= 4'
both 'desc.secure_version > 2' 'desc.secure_version > 3'
both 'desc.secure_version <= 3' 'desc.secure_version <= 2'
both 'desc.secure_version < 10' 'desc.secure_version < 3'
both 'desc.secure_version = 0x3' 'desc.secure_version != 0x03'
both "segments[0].load_addr = $(u32 app.bin 24)" "segments[0].load_addr < $(u32 app.bin 24)"
both "$(printf 'segments[0].load_addr = 0x%x' "$(u32 app.bin 24)")" 'segments[0].load_addr > 0xffffffff'

# Versions: part by part, with or without the v.
both 'desc.version > 1.9' 'desc.version < 1.9'
both 'desc.version > v1.9.9' 'desc.version <= v1.9.9'
both 'desc.version < 1.10.10' 'desc.version >= 1.10.10'
both 'desc.version >= 1.10.2' 'desc.version > 1.10.2'
both 'desc.version <= v1.10.2' 'desc.version < v1.10.2'
both 'desc.version > 1.10' 'desc.version <= 1.10'
both 'desc.version < 2' 'desc.version > 2'
both 'desc.idf_ver >= v5.4' 'desc.idf_ver < v5.4'
both 'desc.idf_ver < v5.10' 'desc.idf_ver > v5.10'
# Equality is of the text.
both 'desc.version = v1.10.2' 'desc.version = v1.10.3'
both 'desc.version != v1.9' 'desc.version != v1.10.2'

# Existence.
both 'desc' 'signatures'
both 'desc.version' 'desc.nothing'
both 'segments[3]' 'segments[9]'

# Quotes of either kind, blanks and operators inside them.
both "desc.project_name = 'my \"br\" = router'" "desc.project_name = 'my'"
both 'desc.project_name ~ "= r"' 'desc.project_name ~ "=  r"'
both "desc.project_name ~ ' router'" "desc.project_name ~ 'router '"
yes 'chip=esp32s3'
yes '  chip   =   esp32s3  '
yes 'desc.secure_version>=3'
yes 'desc.secure_version<10'
yes 'desc.secure_version!=4'
yes 'chip = "esp32s3"'

# Both values are in the line.
no 'desc.version >= 1.11'
expect_err 'desc\.version.*1\.10\.2'
expect_err '1\.11'

# One line each, and only for those that fail.
expect_exit 1 otapack verify app.bin -e 'chip = esp32' -e 'type = app' --expect='desc.version > 2' \
    -e 'desc.project_name = x'
[ "$(wc -l <err)" -eq 3 ] || fail 'three lines for three expectations'
expect_err 'chip'
expect_err 'desc\.version'
expect_err 'desc\.project_name'

# In a combined image, as the issue writes them.
expect_exit 0 otapack verify br.bin -e 'host.desc.project_name ~ router' \
    -e 'firmware.chip = esp32h2' -e 'host.desc.secure_version >= 3' -e 'entry_count = 7'

# What cannot be read is not an answer: status 2, before any file is judged.
for bad in '' '   ' '=' '= esp32s3' 'chip =' 'chip => 3' 'chip <> 3' 'chip ! 3' \
    'chip = "esp32s3' "chip = 'esp32s3" 'chip esp32s3' \
    'segments[ = 3' 'segments[x] = 3' '.chip = 3' 'desc. = 3' 'chip & 3'; do
    expect_exit 2 otapack verify app.bin --expect "$bad"
    expect_one_line_err
    no_out
done
expect_exit 2 otapack verify app.bin --expect 'chip => 3'
expect_err 'chip => 3|=>'
expect_exit 2 otapack verify app.bin --expect
expect_err 'expect'
