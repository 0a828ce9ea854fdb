# SPDX-License-Identifier: Apache-2.0
# What a recipe can say: an RCP folder with or without the host, the RCP's files one by one, flash
# arguments as a list, one image of any kind. Each gives the bytes of an independent builder.
. "$SOURCE/tests/cli-lib.sh"

host_firmware host.bin
reference_build "$RCP" rcp.expected
reference_build "$RCP" br.expected host.bin
built() { # built EXPECTED [ARGUMENT...], the recipe on stdin
    expected=$1
    shift
    text_to recipe.yaml
    drop ota.bin
    expect_exit 0 otapack build recipe.yaml "$@"
    no_out
    same "$expected" ota.bin
}

built rcp.expected <<END
otapack: 1
output: ota.bin
rcp:
  build_dir: $RCP
END
built br.expected <<END
# order of keys, flow style, quotes, comments: YAML's business
rcp: {"build_dir": '$RCP'}
app: host.bin   # the border router
output: "ota.bin"
otapack: 1
END

# The parts one by one, from other names; the flash arguments as a file, as a list.
copy_rcp rcp
mv rcp/bootloader/bootloader.bin boot.bin
mv rcp/partition_table/partition-table.bin table.bin
mv rcp/esp_ot_rcp.bin radio.bin
mv rcp/rcp_version version.txt
mv rcp/flash_args args.txt
built br.expected <<END
otapack: 1
output: ota.bin
app: host.bin
rcp:
  version: version.txt
  flash_args: args.txt
  bootloader: boot.bin
  partition_table: table.bin
  firmware: radio.bin
END
built rcp.expected <<END
otapack: 1
output: ota.bin
rcp:
  version: version.txt
  flash_args:
    - bootloader: 0x0
    - firmware: 0x10000
    - partition_table: 0x8000
  bootloader: boot.bin
  partition_table: table.bin
  firmware: radio.bin
END

# The list's order is the order in which the device flashes.
sed '/bootloader/d' "$RCP/flash_args" >other_args
grep bootloader "$RCP/flash_args" >>other_args
copy_rcp reordered
cp other_args reordered/flash_args
reference_build reordered reordered.expected
built reordered.expected <<END
otapack: 1
output: ota.bin
rcp:
  version: version.txt
  flash_args: [firmware: 0x10000, partition_table: 32768, bootloader: 0]
  bootloader: boot.bin
  partition_table: table.bin
  firmware: radio.bin
END

# A folder, and one file of it replaced.
copy_rcp other
esp_text other/esp_ot_rcp.bin $AT_VERSION 2.0.0
cp other/esp_ot_rcp.bin newer.bin
reference_build other newer.expected
built newer.expected <<END
otapack: 1
output: ota.bin
rcp:
  build_dir: $RCP
  firmware: newer.bin
END

# One image, written as it is: an app, any other kind.
built host.bin <<END
otapack: 1
output: ota.bin
app: host.bin
END
for image in esp_image partition_table ota_data rcp_image flash; do
    for file in "$FIXTURES/$image"/good-*.bin; do
        built "$file" <<END
otapack: 1
output: ota.bin
image: $file
END
    done
done

# The fixtures' recipes, from where they lie.
for pair in border-router:rcp_image/good-with-host rcp-parts:rcp_image/good-with-host \
    rcp-only:rcp_image/good-rcp-only merged-esp32h2:flash/good-merged-esp32h2; do
    expect_exit 0 otapack build "$FIXTURES/recipes/${pair%%:*}.yaml" -o fixture.bin
    same "$FIXTURES/${pair#*:}.bin" fixture.bin
done

# -o instead of output, and before it; standard input as the recipe; -q.
printf 'otapack: 1\noutput: ota.bin\napp: host.bin\n' >recipe.yaml
drop ota.bin
expect_exit 0 otapack build recipe.yaml -o elsewhere.bin -q
no_err
same host.bin elsewhere.bin
no_file ota.bin
expect_exit 0 otapack build - -o from-stdin.bin <recipe.yaml
same host.bin from-stdin.bin

# `app` wants an app, `image` wants any image; a file that is neither is refused.
refused() {
    printf 'otapack: 1\noutput: ota.bin\n%s\n' "$1" >recipe.yaml
    drop ota.bin
    expect_exit 1 otapack build recipe.yaml
    expect_err "\\[$2\\]\$"
    no_file ota.bin
}
refused 'app: boot.bin' slot-content
refused 'app: table.bin' slot-content
refused 'image: version.txt' known-format
cp host.bin broken.bin
poke broken.bin $(($(size_of host.bin) - 1)) $(($(u8 host.bin $(($(size_of host.bin) - 1))) ^ 1))
refused 'app: broken.bin' esp-hash
refused 'image: broken.bin' esp-hash
