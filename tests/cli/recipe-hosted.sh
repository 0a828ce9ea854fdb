# SPDX-License-Identifier: Apache-2.0
# hosted: a host and its co-processor's firmware, beside it and in a partition of its flash; what does not
# go together; the manifest.
. "$SOURCE/tests/cli-lib.sh"

files=$FIXTURES/hosted
cp "$files/firmware.bin" network_adapter.bin
cp "$files/signed.bin" signed.bin
cp "$files/table.bin" "$FIXTURES/esp_image/good-app-esp32s3.bin" .
cut_bytes "$files/flash.bin" 0 0x8000 >padded.bin
otapack extract "$files/flash.bin" bootloader -o bootloader.bin >out
otapack extract "$files/flash.bin" factory -o host.bin >out

beside() { # beside FIRMWARE [MORE]
    printf 'otapack: 1\nhosted:\n  host: host.bin\n  firmware: %s\n%s' "$1" "${2-}" >beside.yaml
}
flash() { # flash FIRMWARE PARTITION
    cat >flash.yaml <<END
otapack: 1
hosted:
  host:
    flash:
      parts:
        - 0x0: bootloader.bin
        - 0x8000: table.bin
        - 0x10000: host.bin
  firmware: $1
  partition: $2
END
}

# ---- beside the host's app -----------------------------------------------------------------------

beside network_adapter.bin '  version: 2.12.3
  chip: esp32c6
  flash_mode: dio
'
expect_exit 0 otapack build beside.yaml -o out.bin
same host.bin out.bin
beside network_adapter.bin '  version: 2.12.2
'
expect_exit 1 otapack build beside.yaml -o none.bin
expect_err 'network_adapter\.bin: the firmware is 2\.12\.3, .* 2\.12\.2; .*\[hosted-version\]$'
expect_exit 0 otapack build beside.yaml -o allowed.bin --allow hosted-version
beside network_adapter.bin '  chip: esp32c5
'
expect_exit 1 otapack build beside.yaml -o none.bin
expect_err '\[device-chip\]$'
beside host.bin
expect_exit 1 otapack build beside.yaml -o none.bin
expect_err '\[hosted-project\]$'
beside network_adapter.bin '  version: two
'
expect_exit 2 otapack build beside.yaml -o none.bin
expect_err "version 'two' is no version of ESP-Hosted; write one such as 2\.12\.3$"
beside network_adapter.bin '  partition: slave_fw
'
expect_exit 2 otapack build beside.yaml -o none.bin
expect_err 'host\.bin is no flash image, and has no partition slave_fw; '
printf 'otapack: 1\nhosted:\n  host: host.bin\n' >wrong.yaml
expect_exit 2 otapack build wrong.yaml -o none.bin
expect_err 'hosted has no firmware; '
no_file none.bin

# ---- in its flash --------------------------------------------------------------------------------

flash network_adapter.bin slave_fw
expect_exit 0 otapack build flash.yaml -o flash.bin
refuse_err '\[hosted-'
same "$files/flash.bin" flash.bin
expect_exit 0 otapack verify flash.bin --chip esp32s3
flash signed.bin slave_fw
expect_exit 0 otapack build flash.yaml -o with-signature.bin
expect_err '\[hosted-signature\]$'
same "$files/bad-hosted-signature.bin" with-signature.bin
flash network_adapter.bin storage
expect_exit 2 otapack build flash.yaml -o none.bin
expect_err 'has no partition storage; '
# What ESP-IDF writes to by itself is no place for firmware.
pt_table nvs.bin 1 2 0x9000 0x7000 slave_fw 0 0 0x10000 0x10000 factory
flash network_adapter.bin slave_fw
sed 's/table\.bin/nvs.bin/' flash.yaml >nvs.yaml
expect_exit 2 otapack build nvs.yaml -o none.bin
expect_err 'partition slave_fw is for what ESP-IDF keeps there itself .*; name another data partition$'
flash network_adapter.bin factory
expect_exit 2 otapack build flash.yaml -o none.bin
expect_err 'another type than data'
# The whole signed image has to fit, and not what its segments say.
cp signed.bin large.bin
esp_grow large.bin 0x6000
flash large.bin slave_fw
changed=(--allow sig-signature --allow sig-place --allow sig-digest)
expect_exit 1 otapack build flash.yaml -o none.bin "${changed[@]}"
expect_err 'large\.bin: has .* bytes with its signature, and partition slave_fw has 28672; '
no_file none.bin

# ---- in a LittleFS in its flash ------------------------------------------------------------------

littlefs() { # littlefs FIRMWARE PARTITION NAME
    flash "$1" "$2"
    printf '  littlefs: %s\n' "$3" >>flash.yaml
}
littlefs network_adapter.bin slave_fw network_adapter.bin
expect_exit 0 otapack build flash.yaml -o in-littlefs.bin
refuse_err '\[hosted-'
same "$files/flash-littlefs.bin" in-littlefs.bin
expect_exit 0 otapack verify in-littlefs.bin --chip esp32s3
littlefs signed.bin slave_fw network_adapter.bin
expect_exit 0 otapack build flash.yaml -o in-littlefs.bin
refuse_err '\[hosted-signature\]$' # the host sends all of a file
same "$files/flash-littlefs-signed.bin" in-littlefs.bin
# It shows in the flash, comes out of it, and what is taken apart builds the same.
expect_exit 0 otapack inspect in-littlefs.bin --get slave_fw.files[0].name
out_is network_adapter.bin
expect_exit 0 otapack extract in-littlefs.bin slave_fw.files[0].content -o cut.bin
same signed.bin cut.bin
expect_exit 0 otapack extract in-littlefs.bin --recipe apart
expect_exit 0 otapack build apart/recipe.yaml -o again.bin
same in-littlefs.bin again.bin
# As the example has it: the partition is the last one, and all of it is there.
cat >partitions.csv <<'END'
factory, app,  factory,  0x10000, 0x10000
storage, data, littlefs, 0x20000, 0x8000
END
littlefs network_adapter.bin storage network_adapter.bin
sed -i 's/table\.bin/partitions.csv/' flash.yaml
expect_exit 0 otapack build flash.yaml -o example.bin
[ "$(size_of example.bin)" = $((0x28000)) ] || fail 'the partition is not as large as the table says'
expect_exit 0 otapack verify example.bin --chip esp32s3
# The firmware is judged as it is by itself.
littlefs host.bin slave_fw host.bin
expect_exit 1 otapack build flash.yaml -o none.bin
expect_err '\[hosted-project\]$'
littlefs network_adapter.bin slave_fw a.bin
printf '  chip: esp32c5\n' >>flash.yaml
expect_exit 1 otapack build flash.yaml -o none.bin
expect_err '\[device-chip\]$'
littlefs network_adapter.bin slave_fw a.bin
printf '  version: 2.12.2\n' >>flash.yaml
expect_exit 1 otapack build flash.yaml -o none.bin
expect_err '\[hosted-version\]$'
cp signed.bin large.bin
esp_grow large.bin 0x3000 # which would fit as it is
littlefs large.bin slave_fw a.bin
expect_exit 1 otapack build flash.yaml -o none.bin "${changed[@]}"
expect_err 'large\.bin: has 20480 bytes, for which a LittleFS takes 8 blocks, and partition slave_fw has 7; '
# What the table says is no size of a file: it has to end where the flash does.
pt_table far.bin 0 0 0x10000 0x10000 factory 1 0x82 0x20000 0xfffdf000 slave_fw
for in_fs in '' '  littlefs: a.bin'; do
    flash network_adapter.bin slave_fw
    sed -i 's/table\.bin/far.bin/' flash.yaml
    printf '%s\n' "$in_fs" >>flash.yaml
    expect_exit 1 otapack build flash.yaml -o none.bin
    expect_err "flash\.yaml:5:7: partition slave_fw ends at 0xfffff000, the bootloader's header says 8 MiB of flash; .*\[pt-flash-size\]$"
    expect_exit 1 otapack build flash.yaml -o none.bin --allow pt-flash-size
    expect_err 'partition slave_fw ends at 0xfffff000, and the largest flash has 128 MiB; make it smaller$'
done
# The example looks for .bin in the name.
littlefs network_adapter.bin slave_fw network_adapter_bin
expect_exit 0 otapack build flash.yaml -o no-bin.bin
expect_err 'partition slave_fw is called network_adapter_bin; .*\[hosted-file-name\]$'
same "$files/bad-hosted-file-name.bin" no-bin.bin
# Names that are none.
for name in a/b ..; do
    littlefs network_adapter.bin slave_fw "'$name'"
    expect_exit 2 otapack build flash.yaml -o none.bin
    expect_err "littlefs is '$name', which no file .* can be called; "
done
beside network_adapter.bin '  littlefs: a.bin
'
expect_exit 2 otapack build beside.yaml -o none.bin
expect_err 'littlefs needs the partition '
no_file none.bin

# ---- the manifest --------------------------------------------------------------------------------

expect_exit 0 otapack verify "$files/release/manifest.json"
expect_exit 0 otapack publish network_adapter.bin --to hosted -o released \
    --url https://a.example/2.12/
folder_is released network_adapter.bin manifest.json
expect_exit 0 otapack verify released/manifest.json
printf 'otapack: 1\nesp_hosted: 2.12.4\n' >host.yaml
expect_exit 0 otapack verify released/manifest.json --device host.yaml
printf 'otapack: 1\nesp_hosted: 2.11.9\n' >host.yaml
expect_exit 1 otapack verify released/manifest.json --device host.yaml
expect_err 'newer than the host.s 2\.11\.9; .*\[hosted-offer\]$'
# Two versions whose files have one name, as builds call them.
mkdir old
cp network_adapter.bin old/network_adapter.bin
esp_text old/network_adapter.bin $AT_VERSION 2.11.0
expect_exit 0 otapack publish network_adapter.bin old/network_adapter.bin --to hosted -o both \
    --url https://a.example/fw/
folder_is both manifest.json network_adapter-2.11.0.bin network_adapter.bin
same old/network_adapter.bin both/network_adapter-2.11.0.bin
expect_exit 0 otapack verify both/manifest.json
cp network_adapter.bin old/same.bin
expect_exit 1 otapack publish network_adapter.bin old/same.bin --to hosted -o none --url https://a.example/fw/
expect_err 'same.bin: its version 2\.12\.3 is that of network_adapter\.bin as well; leave one out$'
expect_exit 2 otapack publish network_adapter.bin --to hosted -o none --url https://a.example/ --release next
expect_err 'network_adapter\.bin: --release next: hosts compare numbers; write them as in 2\.12\.3$'
# What does not end in / is the file's URL, and perhaps was not meant so.
expect_exit 0 otapack publish network_adapter.bin --to hosted -o renamed --url https://a.example/fw
expect_one_line_err 'network_adapter\.bin: note: its URL is https://a\.example/fw, so put network_adapter\.bin there under that name; where that is a folder, let --url end in /$'
expect_exit 0 otapack publish network_adapter.bin --to hosted -o same --url 'https://a.example/network_adapter.bin?x=/y'
no_err
expect_exit 2 otapack publish network_adapter.bin old/network_adapter.bin --to hosted -o none \
    --url https://a.example/new/network_adapter.bin --url https://a.example/old/network_adapter.bin
expect_err 'network_adapter.bin: is the name of two files that would be published; rename one$'
expect_exit 1 otapack publish host.bin --to hosted -o none --url https://a.example/
expect_err 'only apps whose project_name is network_adapter'
cp host.bin released/network_adapter.bin
expect_exit 1 otapack verify released/manifest.json
expect_err '\[manifest-digest\]$'
expect_err "network_adapter\.bin has the project_name '.*', not network_adapter.*\[hosted-project\]$"
