# SPDX-License-Identifier: Apache-2.0
# The seal of an ESP-Hosted co-processor's firmware in its host's app: built, refused, asked for, and
# found wrong in a flash.
. "$SOURCE/tests/cli-lib.sh"

files=$FIXTURES/rcp_seal
cp "$files/host.bin" .
cp "$FIXTURES/hosted/firmware.bin" network_adapter.bin
cp "$FIXTURES/hosted/signed.bin" "$FIXTURES/hosted/table.bin" .
install -m 600 "$FIXTURES/keys/rsa3072-a.pem" rsa3072-a.pem
cp "$FIXTURES/keys/rsa3072-a.pub.pem" .
otapack extract "$FIXTURES/hosted/flash.bin" bootloader -o bootloader.bin >out

hosted() { # hosted FIRMWARE SEAL [MORE]
    printf 'otapack: 1\nhosted:\n  host: host.bin\n  firmware: %s\n  seal: %s\n%s' \
        "$1" "$2" "${3-}" >hosted.yaml
}
signed='sign:
  keys: [rsa3072-a.pem]
'
says() { # says STATUS REGEX
    expect_exit "$1" otapack build hosted.yaml -o none.bin
    expect_err "$2"
    no_file none.bin
}

# ---- build ---------------------------------------------------------------------------------------

hosted network_adapter.bin true
expect_exit 0 otapack build hosted.yaml -o sealed.bin
same "$files/good-hosted.bin" sealed.bin
hosted network_adapter.bin required "$signed"
expect_exit 0 otapack build hosted.yaml -o host-signed.bin
expect_exit 0 otapack verify -q host-signed.bin --require-seal --coprocessor network_adapter.bin \
    --key rsa3072-a.pub.pem
printf 'otapack: 1\nhosted:\n  host: {app: host.bin, sign: {keys: [rsa3072-a.pem]}}
  firmware: network_adapter.bin\n  seal: required\n' >hosted.yaml
expect_exit 0 otapack build hosted.yaml -o nested.bin
expect_exit 0 otapack verify -q nested.bin --require-seal --coprocessor network_adapter.bin --key rsa3072-a.pub.pem
printf 'otapack: 1\napp: {hosted: {host: host.bin, firmware: network_adapter.bin, seal: required}}\n%s' \
    "$signed" >hosted.yaml
expect_exit 0 otapack build hosted.yaml -o outside.bin
expect_exit 0 otapack verify -q outside.bin --require-seal --coprocessor network_adapter.bin --key rsa3072-a.pub.pem
# A host that has its seal already is held against what it is sent with.
printf 'otapack: 1\nhosted:\n  host: host-signed.bin\n  firmware: network_adapter.bin\n' >hosted.yaml
expect_exit 0 otapack build hosted.yaml -o again.bin
same host-signed.bin again.bin
sed -i 's/firmware: network_adapter/firmware: signed/' hosted.yaml
says 1 "host-signed\.bin: the host's seal does not hold: it is of 512 bytes, .*\[rcp-seal\]$"
# An app has room for one seal.
cp "$files/good-sealed.bin" combined.bin
otapack extract combined.bin host -o other-kind.bin >out
hosted network_adapter.bin true
sed -i 's/host: host/host: other-kind/' hosted.yaml
says 1 'other-kind\.bin: has the seal of a combined image, and an app has room for one; '
# The whole file counts, with its signature.
hosted signed.bin true
expect_exit 0 otapack build hosted.yaml -o of-signed.bin
expect_exit 0 otapack verify -q of-signed.bin --require-seal --coprocessor signed.bin
expect_exit 1 otapack verify -q of-signed.bin --coprocessor network_adapter.bin
expect_err "the host's seal does not hold: it is of 8192 bytes, and the co-processor's firmware has 512; .*\[rcp-seal\]$"

hosted network_adapter.bin required
says 1 'nobody signs the app, .*; add sign: to the recipe, or write seal: true$'
cp "$FIXTURES/br/demo_br.bin" other.bin
hosted network_adapter.bin true
sed 's/host: host\.bin/host: other.bin/' hosted.yaml >other.yaml && mv other.yaml hosted.yaml
says 1 'other\.bin: has no place for a seal; '
hosted network_adapter.bin true '  partition: slave_fw
'
says 2 'a seal lies in the host.s app, and this host is its flash; build the app with hosted: and seal:, '
# What nobody should flash, a seal does not make good.
hosted host.bin true
says 1 '\[hosted-project\]$'

# ---- in a flash ----------------------------------------------------------------------------------

flash() { # flash HOST FIRMWARE [LITTLEFS]
    printf 'otapack: 1\nhosted:\n  host: {flash: {parts: [0x0: bootloader.bin, 0x8000: table.bin, 0x10000: %s]}}
  firmware: %s\n  partition: slave_fw\n%s' "$1" "$2" "${3-}" >flash.yaml
}
littlefs='  littlefs: network_adapter.bin
'
flash sealed.bin network_adapter.bin
expect_exit 0 otapack build flash.yaml -o flash.bin
same "$files/good-hosted-flash.bin" flash.bin
expect_exit 0 otapack verify -q flash.bin --require-seal
expect_exit 0 otapack inspect flash.bin --get sealed
out_is yes
flash sealed.bin network_adapter.bin "$littlefs"
expect_exit 0 otapack build flash.yaml -o in-file.bin
same "$files/good-hosted-littlefs.bin" in-file.bin
flash sealed.bin signed.bin
expect_exit 1 otapack build flash.yaml -o none.bin
expect_err "the host's seal does not hold: it is of 512 bytes, and the co-processor's firmware has 8192; .*\[rcp-seal\]$"
no_file none.bin
flash host.bin network_adapter.bin
expect_exit 0 otapack build flash.yaml -o empty.bin
expect_err 'the host has a place for a seal, and it is empty; .*\[rcp-seal-empty\]$'
expect_exit 1 otapack verify empty.bin --require-seal
expect_err "sealed: no: the host's seal is empty; "
expect_exit 1 otapack verify "$FIXTURES/hosted/flash.bin" --require-seal
expect_err 'sealed: no: the host.s app has no place for a seal; '

# Two of them: whichever the host takes, the seal must be of it.
pt_table two.bin 1 0x40 0x9000 0x1000 slave_fw 1 0x41 0xa000 0x6000 old 0 0 0x10000 0x10000 factory
two() { # two FIRMWARE
    printf 'otapack: 1\nflash:\n  parts: [0x0: bootloader.bin, 0x8000: two.bin, 0x9000: network_adapter.bin,
    0xa000: %s, 0x10000: sealed.bin]\n' "$1" >two.yaml
}
two network_adapter.bin
expect_exit 0 otapack build two.yaml -o twice.bin
expect_exit 0 otapack verify -q twice.bin --require-seal
two signed.bin
expect_exit 1 otapack build two.yaml -o none.bin
expect_err "it is of 512 bytes, and the co-processor's firmware has 8192; .*\[rcp-seal\]$"
no_file none.bin

# What the seal is of is spoken for, and nothing else that lies before the app.
flash host-signed.bin network_adapter.bin
expect_exit 0 otapack build flash.yaml -o flash-signed.bin
expect_exit 0 otapack verify -q flash-signed.bin --part factory --key rsa3072-a.pub.pem --require-seal
expect_exit 0 otapack verify flash-signed.bin --part factory --key rsa3072-a.pub.pem --json
look '.files[0].signed | [.sealed[].part] == ["slave_fw"] and .sealed[0].size == 512 and
    ([.uncovered[].part] | index("bootloader") != null)' out >jq || fail 'what is sealed is another span'

# What lies behind an image in its partition is sent as well, if it is sealed.
cp network_adapter.bin long.bin
bytes 1 2 3 4 >>long.bin
hosted long.bin true
expect_exit 0 otapack build hosted.yaml -o of-long.bin
flash of-long.bin long.bin
expect_exit 0 otapack build flash.yaml -o long-flash.bin -q
expect_exit 0 otapack verify -q long-flash.bin --require-seal
flip long-flash.bin $((0x9000 + 514)) 1
expect_exit 1 otapack verify -q long-flash.bin --require-seal
# The app that is booted counts, whatever its partition is called.
pt_table slots.bin 1 0x40 0x9000 0x1000 slave_fw 1 0 0xa000 0x2000 otadata 0 0x10 0x10000 0x10000 ota_0 \
    0 0x11 0x20000 0x10000 'ota.1'
slots() { # slots SLOT-0 SLOT-1: of which the second one is booted
    printf 'otapack: 1\nflash:\n  parts: [0x0: bootloader.bin, 0x8000: slots.bin, 0x9000: network_adapter.bin,
    0xa000: %s, 0x10000: %s, 0x20000: %s]\n' "$FIXTURES/ota_data/good-slot-1.bin" "$1" "$2" >slots.yaml
    expect_exit 0 otapack build -q slots.yaml -o slots.flash
    expect_exit 0 otapack inspect slots.flash --get boot_partition
    out_is ota.1
}
slots host.bin sealed.bin
expect_exit 0 otapack verify -q slots.flash --require-seal
slots sealed.bin host.bin
expect_exit 1 otapack verify -q slots.flash --require-seal
expect_err "sealed: no: the host's seal is empty; "

# Whose signature is asked for has to vouch for the firmware: that of another part does not.
expect_exit 0 otapack sign bootloader.bin --key rsa3072-a.pem -o bootloader-signed.bin
printf 'otapack: 1\nflash: {parts: [0x0: bootloader-signed.bin, 0x8000: table.bin, 0x10000: sealed.bin]}\n' >part.yaml
expect_exit 0 otapack build -q part.yaml -o part.bin
asked=(--key rsa3072-a.pub.pem --require-seal --coprocessor network_adapter.bin)
expect_exit 1 otapack verify -q part.bin --part bootloader "${asked[@]}"
expect_err "no signature that is asked for vouches for other processors' firmware in factory; "
sed -i 's/sealed\.bin/host-signed.bin/' part.yaml
expect_exit 0 otapack build -q part.yaml -o part.bin
expect_exit 0 otapack verify -q part.bin --part factory "${asked[@]}"
# One level down the firmware is asked for as well.
printf 'otapack: 1\napp: sealed.bin\nmatter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 7}\n' >in.yaml
expect_exit 0 otapack build -q in.yaml -o in.ota
expect_exit 1 otapack verify -q in.ota --require-seal
expect_err 'what it comes with is not known; that needs --coprocessor; '
expect_exit 0 otapack verify -q in.ota --require-seal --coprocessor network_adapter.bin

# ---- alone ---------------------------------------------------------------------------------------

expect_exit 0 otapack verify -q sealed.bin
expect_exit 1 otapack verify sealed.bin --require-seal
expect_err 'what it comes with is not known; that needs --coprocessor; .*\[rcp-seal-required\]$'
expect_exit 0 otapack inspect -v sealed.bin
expect_out 'rcp-seal needs --coprocessor'
cp network_adapter.bin changed.bin
flip changed.bin 100 1
expect_exit 1 otapack verify -q sealed.bin --coprocessor changed.bin
expect_err "it is not the SHA-256 of the co-processor's firmware; .*\[rcp-seal\]$"
expect_exit 1 otapack verify host.bin --coprocessor network_adapter.bin --require-seal
expect_err "no app in it has the seal of a co-processor's firmware; "
expect_exit 1 otapack verify other.bin --coprocessor network_adapter.bin --require-seal
expect_err "no app in it has the seal of a co-processor's firmware; "
expect_exit 2 otapack verify sealed.bin --coprocessor missing.bin
expect_err 'missing\.bin: cannot open'
expect_exit 2 otapack verify network_adapter.bin --coprocessor network_adapter.bin
expect_err 'no check can use --coprocessor; leave it out$'
