# SPDX-License-Identifier: Apache-2.0
# serve, among clients that are many, slow, silent, or no clients at all: none harms another, memory
# stays as it is, and an end waits for what is being sent.
. "$SOURCE/tests/serve-lib.sh"

mkdir www
an_app www/app.bin
if [ -n "${OTAPACK_LONG-}" ]; then esp_grow www/app.bin 1500000; fi
touch -d '2 hours ago' www/app.bin
serve www --log none
device garbage "${URL}app.bin"
device endless "${URL}app.bin"
device idle "${URL}app.bin" www/app.bin 1200
device many "${URL}app.bin" www/app.bin 200
# 1,024 connections, each with 16 KiB for headers and a piece of 64 KiB, and the program itself.
if [ -r "/proc/$SERVER/status" ] && ! sanitized; then
    peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$SERVER/status")
    if [ "$peak" -eq 0 ] || [ "$peak" -gt 100000 ]; then fail "it has had $peak KiB of memory"; fi
fi

# Those that ask, and then take nothing, do not keep the others out: here there is room for 68.
esp_grow www/app.bin 9000000
serve_as few bash -c 'ulimit -n 580 && exec "$@"' - "$OTAPACK" serve www --port 0 --log none
device stalled "${URL}app.bin" www/app.bin 68
stop
serve www --log none

# What is being sent is sent to its end.
device ended "${URL}app.bin" www/app.bin "$SERVER"
ended=0
wait "$SERVER" || ended=$?
[ "$ended" -eq 0 ] || fail "the server ended with $ended"
