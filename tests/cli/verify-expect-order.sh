# SPDX-License-Identifier: Apache-2.0
# What has no order cannot be expected to be above or below something: a number and a text, bytes.
# That is a mistake in the expectation (status 2), not an answer.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
esp_data app.bin $AT_SECURE_VERSION 3 0 0 0
senseless() {
    expect_exit 2 otapack verify app.bin --expect "$1"
    expect_one_line_err
    no_out
}
for op in '<' '<=' '>' '>='; do
    for value in abc v3 1.2 3x 0xg 5.4.1 '"3 4"'; do
        senseless "desc.secure_version $op $value"
        senseless "segment_count $op $value"
        senseless "segments[0].load_addr $op $value"
    done
    for path in hash desc.app_elf_sha256; do
        for value in 5 0x5 00 abc "$(sha256_of app.bin)"; do senseless "$path $op $value"; done
    done
done

# Equality is for everything.
expect_exit 0 otapack verify app.bin -e 'desc.secure_version != abc'
expect_exit 1 otapack verify app.bin -e 'desc.secure_version = abc'
esp_walk app.bin
hash=$(cut_bytes app.bin $((esp_checksum_at + 1)) 32 | od -An -v -tx1 | tr -d ' \n')
expect_exit 0 otapack verify app.bin -e "hash = $hash"
expect_exit 1 otapack verify app.bin -e "hash != $hash"
expect_exit 0 otapack verify app.bin -e 'desc.secure_version < 0x4' -e 'desc.version < v99'

# In a recipe it is the same.
printf "otapack: 1\noutput: x.bin\napp: app.bin\nexpect: ['hash < 5']\n" >recipe.yaml
expect_exit 2 otapack build recipe.yaml
expect_err 'recipe\.yaml:4:[0-9]+: .*hash'
no_file x.bin
