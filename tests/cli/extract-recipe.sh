# SPDX-License-Identifier: Apache-2.0
# extract --recipe FOLDER, then build: the same bytes, for every good fixture and every real image.
. "$SOURCE/tests/cli-lib.sh"

wrong=0 count=0
again() { # again FILE [BUILD-ARGUMENT...]
    file=$1
    shift
    count=$((count + 1))
    taken=taken.$count again=again.$count
    if ! otapack extract "$file" --recipe $taken >out 2>err; then
        echo "$file: extract: $(head -3 err)" >&2
        wrong=$((wrong + 1))
        return 0
    fi
    recipe=($taken/*.yaml $taken/*/*.yaml)
    [ -f "${recipe[0]}" ] && [ ! -f "${recipe[1]}" ] && [ ${#recipe[@]} -eq 2 ] ||
        fail "$file: not exactly one recipe in $(ls -A $taken)"
    if ! otapack build "${recipe[0]}" -o $again "$@" >out 2>err; then
        echo "$file: build: $(head -3 err)" >&2
        wrong=$((wrong + 1))
    elif ! cmp -s "$file" $again; then
        echo "$file: $(cmp "$file" $again 2>&1)" >&2
        wrong=$((wrong + 1))
    fi
}

# Encodings that devices take, but otapack does not write.
odd='good-wide-encodings good-wide-encodings-2 good-wide-encodings-4 good-full-tags'
for file in "$FIXTURES"/*/good-*.bin "$FIXTURES"/esp_image/signed-*.bin; do
    name=${file##*/}
    case " $odd " in
    *" ${name%.bin} "*)
        expect_exit 1 otapack extract "$file" --recipe "taken.$name"
        expect_err ': (vendor_id|software_version) is what no recipe makes, so that the files differ from 0x4; '
        ;;
    *) lacks "$file" || again "$file" ;;
    esac
done
[ "$count" -ge 15 ] || fail "only $count good fixtures"

# The recipe stands on its own: moved elsewhere, the image gone.
cp "$COMBINED" mine.bin
expect_exit 0 otapack extract mine.bin --recipe taken-again
mv taken-again moved
mv mine.bin original.bin
expect_exit 0 otapack build moved/*.yaml -o again.bin
same original.bin again.bin
# It builds without -o, too, inside its folder.
expect_exit 0 env -C moved sh -c '"$OTAPACK" build *.yaml'
find moved -type f -exec cmp -s original.bin {} \; -print >built
[ -s built ] || fail 'nothing equal to the image was built inside the folder'

[ "$wrong" -eq 0 ] || fail "$wrong of $count fixtures are not built again"

if ! have_vectors; then
    echo 'no real firmware here: only the fixtures were built again'
    exit 0
fi
for file in "$VECTORS"/esp-image/*.bin "$VECTORS"/matter/*.bin "$VECTORS"/thread-br/br/*.bin \
    "$VECTORS"/thread-br/rcp_build/*.bin "$VECTORS"/thread-br/rcp_build/*/*.bin \
    "$VECTORS"/secure-boot/signed_v2*.bin; do
    again "$file"
done
thread=$VECTORS/thread-br
reference_build "$thread/rcp_build" ota_with_rcp_image "$thread/br/esp_ot_br.bin"
reference_build "$thread/rcp_build" rcp_image
again ota_with_rcp_image
again rcp_image

# What a serial flasher would write to the border router.
fill 2097152 >merged.bin
dd if="$thread/br/bootloader.bin" of=merged.bin conv=notrunc status=none
dd if="$thread/br/partition-table.bin" of=merged.bin bs=4096 seek=8 conv=notrunc status=none
dd if="$thread/br/ota_data_initial.bin" of=merged.bin bs=4096 seek=15 conv=notrunc status=none
dd if="$thread/br/esp_ot_br.bin" of=merged.bin bs=4096 seek=32 conv=notrunc status=none
again merged.bin
[ "$wrong" -eq 0 ] || fail "$wrong of $count images are not built again"
