# SPDX-License-Identifier: Apache-2.0
# inspect and verify of Matter images with one fault each: the check, its remedy, status 1; --allow
# makes it a warning where it may; what cannot be allowed is status 2 to ask for.
. "$SOURCE/tests/matter-lib.sh"

bad() { # bad ID [KEY=VALUE...]
    bad_id=$1
    shift
    demo_matter bad.bin "$@"
    expect_exit 1 otapack inspect --json bad.bin
    only_failing "$bad_id"
    has_check fail "$bad_id"
    expect_exit 1 otapack inspect bad.bin
    expect_out "$bad_id"
    expect_exit 1 otapack verify bad.bin
    remedy "$bad_id"
}
allowed() {
    bad "$@"
    expect_exit 0 otapack inspect bad.bin --allow "$bad_id"
    expect_out "$bad_id"
    expect_exit 0 otapack verify bad.bin --allow "$bad_id"
    expect_exit 0 otapack inspect --json bad.bin -a "$bad_id"
    has_check warn "$bad_id"
}
fixed() {
    bad "$@"
    expect_exit 2 otapack inspect bad.bin --allow "$bad_id"
    expect_err "$bad_id"
}
warned() { # warned ID [KEY=VALUE...]
    warned_id=$1
    shift
    demo_matter bad.bin "$@"
    expect_exit 0 otapack inspect --json bad.bin
    only_failing "$warned_id"
    has_check warn "$warned_id"
    expect_exit 0 otapack verify bad.bin
    expect_err "^otapack: .*warning: .+; .+ \\[$warned_id\\]\$"
}

allowed matter-ids vendor_id=0
allowed matter-ids product_id=0
allowed matter-range min=2
allowed matter-range max=2
allowed matter-range software_version=9 min=3 max=2
allowed matter-release-notes url=
allowed matter-release-notes url_text=68747470733a2f2fff
allowed matter-release-notes url_text=68747470733a2f2f610a
allowed matter-size total_size=0
allowed matter-size total_size=4607
allowed matter-size total_size=0xffffffffffffffff
allowed matter-trailing trailing=00
allowed matter-trailing trailing=ffffffffffffffffffffffffffffffff
allowed matter-digest-type 8=240800
allowed matter-digest-type 8=24080d
allowed matter-digest-type 8=2408ff
allowed matter-digest-type type=1 digest=00112233
allowed matter-digest-type digest=
allowed matter-digest "digest=$(head -c 64 /dev/zero | tr '\0' a)"
fixed matter-header vendor_id=-
fixed matter-header header_size=1025
fixed matter-bounds payload_size=5000 total_size=5077
warned matter-release-notes-https url=http://example.com/
warned matter-digest-short type=2
warned matter-digest-short type=6
warned matter-digest-short type=9
warned matter-elements extra=240a07
warned matter-elements extra=350a24000118

# A version's text: its own check, and it is not the app's.
for text in '' ff2e30 000102 322e300a c080 eda080; do
    demo_matter bad.bin "text=$text"
    expect_exit 1 otapack inspect --json bad.bin
    has_check fail matter-version-string
    expect_exit 1 otapack verify bad.bin
    remedy matter-version-string
done

# A payload that is cut off: no verdict on its digest, which cannot be known; nothing of it is judged.
demo_matter good.bin
expect_exit 0 otapack inspect --json good.bin
only_failing
has_check pass matter-digest
for missing in 1 100 4000; do
    head -c $(($(size_of good.bin) - missing)) good.bin >cut.bin
    expect_exit 1 otapack inspect --json cut.bin
    only_failing matter-bounds
    look '[.files[].root | nodes | .checks[].id] | index("matter-digest") | not' out >/dev/null ||
        fail 'the digest of what is not there was judged'
    [ "$(jq -r '.files[0].root.parts.payload.format' out)" = raw ] || fail 'the payload is not raw'
done

# More than 4 GiB declared, and the most that can be: said, and no memory taken for it.
for size in 0x100000000 0x7fffffffffffffff 0xffffffffffffffff; do
    demo_matter huge.bin "payload_size=$size" "total_size=$size"
    expect_exit 1 sh -c 'exec timeout 20 "$@"' sh "$OTAPACK" inspect --json huge.bin
    has_check fail matter-bounds
    expect_exit 1 otapack verify huge.bin
    remedy matter-bounds
done

# The payload: an app is judged as one, in its slot as well.
cp app.bin app.good
poke app.bin 200 0xff
demo_matter bad.bin
expect_exit 1 otapack inspect --json bad.bin
has_check pass matter-digest
has_check fail esp-hash
cp app.good app.bin
demo_matter good.bin
host_table table.bin 0x10000 0x10000
expect_exit 0 otapack inspect good.bin -p table.bin --json
has_check pass host-slot
esp_grow app.bin 65536
demo_matter good.bin
expect_exit 1 otapack inspect good.bin -p table.bin --json
has_check fail host-slot
cp "$RCP/bootloader/bootloader.bin" app.bin
demo_matter bad.bin
expect_exit 1 otapack inspect --json bad.bin
has_check fail slot-content
