#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Nothing is used by two threads at once that one of them changes: threads.sh OTAPACK
#
# OTAPACK is built with ThreadSanitizer, for this alone:
#
#     CC=clang cmake --preset debug -B build/threads -DOTAPACK_SANITIZE=thread
#     cmake --build build/threads --target otapack
#     tests/threads.sh build/threads/otapack
#
# `verify -j4` judges all fixtures, with whatever is shared by all files: keys, a table, a policy, what
# runs on the device; and prints them in each way. A report of ThreadSanitizer's is a failure.
set -euo pipefail
otapack=$(realpath "$1")
fixtures=$(realpath "$(dirname "$0")/../fixtures")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-threads.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export TSAN_OPTIONS='exitcode=66 halt_on_error=1'

grep -q __tsan_init "$otapack" || {
    echo "threads.sh: $otapack: is not built with ThreadSanitizer; see the head of this script" >&2
    exit 2
}

# Lists of digests and their files, several times.
for i in 1 2 3 4; do
    cp -r "$fixtures/manifest" "release-$i"
    (cd "release-$i" && sha256sum ./*.bin >SHA256SUMS)
done
mapfile -d '' files < <(find "$fixtures" . -type f ! -name '*.txt' ! -name '*.pem' -print0 | sort -z)
keys=(--key "$fixtures/keys/rsa3072-a.pub.pem" --key "$fixtures/keys/ecdsa-p256-a.pub.pem")
mkdir ring
cp "$fixtures"/keys/{rsa3072,ecdsa-p256}-?.pub.pem ring
table=$fixtures/partition_table/good-host.bin
printf 'otapack: 1\nrules: {version: newer, headroom: 1K}\npartition_table: %s\n' "$table" >policy.yaml

# judge WORDS...: whatever the answer is, 0, 1 or 2.
runs=0
judge() {
    local status=0
    "$otapack" verify -j4 "$@" "${files[@]}" >out 2>err || status=$?
    if [[ $status -gt 2 ]] || grep -q 'ThreadSanitizer' err; then
        grep -A30 'ThreadSanitizer' err | head -60
        echo "threads.sh: verify -j4 $*: exit status $status"
        exit 1
    fi
    [[ $(cat out err | wc -l) -gt ${#files[@]} ]] || { cat err; echo "threads.sh: verify -j4 $*: judges nothing"; exit 1; }
    runs=$((runs + 1))
}
judge
judge --json "${keys[@]}"
judge --format sarif --require-signed
judge --format junit -p "$table"
judge --format github -p "$fixtures/partition_csv/good-host.csv"
judge --policy policy.yaml
judge --running "$fixtures/esp_image/good-app-esp32c6.bin"
judge --keys ring -e 'desc.version >= 1.4'
echo "verify -j4 of ${#files[@]} files, $runs times: nothing is changed by two threads at once"
