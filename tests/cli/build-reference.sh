# SPDX-License-Identifier: Apache-2.0
# Real firmware: build, from flags and from a recipe, and compat create_ota_image give the files that
# create_ota_image.py gave, by their SHA-256, with and without the host firmware.
. "$SOURCE/tests/cli-lib.sh"
vectors

thread=$VECTORS/thread-br
rcp=$thread/rcp_build host=$thread/br/esp_ot_br.bin
check() { # check FILE NAME-IN-THE-LIST
    wanted=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$2\$/\1/p" "$thread/reference_outputs.sha256")
    [ -n "$wanted" ] || fail "$2 is not in reference_outputs.sha256"
    [ "$(sha256_of "$1")" = "$wanted" ] || fail "$1 is not what create_ota_image.py made"
}

expect_exit 0 otapack build --rcp-build-dir "$rcp" --target-file rcp.bin
check rcp.bin rcp_image
expect_exit 0 otapack build --rcp-build-dir "$rcp" --br-firmware "$host" --target-file br.bin
check br.bin ota_with_rcp_image
expect_exit 0 otapack build --rcp-build-dir "$rcp" --br-firmware "$host" \
    --partition-table "$thread/br/partition-table.bin" --target-file br-checked.bin
same br.bin br-checked.bin

expect_exit 0 otapack compat create_ota_image --rcp-build-dir "$rcp" --target-file compat-rcp.bin
check compat-rcp.bin rcp_image
expect_exit 0 otapack compat create_ota_image --rcp-build-dir "$rcp" --br-firmware "$host" \
    --target-file compat-br.bin
check compat-br.bin ota_with_rcp_image

text_to br.yaml <<END
otapack: 1
output: recipe-br.bin
app: $host
rcp:
  build_dir: $rcp
END
expect_exit 0 otapack build br.yaml
check recipe-br.bin ota_with_rcp_image
text_to rcp.yaml <<END
otapack: 1
output: recipe-rcp.bin
rcp: {build_dir: $rcp}
END
expect_exit 0 otapack build rcp.yaml
check recipe-rcp.bin rcp_image

# The pitfall of these real files: a fourth line, as flash_args of other projects have.
cp -R "$rcp" altered
chmod -R u+w altered
echo '0xf000 ota_data_initial.bin' >>altered/flash_args
expect_exit 1 otapack build --rcp-build-dir altered --br-firmware "$host" --target-file no.bin
expect_err '\[rcp-flash-args\]$'
no_file no.bin
