# SPDX-License-Identifier: Apache-2.0
# compat esp32_multi_ota_tool: that script's create-multi, show, extract and change_header; the same
# bytes, the same text, and what it refuses, in its words. tests/unit/test_bundle_manifest.c has each
# form of the CSV file, tests/interop/esp32-multi-ota-tool.sh what the script itself made.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
printf 'one' >one.bin
printf 'two, and more' >'t,o.bin'
tool() { otapack compat esp32_multi_ota_tool "$@"; }
set -- -v 0xFFF1 -p 0x8000 -vn 2 -vs 2.0 -da sha256
text_to images.csv <<'END'
id,version,path
1,2,app.bin
0x100,7,one.bin
0x101,8,"t,o.bin"
END
expect_exit 0 tool create-multi "$@" images.csv made.ota
no_err
app=$(size_of app.bin)
text_to expected <<END
Created multi-image OTA 'made.ota': 3 image(s), $((16 + 61 + 152 + 16 + app)) bytes total
  id=0x00000100 version=7 offset=152 length=3
  id=0x00000101 version=8 offset=155 length=13
  id=0x00000001 version=2 offset=168 length=$app (application)
END
same expected out

# The Matter header is what Python writes around the same payload; the bundle is as a shell packs it.
expect_exit 0 tool extract made.ota bundle.bin
matter make python.ota bundle.bin
same python.ota made.ota
le32() { printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)))"; }
entry() { # entry ID VERSION OFFSET FILE
    le32 "$1" && le32 "$2" && le32 "$3" && le32 "$(size_of "$4")"
    sum=$(sha256sum "$4")
    printf '%b' "$(printf '%s' "${sum%% *}" | sed 's/../\\x&/g')"
}
{
    printf 'TOIM\003\000\000\000'
    entry 256 7 152 one.bin
    entry 257 8 155 t,o.bin
    entry 1 2 168 app.bin
    cat one.bin t,o.bin app.bin
} >shell.bin
same shell.bin bundle.bin
expect_exit 0 otapack compat ota_image_tool.py create-multi "$@" images.csv again.ota
same made.ota again.ota
expect_exit 0 otapack verify made.ota

# show looks into a bundle, as far as its table goes; ota_image_tool's does not.
expect_exit 0 tool show made.ota
no_err
expect_out '^Multi-Image Header:$'
expect_out '^  Magic: 4d494f54 \("MIOT"\)$'
expect_out '^  Num Images: 3$'
expect_out '^    Image ID: 0x00000100$'
expect_out '^    Version:  8 \(0x8\)$'
expect_out "^    SHA-256:  $(sha256sum <app.bin | cut -d' ' -f1)\$"
head -c 150 made.ota >cut.ota
expect_exit 0 tool show cut.ota
expect_out '^  Sub-Image \[0\]:$'
refuse_out 'Sub-Image \[1\]'
expect_err 'warning: Truncated SubImageHeader array$'
matter make plain.ota app.bin
expect_exit 0 tool show plain.ota
refuse_out 'Multi-Image'
cp out plain.out
expect_exit 0 otapack compat ota_image_tool show plain.ota
same plain.out out
expect_exit 0 otapack compat ota_image_tool show made.ota
refuse_out 'Multi-Image'

# Another header around the same bundle, whose application keeps the version that it had.
expect_exit 0 tool change_header -vn 3 made.ota other.ota
expect_err 'warning: .*\[bundle-version\]$'
expect_exit 0 tool extract other.ota other.bin
same bundle.bin other.bin

# What it refuses, in its words; nothing is written.
refused() { # refused STATUS REGEX CSV-TEXT [OPTION...]
    wanted_status=$1 wanted_text=$2
    printf '%s' "$3" >bad.csv
    shift 3
    [ $# -gt 0 ] || set -- -v 1 -p 1 -vn 2 -vs 2.0 -da sha256
    drop bad.ota
    expect_exit "$wanted_status" tool create-multi "$@" bad.csv bad.ota
    expect_one_line_err
    expect_err "$wanted_text"
    no_out
    no_file bad.ota
}
head='id,version,path
'
refused 1 'Manifest must have a header row with columns: id, version, path' '1,2,app.bin'
refused 1 'Manifest is empty; a bundle must contain at least the application image' "$head"
refused 1 "Manifest line 2: 'id' and 'version' must be integers" "${head}app,2,app.bin"
refused 1 'Duplicate image ID 0x00000100 in manifest' "${head}0x100,1,one.bin
256,1,one.bin
1,2,app.bin"
refused 1 'Image ID 0x00000000 is invalid and is rejected at parse time' "${head}0,1,one.bin"
refused 1 'Bundle must contain exactly one application image \(id 0x00000001\); found 0' \
    "${head}2,1,one.bin"
: >empty.bin
refused 1 'Image file is empty: empty\.bin' "${head}1,2,empty.bin"
refused 1 'Image file not found: none\.bin' "${head}1,2,none.bin"
refused 2 "'md5'" "${head}1,2,app.bin" -v 1 -p 1 -vn 2 -vs 2.0 -da md5
expect_exit 2 tool create-multi "$@" none.csv bad.ota
expect_err 'none\.csv'
expect_exit 1 tool create-multi -v 0 -p 1 -vn 2 -vs 2.0 -da sha256 images.csv bad.ota
expect_err 'vendor_id is 0'
no_file bad.ota
expect_exit 2 tool create-multi images.csv bad.ota
expect_err 'create-multi needs --vendor-id'

# What the script does not look at only warns: another version, an image for an RCP that is none.
printf '%s1,3,app.bin\n2,1,one.bin\n' "$head" >odd.csv
expect_exit 0 tool create-multi "$@" odd.csv odd.ota
expect_err 'warning: .*\[bundle-version\]$'
expect_err 'warning: .*\[bundle-rcp\]$'
