# SPDX-License-Identifier: Apache-2.0
# A disk that fills up while otapack writes: build, build --depfile, extract, and results on standard
# output. One clear line, status 2, nothing left behind, an older target as it was. The disk is a
# tmpfs of a few pages in a mount namespace of its own, where that is permitted.
. "$SOURCE/tests/cli-lib.sh"

# full COMMAND...: exits 2 with a line, and leaves the disk as it was.
full() {
    before=$(ls -lA disk)
    expect_exit 2 "$@"
    no_out
    expect_one_line_err
    expect_err 'No space left'
    [ "$(ls -lA disk)" = "$before" ] || fail "the disk is not as it was: $(ls -lA disk)"
}

on_full_disk() {
    mount -t tmpfs -o size=64k,mode=755 tmpfs disk 2>/dev/null ||
        exit 77
    copy_rcp rcp
    esp_grow rcp/esp_ot_rcp.bin 131072 # more than the disk

    full otapack build -q --rcp-build-dir rcp --target-file disk/ota.bin
    echo 'an earlier image' >disk/ota.bin
    full otapack build -q --rcp-build-dir rcp --target-file disk/ota.bin
    [ "$(cat disk/ota.bin)" = 'an earlier image' ] || fail 'the older target was damaged'
    expect_exit 0 otapack build -q --rcp-build-dir rcp --target-file ota.bin
    full otapack extract ota.bin firmware -o disk/firmware.bin

    # All the parts into a folder: what did not fit is not there in part.
    rm disk/ota.bin
    mkdir disk/parts
    expect_exit 2 otapack extract ota.bin -o disk/parts
    expect_err 'No space left'
    for file in disk/parts/* disk/parts/.[!.]*; do
        [ -e "$file" ] || continue
        case ${file##*/} in
            .*) fail "left behind: $file" ;;
            firmware.bin) fail 'the firmware cannot be whole' ;;
        esac
    done

    # The image fits, its depfile does not: that is said, and no half of it is there.
    rm -r disk/parts
    copy_rcp small
    expect_exit 0 otapack build -q --rcp-build-dir small --target-file fits.bin
    dd if=/dev/zero of=disk/filler bs=1024 count=64 2>/dev/null || :
    expect_exit 2 otapack build -q --rcp-build-dir small --target-file other.bin --depfile disk/other.d
    expect_err 'No space left'
    [ ! -s disk/other.d ] || fail 'there is a part of a depfile'
    folder_is disk filler
    umount disk
}

if [ -n "${STRESS_INSIDE-}" ]; then
    on_full_disk
    exit
fi

# This script again, where it may mount what nobody else sees.
tried='nothing but /dev/full was tried'
if command -v unshare >/dev/null && unshare -m true 2>/dev/null; then
    mkdir disk
    status=0
    STRESS_INSIDE=1 unshare -m bash -O inherit_errexit -eu "$SOURCE/tests/stress/full-disk.sh" || status=$?
    case $status in
        0) tried= ;;
        77) ;;
        *) exit "$status" ;;
    esac
fi

# Standard output that takes nothing.
if [ -c /dev/full ]; then
    into_full() { "$OTAPACK" "$@" >/dev/full; }
    for form in '' --json '--get segments[0].load_addr'; do
        status=0
        # shellcheck disable=SC2086 # words
        into_full inspect $form "$FIXTURES/esp_image/good-app-esp32h2.bin" 2>err || status=$?
        last_command="inspect $form >/dev/full"
        [ "$status" -eq 2 ] || fail "exit status $status instead of 2"
        expect_one_line_err
    done
    status=0
    into_full verify "$FIXTURES/esp_image/good-app-esp32h2.bin" 2>err || status=$?
    # shellcheck disable=SC2034 # fail shows it
    last_command='verify >/dev/full'
    [ "$status" -eq 2 ] || fail "exit status $status instead of 2"
    expect_exit 2 otapack build --rcp-build-dir "$RCP" --target-file /dev/full
    expect_one_line_err
    [ -c /dev/full ] || fail '/dev/full was replaced'
fi

[ -z "$tried" ] || skip "$tried: there is no disk to fill here"
