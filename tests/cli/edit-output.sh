# SPDX-License-Identifier: Apache-2.0
# edit writes all or nothing: in place through a new file that takes the name, with the old one's mode;
# through links; -o never half-written; where it cannot write, the old file stays.
. "$SOURCE/tests/matter-lib.sh"

demo_matter original.bin
matter make expected.bin app.bin vendor_id=1
mkdir work
cp original.bin work/ota.bin
chmod 640 work/ota.bin
expect_exit 0 otapack edit work/ota.bin --set vendor_id=1
no_out
no_findings
same expected.bin work/ota.bin
folder_is work ota.bin
[ "$(stat -c %a work/ota.bin)" = 640 ] || fail "mode $(stat -c %a work/ota.bin) instead of 640"

# A reader that has the old file open reads the old one to its end.
cp original.bin work/ota.bin
exec 5<work/ota.bin
expect_exit 0 otapack edit work/ota.bin --set vendor_id=1
cat <&5 >read.bin
exec 5<&-
same original.bin read.bin

# Through a symbolic link: the file is edited, the link stays.
cp original.bin work/ota.bin
ln -s ota.bin work/link.bin
status=0
otapack edit work/link.bin --set vendor_id=1 >out 2>err || status=$?
[ -L work/link.bin ] || fail 'the link was replaced by a file'
case $status in
    0) same expected.bin work/ota.bin ;;
    2) same original.bin work/ota.bin ;;
    *) fail "status $status" ;;
esac
rm work/link.bin

# -o: over an older file; the input as output is the same as in place; a folder that is not there.
cp original.bin work/ota.bin
echo older >work/other.bin
expect_exit 0 otapack edit work/ota.bin --set vendor_id=1 -o work/other.bin
same expected.bin work/other.bin
same original.bin work/ota.bin
folder_is work ota.bin other.bin
echo older >work/other.bin
expect_exit 1 otapack edit work/ota.bin --set vendor_id=0 -o work/other.bin
[ "$(<work/other.bin)" = older ] || fail 'the older file was touched'
expect_exit 2 otapack edit work/ota.bin --set vendor_id=1 -o missing/other.bin
expect_one_line_err
no_file missing
expect_exit 2 otapack edit work/ota.bin --set vendor_id=1 -o work
folder_is work ota.bin other.bin
for same_file in work/ota.bin ./work/../work/ota.bin; do
    cp original.bin work/ota.bin
    status=0
    otapack edit work/ota.bin --set vendor_id=1 -o "$same_file" >out 2>err || status=$?
    case $status in
        0) same expected.bin work/ota.bin ;;
        2) same original.bin work/ota.bin ;;
        *) fail "status $status" ;;
    esac
done

# Nothing can be written: status 2, the old file stays.
cp original.bin work/ota.bin
chmod 555 work
if ! (: >work/probe) 2>/dev/null; then
    expect_exit 2 otapack edit work/ota.bin --set vendor_id=1
    same original.bin work/ota.bin
fi
chmod 755 work
drop work/probe
(
    ulimit -f 1
    trap '' XFSZ
    expect_exit 2 otapack edit work/ota.bin --set vendor_id=1
    expect_exit 2 otapack edit work/ota.bin --set vendor_id=1 -o work/new.bin
)
same original.bin work/ota.bin
folder_is work ota.bin other.bin
expect_exit 2 sh -c '"$OTAPACK" edit work/ota.bin --set vendor_id=1 -o - >/dev/full'

# Edited where it lies, many at once: each whole.
for one in 1 2 3 4 5 6 7 8; do
    "$OTAPACK" edit work/ota.bin --set "vendor_id=$one" 2>/dev/null &
done
wait
expect_exit 0 otapack inspect work/ota.bin
folder_is work ota.bin other.bin
