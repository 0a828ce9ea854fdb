# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A program of our own, which needs no libc, runs the stream and the other parsers over every
# fixture and over real firmware: as RISC-V of 32 bits, as PowerPC, which is big-endian, and, where
# there is no RISC-V, as i386. It says the same as on this machine, and the same for pieces of any
# size. OTAPACK_LONG=1 runs all three, and takes the large files of real firmware, too, whose
# megabytes of data are to the parsers what the kilobytes of the others are.
. "$SOURCE/tests/firmware/targets"
command -v "${CC:-cc}" >/dev/null || { echo 'skipped: there is no compiler' && exit 77; }

here=$SOURCE/tests/firmware
parts="$here/run.c $here/events.c $here/parsers.c $here/hash.c"
wrong=0

# Paths as they are given are printed: the same for all.
find "$FIXTURES/" -mindepth 2 -type f | sort >fixtures
if [ -n "${OTAPACK_VECTORS-}" ]; then
    # There is no Matter image among them, and no combined one: of these, one inside the other.
    large=-257k host=
    [ "${OTAPACK_LONG-}" != 1 ] || large=-8192k host=$OTAPACK_VECTORS/thread-br/br/esp_ot_br.bin
    find "$OTAPACK_VECTORS/" -name '*.bin' -size "$large" | sort >vectors
    "$OTAPACK" build --quiet --rcp-build-dir "$OTAPACK_VECTORS/thread-br/rcp_build" \
        ${host:+--br-firmware "$host"} --target-file combined.bin
    {
        echo 'otapack: 1'
        echo 'image: combined.bin'
        echo 'matter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 2, software_version_string: "1"}'
        echo 'allow: [matter-host, matter-version-match]'
    } >matter.yaml
    "$OTAPACK" build --quiet matter.yaml -o matter.ota
    echo matter.ota >>vectors
else
    echo 'skipped: real firmware: OTAPACK_VECTORS is not set'
    : >vectors
fi

# print PIECES PROGRAM...: all that it has to say of all files, from a folder of its own. What it
# says of a file may depend on those before it: it gets the same ones, wherever it runs.
print() {
    pieces=$1
    shift
    for piece in $pieces; do
        xargs -r -n 100 "$@" stream "$piece" <../fixtures >"stream-$piece"
    done
    xargs -r -n 100 "$@" parse 0 <../fixtures >parsed
    xargs -r -n 100 "$@" announced 1024 <../vectors >vectors-stream
    xargs -r -n 100 "$@" parse 0 <../vectors >vectors-parsed
}

# shellcheck disable=SC2086 # words
"${CC:-cc}" -std=c99 -O1 -I "$SOURCE/include" -o run $parts "$here/hosted.c"
mkdir host
(cd host && ln -s ../matter.ota . && print '1 7 288 1024' ../run)
for piece in 1 7 1024; do
    cmp host/stream-288 host/stream-$piece || wrong=$((wrong + 1))
done
# It is not that nothing is said.
for word in finished error field image 'end .*checked=1'; do
    [ "$(grep -c "^$word" host/stream-288)" -ge 50 ] || { echo "$word: hardly any" && exit 1; }
done
# Each byte of a part comes once, in its order.
if grep '^gap' host/stream-*; then exit 1; fi

run_target() {
    link=-lgcc qemu=
    case $target in
    RV32IMC) qemu=qemu-riscv32 optimise=-Os ;;
    PowerPC) qemu=qemu-ppc optimise=-O1 ;;
    gcc-32) qemu=qemu-i386 optimise=-O1 link= ;;
    esac
    # RISC-V has the same sizes and the same order of bytes.
    case $ran-$target-${OTAPACK_LONG-} in
    *RV32IMC*-gcc-32-) return 0 ;;
    esac
    if ! command -v $qemu >/dev/null; then
        echo "skipped: $target: $qemu is not installed"
        return 0
    fi
    # shellcheck disable=SC2086 # words
    compile "$cc" -std=c99 $optimise -static -Wl,--no-warn-rwx-segments -o "run-$target" \
        $parts "$here/bare.c" $link
    mkdir "$target"
    # Bytes that are gathered, and bytes that are not.
    (cd "$target" && ln -s ../matter.ota . && print '1 1024' $qemu "../run-$target")
    for said in stream-1 stream-1024 parsed vectors-stream vectors-parsed; do
        cmp "host/$said" "$target/$said" && continue
        diff "host/$said" "$target/$said" | head -n 20
        wrong=$((wrong + 1))
    done
    ran="$ran $target"
}

ran=
for_targets run_target RV32IMC PowerPC gcc-32
[ -n "$ran" ] || exit 77
files=$(cat fixtures vectors | wc -l)
lines=$(cat host/stream-* host/*parsed host/vectors-stream | wc -l)
echo "$files files on$ran: $lines lines each, $wrong wrong"
[ "$wrong" -eq 0 ]
