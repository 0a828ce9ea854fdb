#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How fast otapack is, and how much memory it takes: bench.sh [OTAPACK [CREATE_OTA_IMAGE.py]]
#
# Compares whole processes in pairs, one right after the other: `inspect` with `openssl dgst
# -sha256` of the same file, a Matter header put around a file with that digest of it, `sign` and
# `verify` with what openssl does of them, and `build` with the script that otapack takes the place
# of (which is not part of this repo: give its path, here or in $CREATE_OTA_IMAGE). What is aimed at
# stands beside the result. This is a measurement and no test: it fails only where it cannot run.
#
#   PAIRS            how many (200)
#   ESP32_MULTI_OTA_TOOL  the Matter SDK's esp32_multi_ota_tool.py, in a clone of the SDK
#   OTAPACK_VECTORS  real firmware; without, the fixtures, which are too small to say much
#   IMAGE_BUILDER_TOOL  esp-zigbee-sdk's script, beside which compat is measured
#   PYTHON           for the script (/usr/bin/python3: a shim in its place would be measured as well)
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
otapack=${1:-$source/build/release/otapack}
script=${2:-${CREATE_OTA_IMAGE-}}
python=${PYTHON:-/usr/bin/python3}
pairs=${PAIRS:-200}

die() {
    echo "bench.sh: $1" >&2
    exit 2
}
[ -x "$otapack" ] || die "$otapack: is no program; build it first: cmake --preset release && cmake --build build/release"
otapack=$(cd "$(dirname "$otapack")" && pwd)/${otapack##*/}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"${CC:-cc}" -std=c11 -O2 -o "$scratch/pairs" "$here/pairs.c" || die 'no C compiler (set CC)'

vectors=${OTAPACK_VECTORS:-$source/../shared/vectors}
if [ -f "$vectors/thread-br/br/esp_ot_br.bin" ]; then
    rcp=$vectors/thread-br/rcp_build host=$vectors/thread-br/br/esp_ot_br.bin
else
    rcp=$source/fixtures/rcp_build host=$source/fixtures/br/demo_br.bin
    echo "no real firmware ($vectors): the fixtures are too small to say much"
fi

# value KEY TEXT: the number behind KEY in what pairs printed.
value() { printf '%s\n' "$2" | sed -n "s|.*$1 \\([0-9.]*\\).*|\\1|p" | head -1; }

# ---- Inspect ------------------------------------------------------------------------------------

image=$scratch/ota.bin
"$otapack" build -q --rcp-build-dir "$rcp" --br-firmware "$host" --target-file "$image" ||
    die 'otapack build failed'
size=$(wc -c <"$image")

echo "machine: $(nproc 2>/dev/null || echo '?') processors, load $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)"
echo "noise: A and B are the same command, so that A / B should be 1"
"$scratch/pairs" "$pairs" "$otapack" inspect "$image" -- "$otapack" inspect "$image"

echo "inspect: A is otapack inspect, B openssl dgst -sha256 ($size bytes); aim: A / B <= 1"
if command -v openssl >/dev/null; then
    "$scratch/pairs" "$pairs" "$otapack" inspect "$image" -- openssl dgst -sha256 "$image"
else
    echo '  skipped: openssl is not installed'
fi

# ---- Wrap ---------------------------------------------------------------------------------------

light=$vectors/matter/light.bin
[ -f "$light" ] || light=$source/fixtures/esp_image/good-app-esp32c6.bin
cat >"$scratch/wrap.yaml" <<END
otapack: 1
output: wrapped.ota
app: $light
matter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 2}
END
echo "wrap: A is otapack build of a Matter image, B openssl dgst -sha256 ($(wc -c <"$light") bytes); aim: A / B <= 2"
if command -v openssl >/dev/null; then
    "$scratch/pairs" "$pairs" "$otapack" build -q "$scratch/wrap.yaml" -- openssl dgst -sha256 "$light"
else
    echo '  skipped: openssl is not installed'
fi

# ---- Sign and verify ----------------------------------------------------------------------------
# openssl signs the padded image and verifies that signature; otapack also pads, verifies what it
# signed, judges the result by every check, and sees to it that it is on the disk.

app=$vectors/thread-br/rcp_build/esp_ot_rcp.bin
[ -f "$app" ] || app=$source/fixtures/rcp_build/esp_ot_rcp.bin
pss='-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32'

# signing KEY AIM OPTION...: these options are openssl's.
signing() {
    key=$scratch/$1.pem aim=$2
    shift 2
    name=${key##*/}
    cp "$source/fixtures/keys/$name" "$key"
    chmod 600 "$key"
    openssl pkey -in "$key" -pubout -out "$key.pub"
    "$otapack" sign "$app" --digest-only --public-key "$key.pub" -o "$scratch/data.bin" >"$scratch/data.txt"
    echo "sign: A is otapack sign, B openssl dgst -sha256 -sign, $name ($(wc -c <"$app") bytes); aim: A / B <= $aim"
    "$scratch/pairs" "$pairs" "$otapack" sign -q "$app" --key "$key" -o "$scratch/signed.bin" -- \
        openssl dgst -sha256 -sign "$key" "$@" -out "$scratch/signature.bin" "$scratch/data.bin"
    echo "verify: A is otapack verify --key, B openssl dgst -sha256 -verify, $name; aim: A / B <= 1"
    "$scratch/pairs" "$pairs" "$otapack" verify -q "$scratch/signed.bin" --key "$key.pub" -- \
        openssl dgst -sha256 -verify "$key.pub" "$@" -signature "$scratch/signature.bin" "$scratch/data.bin"
}
if command -v openssl >/dev/null; then
    signing ecdsa-p256-a 1.2
    # shellcheck disable=SC2086 # two options
    signing rsa3072-a 2 $pss
else
    echo 'sign: skipped: openssl is not installed'
fi

# ---- Build --------------------------------------------------------------------------------------

echo "build: A is otapack build, B create_ota_image.py; aim: A / B <= 0.2"
if [ -z "$script" ]; then
    echo '  skipped: give create_ota_image.py as the second argument or in CREATE_OTA_IMAGE'
    "$scratch/pairs" "$pairs" "$otapack" build -q --rcp-build-dir "$rcp" --br-firmware "$host" \
        --target-file "$scratch/a.bin"
else
    [ -f "$script" ] || die "$script: is no file"
    "$scratch/pairs" "$pairs" "$otapack" build -q --rcp-build-dir "$rcp" --br-firmware "$host" \
        --target-file "$scratch/a.bin" -- \
        "$python" "$script" --rcp-build-dir "$rcp" --br-firmware "$host" --target-file "$scratch/b.bin"
    cmp "$scratch/a.bin" "$scratch/b.bin" && echo '  both wrote the same bytes'
fi

# ---- Bundle -------------------------------------------------------------------------------------

echo "bundle: A is otapack compat create-multi, B esp32_multi_ota_tool.py; aim: A / B <= 0.05"
printf 'id,version,path\n0x100,1,%s\n1,2,%s\n' "$app" "$light" >"$scratch/images.csv"
bundle='create-multi -v 0xFFF1 -p 0x8000 -vn 2 -vs 2.0 -da sha256'
# shellcheck disable=SC2086 # one argument per word
if [ -z "${ESP32_MULTI_OTA_TOOL-}" ]; then
    echo '  skipped: give the script in ESP32_MULTI_OTA_TOOL'
    "$scratch/pairs" "$pairs" "$otapack" compat esp32_multi_ota_tool $bundle "$scratch/images.csv" "$scratch/a.ota"
else
    "$scratch/pairs" "$pairs" "$otapack" compat esp32_multi_ota_tool $bundle "$scratch/images.csv" "$scratch/a.ota" -- \
        "$python" "$ESP32_MULTI_OTA_TOOL" $bundle "$scratch/images.csv" "$scratch/b.ota"
    cmp "$scratch/a.ota" "$scratch/b.ota" && echo '  both wrote the same bytes'
fi

# ---- Zigbee -------------------------------------------------------------------------------------

echo "zigbee: A is otapack compat image_builder_tool, B image_builder_tool.py; aim: A / B <= 0.05"
if [ -z "${IMAGE_BUILDER_TOOL-}" ]; then
    echo '  skipped: give image_builder_tool.py in IMAGE_BUILDER_TOOL'
else
    set -- -m 0x131B -i 1 -v 0x01020304 --tag 0 "$app"
    (cd "$scratch" && "$scratch/pairs" "$pairs" "$otapack" compat image_builder_tool "$@" -- \
        "$python" "$IMAGE_BUILDER_TOOL" "$@")
fi

# ---- Merge --------------------------------------------------------------------------------------

esptool=$(command -v esptool || command -v esptool.py || true)
merged="0x0 $rcp/bootloader/bootloader.bin 0x8000 $rcp/partition_table/partition-table.bin 0x10000 $rcp/esp_ot_rcp.bin"
for format in raw uf2 hex; do
    echo "merge: A is otapack compat esptool merge_bin -f $format, B esptool; aim: A / B <= 0.05"
    if [ -z "$esptool" ]; then
        echo '  skipped: esptool is not installed'
    else
        # shellcheck disable=SC2086 # addresses and files
        "$scratch/pairs" "$(((pairs + 9) / 10))" \
            "$otapack" compat esptool --chip esp32h2 merge_bin -f $format -o "$scratch/a.bin" $merged -- \
            "$esptool" --chip esp32h2 merge_bin -f $format -o "$scratch/b.bin" $merged
        cmp "$scratch/a.bin" "$scratch/b.bin" && echo '  both wrote the same bytes'
    fi
done

# ---- Memory -------------------------------------------------------------------------------------

u32le() { # as octal escapes of printf
    printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) \
        $(($1 >> 24 & 255))
}
put() { # put FILE OFFSET ESCAPES
    # shellcheck disable=SC2059 # the escapes are the format
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# The same combined image, but with 16 segments of almost 16 MiB as its host firmware: all of it is
# data that the checksum covers, so all of it is read.
large=$scratch/large.bin
host_at=$((size - $(wc -c <"$host")))
segment=$((0x1000000 - 4))
end=$((24 + 16 * (8 + segment)))
length=$((end / 16 * 16 + 16))
head -c "$host_at" "$image" >"$large"
put "$large" "$host_at" '\351\020\002\040\000\000\000\000\356\000\000\000\011\000\000\000\000\000\000\000\000\000\000\000'
i=0
while [ "$i" -lt 16 ]; do
    put "$large" $((host_at + 24 + i * (8 + segment))) "$(u32le 0)$(u32le $segment)"
    i=$((i + 1))
done
put "$large" $((host_at + length - 1)) '\357'
put "$large" 76 "$(u32le $length)"

echo "memory: peak of otapack inspect; aim: the same for both"
small_result=$("$scratch/pairs" 5 "$otapack" inspect "$image")
large_result=$("$scratch/pairs" 3 "$otapack" inspect "$large")
echo "  $size bytes: $(value peak "$small_result") KiB, $(value median "$small_result") ms"
echo "  $(wc -c <"$large") bytes: $(value peak "$large_result") KiB, $(value median "$large_result") ms"
"$otapack" inspect -v "$large" >"$scratch/large.txt" || :
grep -q 'ok .*esp-checksum' "$scratch/large.txt" && ! grep -q 'FAIL esp-checksum' "$scratch/large.txt" ||
    echo '  (the large file was not read to its end: the second number says nothing)'
