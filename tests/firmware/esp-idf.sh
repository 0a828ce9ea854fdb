# SPDX-License-Identifier: Apache-2.0
# The ESP-IDF component and its example compile, for this machine and for RISC-V, against stand-ins of
# the headers that they include; and the example updates a device that is all in memory: every good
# file as a whole, and of every bad one nothing.
. "$SOURCE/tests/cli-lib.sh"

cc=${CC:-cc}
need gzip
command -v "$cc" >/dev/null 2>&1 || skip "$cc is not installed"

component=$SOURCE/packaging/esp-idf/otapack
example=$component/examples/border_router_ota/main
stand_ins=$SOURCE/tests/firmware/esp-idf-stand-ins
psa=$SOURCE/tests/firmware/esp-idf-psa
https_ota=$SOURCE/tests/firmware/esp-idf-https-ota

# ---- It compiles --------------------------------------------------------------------------------

# What idf.py hands over, and small functions on the stack of a task.
set -- -std=gnu11 -Wall -Wextra -Werror "-I$SOURCE/include" "-I$component/include" "-I$stand_ins"
own=(-Wframe-larger-than=256 "-I$psa" "-I$https_ota" "-I$example")
verifying=-DCONFIG_EXAMPLE_VERIFY_SIGNATURES=1
required=-DCONFIG_EXAMPLE_SEAL_REQUIRED=1
strict='-DCONFIG_EXAMPLE_REFUSE_OLDER=1 -DCONFIG_EXAMPLE_RCP_ONLY_REFUSE=1'

riscv=riscv64-unknown-elf-gcc
for libc in --specs=picolibc.specs --specs=nano.specs; do
    echo '#include <stdio.h>' >libc.c
    if "$riscv" $libc -march=rv32imac -mabi=ilp32 -c libc.c -o libc.o >/dev/null 2>&1; then
        for file in "$example"/*.c "$https_ota"/*.c; do
            for config in -UNOTHING $verifying $required; do
                expect_exit 0 "$riscv" $libc -march=rv32imac -mabi=ilp32 -Os "$@" "${own[@]}" \
                    "$config" -c "$file" -o riscv.o
            done
        done
        break
    fi
done

device=./device
sanitize=
if sanitized; then sanitize='-fsanitize=address,undefined -fno-sanitize-recover=all'; fi
for file in "$example"/*.c; do
    for config in -UNOTHING $verifying $required; do # the frames without a sanitizer
        expect_exit 0 "$cc" -Os "$@" "${own[@]}" "$config" -c "$file" -o example.o
    done
done
wrap=-Wl
for call in fopen fclose fread fwrite fseek ferror remove; do wrap=$wrap,--wrap=$call; done
# shellcheck disable=SC2086 # two options
{
    expect_exit 0 "$cc" -g -O1 $sanitize "$@" "-I$psa" "-I$example" "$example"/*.c \
        "$stand_ins"/*.c "$psa"/*.c $wrap -o device
    expect_exit 0 "$cc" -g -O1 $sanitize "$@" "-I$psa" "-I$example" $required "$example"/*.c \
        "$stand_ins"/*.c "$psa"/*.c $wrap -o device-required
    expect_exit 0 "$cc" -g -O1 $sanitize "$@" "-I$psa" "-I$example" $strict "$example"/*.c \
        "$stand_ins"/*.c "$psa"/*.c $wrap -o device-strict
    expect_exit 0 "$cc" -g -O1 $sanitize "$@" "-I$psa" "-I$https_ota" "$https_ota"/host.c \
        "$stand_ins"/rom.c "$psa"/psa.c "$https_ota"/fake.c -o host
}

expect_exit 0 ./device facts
# idf.py builds all that is there.
for file in "$example"/*.c; do
    grep -q "[ (]${file##*/}[ )]*" "$example/CMakeLists.txt" || fail "${file##*/} is not built"
done

# The place of its own seal is in it; what the linker is told by is checked where there is ESP-IDF's.
grep -q OTAPSEAL device || fail 'the firmware has no place for a seal'
grep -q -- '"-u otapack_rcp_seal_place"' "$example/CMakeLists.txt" || fail 'a linker would drop the place'

expect_exit 0 ./device size
[ "$(cat out)" -lt 2560 ] || fail "struct update has $(cat out) bytes"

# The host out of a file by esp_https_ota, wherever in the file it is, and of pieces that are all of
# the host, or none.
https_host() { # FILE HOST
    for piece in 1 100 1024; do
        expect_exit 0 ./host "$1" $piece
        out_is "whole, $(size_of "$2") bytes"
        same "$2" slot
    done
}
rcp_part "$FIXTURES/rcp_image/good-with-signed-host.bin" 5 >host.bin
https_host "$FIXTURES/rcp_image/good-with-signed-host.bin" host.bin
rcp_part "$FIXTURES/rcp_image/good-with-host.bin" 5 >host.bin
https_host "$FIXTURES/rcp_image/good-with-host.bin" host.bin
https_host "$FIXTURES/matter/good-rcp.bin" host.bin
https_host "$FIXTURES/br/demo_br.bin" "$FIXTURES/br/demo_br.bin"
matter_app=$FIXTURES/matter/good-signed.bin
cut_bytes "$matter_app" $((16 + $(u32 "$matter_app" 12))) 1000000 >app.bin
https_host "$matter_app" app.bin
# What the stream refuses, and what `on` does, ends it; and so does a file that esp_https_ota takes
# for whole.
cp "$matter_app" bad.bin
chmod u+w bad.bin
poke bad.bin $(($(size_of bad.bin) - 1)) 0
expect_exit 0 ./host bad.bin 100
expect_out '^-1, reason 0: image_digest at '
head -c 9000 "$FIXTURES/rcp_image/good-with-host.bin" >bad.bin
expect_exit 0 ./host bad.bin 1024
expect_out '^0, reason 0: end at 9000'
expect_exit 0 ./host "$FIXTURES/rcp_image/bad-rcp-duplicate.bin" 1024
expect_out '^-1, reason 0: '
expect_exit 0 ./host "$FIXTURES/rcp_image/good-with-host.bin" 100 refuse
expect_out '^-1, reason 77: event at '

# ---- Updates ------------------------------------------------------------------------------------

# A new storage: RCP image 0 is in use, 1 is what is left of an update from long ago. device.c makes
# the same, which starts no programs.
storage() {
    rm -rf rcp_fw slot
    mkdir -p rcp_fw/ot_rcp_0 rcp_fw/ot_rcp_1
    echo current >rcp_fw/ot_rcp_0/rcp_image
    echo old >rcp_fw/ot_rcp_1/rcp_image
    printf '%032d' 0 >rcp_fw/ot_rcp_1/owner
}

# holds FILE TEXT: its first line is this. says START, logs TEXT: the last command's only line, and a
# part of a line of its log.
holds() {
    held=
    IFS= read -r held <"$1" || :
    [ "$held" = "$2" ]
}
says() {
    said=
    { IFS= read -r said && ! read -r _; } <out || fail 'stdout should be one line'
    case $said in
    "$1"*) ;;
    *) fail "stdout should begin with: $1" ;;
    esac
}
logs() {
    while IFS= read -r said; do
        case $said in
        *"$1"*) return 0 ;;
        esac
    done <err
    fail "stderr should have: $1"
}
current_stays() {
    holds rcp_fw/ot_rcp_0/rcp_image current || fail 'the current RCP image changed'
}

# updated FILE OPTION...: in pieces of several sizes, announced or not; all is where it belongs.
updated() {
    updated_file=$1
    shift
    cut_bytes host 176 32 >owner
    host_size=$(size_of host)
    for how in 1 7 1024 '7 unannounced=1' '1000000 unannounced=1'; do
        # shellcheck disable=SC2086 # a number, and perhaps an option
        expect_exit 0 $device update "$updated_file" $how "$@" storage=new
        out_is "ESP_OK boot=1 seq=1 written=$host_size"
        no_err
        same host slot
        same rcp rcp_fw/ot_rcp_1/rcp_image
        same owner rcp_fw/ot_rcp_1/owner
        current_stays
    done
}

# parts COMBINED: what is to be where.
parts() {
    rcp_part "$1" 5 >host
    cut_bytes "$1" 0 $(($(size_of "$1") - $(size_of host))) >rcp
}

good=$FIXTURES/rcp_image/good-with-host.bin
parts "$good"
updated "$good"
updated "$good" matter=9 # there is no header to look at

parts "$FIXTURES/rcp_image/good-with-signed-host.bin"
updated "$FIXTURES/rcp_image/good-with-signed-host.bin"

matter=$FIXTURES/matter/good-rcp.bin
cut_bytes "$matter" 79 9669 >payload
parts payload
updated "$matter"
updated "$matter" matter=1

# Only the RCP.
good_rcp=$FIXTURES/rcp_image/good-rcp-only.bin
storage
expect_exit 0 ./device update "$good_rcp" 100
expect_out '^ESP_OK boot=0 seq=1 written=0$'
same "$good_rcp" rcp_fw/ot_rcp_1/rcp_image

# ---- What is refused ----------------------------------------------------------------------------

# refused ERROR TEXT FILE OPTION...: nothing is switched, and the log says why.
refused() {
    refused_error=$1 refused_why=$2 refused_file=$3
    shift 3
    for chunk in 1 1024; do
        expect_exit 0 $device update "$refused_file" $chunk storage=new "$@"
        says "$refused_error boot=0 seq=0 written="
        logs "$refused_why"
        current_stays
    done
}
no_write() {
    says ESP_ERR_
    [ "${said##* }" = written=0 ] || fail 'something was written'
}
no_rcp_write() { holds rcp_fw/ot_rcp_1/rcp_image old || fail 'the storage was written'; }
no_owner() { no_file rcp_fw/ot_rcp_1/owner; }

refused ESP_ERR_NOT_SUPPORTED 'for chip 9, not 5' "$good" chip=5 && no_write && no_owner
refused ESP_ERR_INVALID_VERSION '1.4.2 runs already' "$good" version=1.4.2 && no_write && no_owner
refused ESP_ERR_OTA_SMALL_SEC_VER 'secure version 0 is below 1' "$good" secure=1 && no_write
refused ESP_ERR_INVALID_VERSION '2 is not above 2' "$matter" matter=2 && no_write && no_rcp_write
refused ESP_ERR_INVALID_VERSION '2 is not above 9' "$matter" matter=9 && no_write && no_rcp_write
refused ESP_ERR_NOT_SUPPORTED 'without the RCP' "$FIXTURES/br/demo_br.bin" && no_rcp_write
refused ESP_ERR_NOT_SUPPORTED 'without the RCP' "$FIXTURES/matter/good-app.bin" && no_rcp_write
refused ESP_ERR_NOT_SUPPORTED 'without the host' "$FIXTURES/matter/bad-matter-host.bin" && no_rcp_write
refused ESP_ERR_NOT_SUPPORTED 'type of image digest' "$FIXTURES/matter/good-sha512.bin" && no_rcp_write
refused ESP_ERR_INVALID_SIZE 'its partition 4096' "$good" slot=4096 && no_write && no_rcp_write
expect_exit 0 ./device update "$good" 1024 storage=new slot=0 # it runs from factory, which is 2
out_is 'ESP_ERR_NOT_FOUND boot=2 seq=0 written=0'
logs 'no OTA partition' && no_rcp_write
refused ESP_ERR_OTA_ROLLBACK_INVALID_STATE 'not updated: ESP_ERR_OTA_ROLL' "$good" pending=1 && no_rcp_write
refused ESP_ERR_OTA_ROLLBACK_INVALID_STATE 'not updated: ESP_ERR_OTA_ROLL' "$good_rcp" pending=1 && no_rcp_write

# Files that are not as they should be.
for name in rcp_image/bad-rcp-table rcp_image/bad-rcp-tags rcp_image/bad-rcp-duplicate \
    rcp_image/bad-rcp-contiguous rcp_image/bad-rcp-trailing rcp_image/bad-rcp-parts \
    rcp_image/bad-rcp-flash-overlap rcp_image/bad-rcp-host-last rcp_image/bad-chip-match \
    matter/bad-matter-header-order-min matter/bad-matter-size matter/bad-matter-ids \
    secure_boot/good-rsa3072 br/partition-table; do
    error=ESP_ERR_OTA_VALIDATE_FAILED
    case $name in
        secure_boot/*) error=ESP_ERR_NOT_SUPPORTED ;;
    esac
    refused $error '' "$FIXTURES/$name.bin"
done

# damaged ERROR REGEX FILE OFFSET: one bit of it.
damaged() {
    cp "$3" damaged.bin
    chmod u+w damaged.bin
    poke damaged.bin "$4" $(($(u8 damaged.bin "$4") ^ 1))
    refused "$1" "$2" damaged.bin
}
signed=$FIXTURES/rcp_image/good-with-signed-host.bin
damaged ESP_ERR_INVALID_CRC 'checksum at' "$good" $((0xb5 + 100)) # the RCP's bootloader
damaged ESP_ERR_INVALID_CRC 'md5 at' "$good" $((0x205 + 12))      # its partition table
damaged ESP_ERR_INVALID_CRC 'hash at' "$good" $(($(size_of "$good") - 1))
damaged ESP_ERR_INVALID_CRC 'signed_digest at' "$signed" $((0x1405 + 4600)) # before its signature
damaged ESP_ERR_INVALID_CRC 'crc at' "$signed" $((0x1405 + 8192 + 100))    # in it
damaged ESP_ERR_INVALID_CRC 'image_digest at' "$matter" $((79 + 100))      # the RCP's version

# Files that end early.
for file in "$good" "$matter" "$good_rcp"; do
    storage
    expect_exit 0 ./device cut "$file"
    out_is "$(size_of "$file")"
done
refused ESP_ERR_INVALID_SIZE 'end at' "$good" cut=9000 unannounced=1
refused ESP_ERR_INVALID_SIZE 'end at offset 0' "$good" cut=0

# ---- What fails ---------------------------------------------------------------------------------

for call in esp_ota_begin esp_ota_write esp_ota_end esp_ota_set_boot_partition \
    esp_rcp_submit_new_image; do
    refused another 'not updated: another' "$good" fail=$call:1:0x777
done
refused another 'not updated: another' "$good" fail=esp_ota_write:4:0x777
# A hash that cannot be computed is as bad as one that is wrong.
for call in psa_hash_setup:1 psa_hash_setup:2 psa_hash_setup:3 psa_hash_update:1 psa_hash_update:9; do
    refused ESP_FAIL 'not updated: ESP_FAIL' "$good" fail=$call
    refused ESP_FAIL 'not updated: ESP_FAIL' "$matter" fail=$call
done
# The RCP is given up when its storage is: at once, at some time, when the file is closed.
for bytes in 0 100 3000 5112; do
    refused ESP_FAIL 'rcp_image: ' "$good" storage=$bytes
    refused ESP_FAIL 'rcp_image: ' "$good_rcp" storage=$bytes
done
for chunk in 1 1024; do
    storage
    rm -r rcp_fw/ot_rcp_1
    expect_exit 0 ./device update "$good" $chunk
    expect_out '^ESP_FAIL boot=0 seq=0 written=0$'
done

# ---- Power that is cut, and hosts that are rolled back ------------------------------------------

parts "$good"
storage
expect_exit 0 ./device power "$good"
storage
expect_exit 0 ./device rcp-alone "$good_rcp"

# ---- The seal of the RCP's firmware --------------------------------------------------------------

seal=$FIXTURES/rcp_seal
sealed=$seal/good-sealed.bin
# taken DEVICE FILE [OPTION]...
taken() {
    taken_device=$1 taken_file=$2
    shift 2
    expect_exit 0 ./"$taken_device" update "$taken_file" 1024 storage=new "$@"
    says 'ESP_OK boot=1 seq=1 written='
    no_err
}
for name in good-sealed good-sealed-signed good-sealed-fields; do
    parts "$seal/$name.bin"
    updated "$seal/$name.bin"
    taken device "$seal/$name.bin" sealed=1
    taken device-required "$seal/$name.bin"
done
for name in '' -kind -reserved -size -type -version; do
    error=ESP_ERR_OTA_VALIDATE_FAILED
    case $name in
        '' | -size) error=ESP_ERR_INVALID_CRC ;;
    esac
    for device in ./device ./device-required; do
        refused $error 'seal at offset' "$seal/bad-rcp-seal$name.bin"
    done
done
damaged ESP_ERR_INVALID_CRC 'seal at' "$sealed" 90 # the RCP's version, of which nothing else is a hash
damaged ESP_ERR_INVALID_CRC 'seal at' "$sealed" $((0x1405 + 288 + 30))

# A host without a seal, or with an empty one, is taken unless menuconfig says otherwise.
device=./device
taken device "$seal/bad-rcp-seal-empty.bin"
device=./device-required
for file in "$seal/bad-rcp-seal-empty.bin" "$good" "$FIXTURES/rcp_image/good-with-signed-host.bin"; do
    refused another 'no seal of the RCP' "$file"
done
# The file ends before a seal could have come: as such.
refused ESP_ERR_INVALID_SIZE 'end at' "$sealed" cut=$((0x1405 + 400)) unannounced=1

# Of the RCP alone nobody vouches: not for a host that has a seal, and not where menuconfig says so.
for device in ./device-required ./device-strict; do
    refused ESP_ERR_NOT_SUPPORTED 'nobody vouches' "$good_rcp" && no_rcp_write
done
device=./device
expect_exit 0 ./device update "$good_rcp" 1024 storage=new sealed=1
out_is 'ESP_ERR_NOT_SUPPORTED boot=0 seq=0 written=0'
logs 'nobody vouches' && no_rcp_write
refused another 'seal cannot be read' "$good_rcp" fail=esp_partition_read:1:0x777 && no_rcp_write

# The storage gives back something else than was written: seen before anything is switched.
expect_exit 0 ./device update "$sealed" 1024 storage=new lies=1
says 'another boot=0 seq=0 written='
logs 'image 1 is not the one that the host'
for call in psa_hash_setup:4 psa_hash_update:9 fread:2 fseek:2; do
    refused ESP_FAIL 'not updated: ESP_FAIL' "$sealed" fail=$call
done

for device in ./device ./device-required; do
    storage
    expect_exit 0 $device seals "$sealed"
done
device=./device
storage
expect_exit 0 ./device sealed-power "$sealed"

# ---- Older versions ------------------------------------------------------------------------------

# The file's is 1.4.2. What is behind the numbers does not count.
device=./device-strict
for version in 0.9 1.4 1.4.1 1.4.2.0 v1.4 V1.3.99 01.4.002.0 1.4.2-rc1 1.4.2-3-gabcdef 1.4.2-dirty 1; do
    taken device-strict "$good" version=$version
done
for version in 1.4.3 1.4.10 1.10 1.5-rc1 2 v2.0 1.4.2.1 1.4.2.0.0.1 10 1.4.99999999999999999999999; do
    refused ESP_ERR_INVALID_VERSION "is older than $version" "$good" version=$version && no_write
    taken device "$good" version=$version
done
for version in main abcdef- v .1; do
    refused ESP_ERR_INVALID_VERSION 'has no order to it' "$good" version=$version && no_write
done
refused ESP_ERR_OTA_SMALL_SEC_VER 'secure version 0 is below 1' "$good" version=1.4 secure=1 && no_write
device=./device

# ---- Signatures, by a PSA that is whole ---------------------------------------------------------

# verified LINES FILE: what a device says of its blocks, and of the file.
verified() {
    expect_exit 0 ./verify "$2"
    [ "$(sed 's/ [0-9a-f]\{64\} / /' out)" = "$1" ] || fail "$2: $(cat out)"
}
signed_blocks() {
    app=$FIXTURES/secure_boot
    verified $'100 0 rsa3072 good\nwhole' "$app/good-rsa3072.bin"
    verified $'100 0 rsa3072 good\n100 1 rsa3072 good\n100 2 rsa3072 good\nwhole' "$app/good-rsa3072-x3.bin"
    verified $'100 0 p192 good\nwhole' "$app/good-ecdsa-p192.bin"
    verified $'100 0 p256 good\nwhole' "$app/good-ecdsa-p256.bin"
    verified $'100 0 p256 good\n100 1 p256 good\nwhole' "$app/good-ecdsa-p256-x2.bin"
    verified $'100 0 p384 good\nwhole' "$app/good-ecdsa-p384.bin"
    verified $'100 0 rsa3072 bad\nwhole' "$app/bad-sig-signature.bin"
    verified $'100 0 p256 bad\nwhole' "$app/bad-sig-signature-ecdsa.bin"
    verified signed_digest "$app/bad-sig-digest-p384.bin"
    verified $'5 0 rsa3072 good\nwhole' "$FIXTURES/rcp_image/good-with-signed-host.bin"
    verified whole "$FIXTURES/br/demo_br.bin"
    # Real ones, and the digest of a key is what otapack says of it.
    vectors=${OTAPACK_VECTORS-}/secure-boot
    for file in rsa3072:rsa3072:1 rsa3072_x2:rsa3072:2 ec_p192:p192:1 ec_p192_x2:p192:2 \
        ec_p256:p256:1 ec_p256_x2:p256:2 ec_p384:p384:1 ec_p384_x2:p384:2; do
        IFS=: read -r name scheme blocks <<<"$file"
        [ -f "$vectors/signed_v2_$name.bin" ] || continue
        expected=
        for ((i = 0; i < blocks; i++)); do expected+="100 $i $scheme good"$'\n'; done
        verified "${expected}whole" "$vectors/signed_v2_$name.bin"
    done
}

# A host is taken only when a trusted key has signed it.
trusted_hosts() {
    device=./device-signed
    host=$FIXTURES/rcp_image/good-with-signed-host.bin
    expect_exit 0 ./verify "$host"
    read -r _ _ _ key _ <out
    other=${key%?????}00000
    parts "$host"
    for keys in "$key" "$(tr a-f A-F <<<"$key")" "$other $key" "$key $other" "0 $key"; do
        updated "$host" "trusted=$keys"
    done
    parts "$seal/good-sealed-signed.bin"
    updated "$seal/good-sealed-signed.bin" "trusted=$key"
    for keys in '' "$other" "${key%?}" "x$key" "$other$key"; do
        refused ESP_ERR_OTA_VALIDATE_FAILED 'no good signature by a key' "$host" "trusted=$keys"
    done
    logs 'by a key that is not trusted'
    refused ESP_ERR_OTA_VALIDATE_FAILED 'no good signature' "$good" "trusted=$key"
    refused ESP_ERR_NOT_SUPPORTED 'without the host' "$good_rcp" "trusted=$key"
    damaged ESP_ERR_INVALID_CRC 'crc at' "$signed" $((0x1405 + 8192 + 900)) # of the signature
    # A block whose CRC is right, by a trusted key, and still no signature. gzip has that CRC, too.
    block=$((0x1405 + 8192))
    cp "$host" forged.bin
    chmod u+w forged.bin
    flip forged.bin $((block + 900))
    cut_bytes forged.bin $block 1196 | gzip -c | tail -c 8 | head -c 4 >crc
    overwrite forged.bin $((block + 1196)) <crc
    refused ESP_ERR_OTA_VALIDATE_FAILED 'signature 0 is not good' forged.bin "trusted=$key"
    device=./device
}

found_psa=
for library in mbedcrypto tfpsacrypto; do
    printf '#include <psa/crypto.h>\nint main(void) { return (int)psa_crypto_init(); }\n' >psa.c
    if "$cc" psa.c -l$library -o psa >/dev/null 2>&1; then
        found_psa=-l$library
        break
    fi
done
if [ -n "$found_psa" ]; then
    # shellcheck disable=SC2086 # two options
    {
        expect_exit 0 "$cc" -g -O1 $sanitize "$@" "$SOURCE/tests/firmware/esp-idf-verify/verify.c" \
            "$stand_ins"/rom.c $found_psa -o verify
        expect_exit 0 "$cc" -g -O1 $sanitize "$@" "-I$example" $verifying "$example"/*.c \
            "$stand_ins"/*.c $wrap $found_psa -o device-signed
    }
    signed_blocks
    trusted_hosts
else
    echo 'skipped: signatures by PSA: neither libmbedcrypto nor libtfpsacrypto is installed'
fi

# ---- app_main -----------------------------------------------------------------------------------

# lives END [OPTION]...: from start to start, until it stays as it is. END is what then runs (2 is
# factory), its RCP image, how often it has started, and how many requests it has made.
lives() {
    lives_end=$1
    shift
    expect_exit 0 ./device main "$good" "$@"
    out_is "$lives_end"
}
new='running=1 seq=1 starts=2'
old='running=0 seq=0 starts=1'

lives "$new asked=2"
logs '1.4.2 runs already'
lives 'running=0 seq=1 starts=2 asked=2' factory=1
lives "$new asked=2" blank=1
for nvs in 0x110d 0x1110; do
    lives "$new asked=2" nvs=$nvs
    logs 'NVS is erased: ESP_ERR_NVS_N'
done
lives "$old asked=0" down=1
logs 'the network: ESP_FAIL'

# The new host does not work: the one from before stays, and does not take it again.
lives 'running=0 seq=0 starts=3 asked=2' bad=1
logs 'does not work; back to' && logs '1.4.2 was rolled back'
lives 'running=2 seq=0 starts=3 asked=2' factory=1 bad=1
lives "$old asked=0" alone=1 down=1
logs 'there is none; this one stays'
lives "$old asked=0 unconfirmed" alone=1 down=1 fail=esp_ota_mark_app_valid_cancel_rollback
logs 'this host is not confirmed: another'

# Where the file is, and what else the server says.
for code in 301 302 303 307 308; do
    lives "$new asked=4" redirects-$code=1
done
lives "$new asked=12" redirects-302=5
lives "$old asked=6" redirects-302=6
logs 'more than 5 times' && logs 'no update: ESP_ERR_HTTP_MAX_REDIRECT'
lives "$new asked=4" to=/there
for to in http://example.com/there ftp://example.com/there; do
    lives "$old asked=1" to=$to
    logs 'not https'
done
lives "$old asked=1" status=302
logs 'redirects to nowhere'
for code in 204 206 300 304 400 401 403 404 410 429 500 503; do
    lives "$old asked=1" status=$code
    logs "the server says $code"
    case $code in
        404 | 410) logs 'no update: ESP_ERR_NOT_FOUND' ;;
        *) logs 'no update: ESP_ERR_INVALID_RESPONSE' ;;
    esac
done

# Answers without a length (1: in chunks; 2: until the connection ends), slow ones, and short ones.
for length in 1 2; do
    lives "$new asked=2" length=$length
done
for silent in before=5 within=6; do # the first one within ends a read that has already something
    lives "$new asked=2" silent_$silent
done
for silent in before=6 within=7; do
    lives "$old asked=1" silent_$silent
    logs 'no update: ESP_ERR_TIMEOUT'
done
for length in 0 1 2; do
    for bytes in 0 100 5000; do
        lives "$old asked=1" length=$length cut=$bytes
        logs 'no update: ESP_ERR_INVALID_SIZE'
        [ $length = 2 ] || logs "the connection ended after $bytes bytes"
    done
done
{ cat "$matter" && echo; } >download
expect_exit 0 ./device main download
out_is "$old asked=1"
logs 'no update: ESP_ERR_OTA_VALIDATE_FAILED'

# With seals. An image that was damaged since it was written is not flashed: a new host goes, one that
# is confirmed goes on with what its RCP has, and takes an update, which mends it.
lives_sealed() {
    lives_end=$1
    shift
    expect_exit 0 ./device main "$sealed" "$@"
    out_is "$lives_end"
}
lives_sealed "$new asked=2"
lives_sealed "$new asked=2" sealed=1
lives_sealed 'running=0 seq=1 starts=2 asked=2' factory=1 sealed=1
lives_sealed 'running=0 seq=0 starts=3 asked=2' sealed=1 worn=1
logs 'RCP image 1 is not the one' && logs 'does not work; back to' && logs '1.4.2 was rolled back'
lives_sealed "$new asked=2" sealed=1 old_worn=1
logs 'RCP image 0 is not the one' && logs 'goes on with what the RCP has'
lives_sealed "$old asked=1 unfit" sealed=1 old_worn=1 status=404
logs 'goes on with what the RCP has'

# Whatever fails, or wherever the power is cut, the device ends with the new host and its RCP, or the
# one from before if the new one was rolled back: from ota_0, from factory, with empty OTA data.
for how in faults cuts; do
    expect_exit 0 ./device $how "$sealed"
    [ "$(wc -l <out)" -eq 8 ] || fail 'that should be eight devices'
done
