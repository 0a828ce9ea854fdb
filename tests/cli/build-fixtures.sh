# SPDX-License-Identifier: Apache-2.0
# Every good combined fixture is cut into an RCP build folder by hand, and build makes it again,
# byte for byte, by its own verb and as create_ota_image.
. "$SOURCE/tests/cli-lib.sh"

count=0
for image in "$FIXTURES"/rcp_image/good-*.bin; do
    name=$(basename "$image" .bin)
    rcp_folder "$image" "$name"
    set -- --rcp-build-dir "$name" --target-file "$name.bin"
    if rcp_part "$image" 5 >"$name.host"; then set -- "$@" --br-firmware "$name.host"; fi
    expect_exit 0 otapack build "$@"
    same "$image" "$name.bin"
    rm "$name.bin"
    expect_exit 0 otapack compat create_ota_image "$@"
    same "$image" "$name.bin"
    count=$((count + 1))
done
[ "$count" -ge 2 ] || fail "only $count good combined images"
