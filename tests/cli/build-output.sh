# SPDX-License-Identifier: Apache-2.0
# Where build writes to: a missing or forbidden folder, a folder itself, a full disk, a file of the
# inputs. One clear line, status 2, nothing left behind, nothing damaged.
. "$SOURCE/tests/cli-lib.sh"

reference_build "$RCP" expected.bin
cannot() { # cannot TARGET
    expect_exit 2 otapack build --rcp-build-dir "$RCP" --target-file "$1"
    no_out
    expect_one_line_err
}

cannot missing/ota.bin
expect_err 'missing'
no_file missing
echo text >file
cannot file/ota.bin
[ "$(<file)" = text ] || fail 'the regular file was damaged'
mkdir folder
cannot folder
cannot folder/
folder_is folder
cannot ''
if [ -d /proc/self ]; then cannot /proc/ota.bin; fi

# A folder without permission to write (which root has anyway).
mkdir closed
chmod 555 closed
if ! (: >closed/probe) 2>/dev/null; then
    cannot closed/ota.bin
    folder_is closed
fi
chmod 755 closed
drop closed/probe

# A full disk, as a limit on file size: first without, then with an older target.
full() (
    trap '' XFSZ
    ulimit -f 1
    exec "$OTAPACK" "$@"
)
mkdir disk
copy_rcp rcp
esp_grow rcp/esp_ot_rcp.bin 65536 # larger than the limit, whatever unit the shell has
expect_exit 2 full build --rcp-build-dir rcp --target-file disk/ota.bin
expect_one_line_err
folder_is disk
echo 'an earlier image' >disk/ota.bin
expect_exit 2 full build --rcp-build-dir rcp --target-file disk/ota.bin
expect_one_line_err
folder_is disk ota.bin
[ "$(<disk/ota.bin)" = 'an earlier image' ] || fail 'the older target was damaged'

# A device that is always full (one of our own: a tool that renames over it must not hurt /dev).
if mknod full-device c 1 7 2>/dev/null && ! (echo x >full-device) 2>/dev/null; then
    cannot full-device
    [ -c full-device ] || fail 'the device was replaced by a file'
fi
drop full-device

# Standard output as the target.
expect_exit 0 otapack build --rcp-build-dir "$RCP" --target-file -
same expected.bin out
if [ -c /dev/full ]; then
    to_full() { "$OTAPACK" "$@" >/dev/full; }
    expect_exit 2 to_full build --rcp-build-dir "$RCP" --target-file -
    expect_one_line_err
fi

# The target is one of the inputs: refused with the input as it was, or done right.
copy_rcp rcp
for input in esp_ot_rcp.bin rcp_version flash_args; do
    status=0
    otapack build --rcp-build-dir rcp --target-file "rcp/$input" >out 2>err || status=$?
    case $status in
        0) same expected.bin "rcp/$input" ;;
        2) same "$RCP/$input" "rcp/$input" ;;
        *) fail "target = input: exit status $status" ;;
    esac
    copy_rcp rcp
done

# The mode of a new file follows the umask.
(
    umask 027
    expect_exit 0 otapack build --rcp-build-dir "$RCP" --target-file mode.bin
)
case $(ls -l mode.bin) in
    -rw-r-----*) ;;
    *) fail "the mode of a new file ignores the umask: $(ls -l mode.bin)" ;;
esac

# The older target may be longer than the new one.
head -c 1000000 /dev/zero >long.bin
expect_exit 0 otapack build --rcp-build-dir "$RCP" --target-file long.bin
same expected.bin long.bin
