# SPDX-License-Identifier: Apache-2.0
# build never writes over what it reads, by whatever name it is called: target or depfile that are
# the recipe, flash_args, the host's partition table, a part, or each other. Status 2, nothing is
# touched. A depfile that cannot be written means no target either.
. "$SOURCE/tests/cli-lib.sh"

# fresh: the folder `work`, and `sums` of all that is in it.
fresh() {
    before=
    if [ -e work ]; then rm -rf work; fi
    mkdir work
    copy_rcp work/rcp
    host_firmware work/host.bin
    cp "$FIXTURES/partition_table/good-host.bin" work/table.bin
    printf 'otapack: 1\noutput: ota.bin\napp: host.bin\nrcp: {build_dir: rcp}\n' >work/recipe.yaml
    printf 'partition_table: table.bin\n' >>work/recipe.yaml
    printf 'otapack: 1\noutput: app.bin\napp: host.bin\n' >work/app.yaml
    printf 'otapack: 1\noutput: flash.bin\nflash:\n  parts:\n' >work/flash.yaml
    printf '    - %s: rcp/%s\n' 0x0 bootloader/bootloader.bin \
        0x8000 partition_table/partition-table.bin 0x10000 esp_ot_rcp.bin >>work/flash.yaml
}
fresh
inputs='recipe.yaml rcp/flash_args rcp/rcp_version rcp/bootloader/bootloader.bin
    rcp/partition_table/partition-table.bin rcp/esp_ot_rcp.bin host.bin table.bin'

# `before` is the folder's state; empty after a change by this script.
before=
refused() { # refused ARGUMENT...: inside work
    [ -n "$before" ] || before=$(state work)
    expect_exit 2 inside work "$OTAPACK" build "$@"
    no_out
    expect_one_line_err
    after=$(state work)
    [ "$before" = "$after" ] || fail "it was $before, and is $after"
}

for input in $inputs; do
    refused recipe.yaml -o "$input"
    refused recipe.yaml -o "./rcp/../$input"
    refused recipe.yaml -o "$PWD/work/$input"
    refused recipe.yaml --set "output=$input"
    refused recipe.yaml --depfile "$input"
    refused recipe.yaml -o new.bin --depfile "./$input"
done
for input in rcp/flash_args rcp/rcp_version rcp/bootloader/bootloader.bin \
    rcp/partition_table/partition-table.bin rcp/esp_ot_rcp.bin host.bin table.bin; do
    set -- --rcp-build-dir rcp --br-firmware host.bin --partition-table table.bin
    refused "$@" --target-file "$input"
    refused "$@" --target-file new.bin --depfile "$input"
done
# -q does not make it pass.
refused recipe.yaml -q -o host.bin

# Recipes of other kinds; the table that only an option names.
refused app.yaml -o host.bin
refused app.yaml -o app.yaml
refused app.yaml --partition-table table.bin -o table.bin
refused flash.yaml -o rcp/esp_ot_rcp.bin
refused flash.yaml --depfile flash.yaml
refused flash.yaml -o rcp/bootloader/bootloader.bin

# Target and depfile are one file: there already or not, by the same name or another.
refused recipe.yaml -o one --depfile one
refused recipe.yaml -o one --depfile ./one
refused recipe.yaml -o one --depfile "$PWD/work/one"
refused recipe.yaml --depfile ota.bin
echo earlier >work/one
before=
refused recipe.yaml -o one --depfile rcp/../one
ln work/one work/two
before=
refused recipe.yaml -o one --depfile two

# Through links of both kinds.
fresh
ln work/host.bin work/hard
ln -s host.bin work/soft
ln -s rcp work/folder
before=
for name in hard soft folder/esp_ot_rcp.bin folder/flash_args; do
    refused recipe.yaml -o "$name"
    refused recipe.yaml --depfile "$name"
done

# A symbolic link to nowhere is no place to write to.
ln -s nowhere work/dangling
before=
refused recipe.yaml -o dangling
refused recipe.yaml --depfile dangling
refused --rcp-build-dir rcp --target-file dangling
[ "$(readlink work/dangling)" = nowhere ] || fail 'the link was replaced'
no_file work/nowhere

# A depfile that cannot be written: no target, or the earlier one.
fresh
mkdir work/sub
before=
for depfile in missing/deps.d sub host.bin/deps.d '' sub/; do
    refused recipe.yaml --depfile "$depfile"
    no_file work/ota.bin
done
echo earlier >work/ota.bin
before=
for depfile in missing/deps.d sub; do refused recipe.yaml --depfile "$depfile"; done
[ "$(<work/ota.bin)" = earlier ] || fail 'the earlier target was touched'
chmod 555 work/sub
if ! (: >work/sub/probe) 2>/dev/null; then refused recipe.yaml --depfile sub/deps.d; fi
chmod 755 work/sub
drop work/sub/probe
if mknod work/full c 1 7 2>/dev/null && ! (echo x >work/full) 2>/dev/null; then
    before=
    refused recipe.yaml --depfile full
    [ -c work/full ] || fail 'the device was replaced by a file'
fi

# And what is right is done.
fresh
expect_exit 0 inside work "$OTAPACK" build recipe.yaml --depfile ota.bin.d
[ -s work/ota.bin ] && [ -s work/ota.bin.d ] || fail 'target or depfile are missing'
expect_exit 0 inside work "$OTAPACK" build recipe.yaml --depfile ota.bin.d
