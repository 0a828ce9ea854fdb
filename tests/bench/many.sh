#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How fast many files are judged: many.sh [OTAPACK [IMAGE]]
#
# Compares `verify` of 10,000 files, on all cores, with as many processes as there are cores that do
# nothing but read the same files and compute their SHA-256 with nettle, the library that verify has
# for it. They take turns, a round of files at a time, and each round is a ratio; what is aimed at
# stands beside the result. A measurement and no test: it fails only where it cannot run.
#
#   FILES    how many, 10000; ROUNDS in how many rounds, 10
#   OTAPACK_VECTORS  where a real app is; IMAGE is another one
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
otapack=${1:-$source/build/release/otapack}
image=${2:-${OTAPACK_VECTORS:-$source/../shared/vectors}/thread-br/br/esp_ot_br.bin}
files=${FILES:-10000} rounds=${ROUNDS:-10}
cores=$(nproc)

die() {
    echo "many.sh: $1" >&2
    exit 2
}
[ -x "$otapack" ] || die "$otapack: is no program; build it first: cmake --preset release && cmake --build build/release"
[ -f "$image" ] || die "$image: is no image; name one of a megabyte or so"
otapack=$(cd "$(dirname "$otapack")" && pwd)/${otapack##*/}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"${CC:-cc}" -std=c11 -O2 -o "$scratch/hash" "$here/hash.c" -lnettle || die 'nettle is not there'
cd "$scratch"

# Names of a few copies, which stay in memory: what is measured is not the disk.
mkdir files
i=0
while [ $i -lt 16 ]; do
    cp "$image" "files/copy$i.bin"
    i=$((i + 1))
done
round=0
while [ $round -lt "$rounds" ]; do
    mkdir "files/$round"
    i=0
    while [ $i -lt $((files / rounds)) ]; do
        ln "files/copy$((i % 16)).bin" "files/$round/$i.bin"
        i=$((i + 1))
    done
    round=$((round + 1))
done

now() { date +%s%N; }

# cpu: sets `used` to the milliseconds of processor time of all that was started, which says
# something also where others use the machine.
cpu() {
    times >times.now # in this very shell
    used=$(awk 'NR == 2 { gsub("[ms]", " "); print int(($1 * 60 + $2 + $3 * 60 + $4) * 1000) }' times.now)
}

# hash_all FOLDER: each process has its share.
hash_all() {
    share=0
    while [ $share -lt "$cores" ]; do
        ./hash "$share" "$cores" "$1"/*.bin >/dev/null &
        share=$((share + 1))
    done
    wait
}

hash_all files/0
"$otapack" verify -q files/0/*.bin 2>/dev/null || true
round=0
while [ $round -lt "$rounds" ]; do
    cpu
    before=$used begin=$(now)
    hash_all "files/$round"
    middle=$(now)
    cpu
    between=$used after=$(now)
    "$otapack" verify -q "files/$round"/*.bin 2>/dev/null || true
    end=$(now)
    cpu
    echo "$((middle - begin)) $((end - after)) $((between - before)) $((used - between))" >>times.all
    round=$((round + 1))
done

echo "machine: $cores processors, load $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown)"
echo "$files files of $(wc -c <"$image") bytes; aim: ratio >= 0.9"
awk '{ h += $1; v += $2; ch += $3; cv += $4; print $1 / $2 }
     END { printf "sum: hashing alone %.2f s, verify %.2f s, ratio %.3f; of processor time %.3f\n", h / 1e9,
                  v / 1e9, h / v, ch / cv }' times.all |
    sort | awk '/^sum/ { sum = $0; next } { r[n++] = $1 }
     END { print sum; printf "ratio of a round: median %.3f, from %.3f to %.3f\n", r[int(n / 2)], r[0], r[n - 1] }'
