# SPDX-License-Identifier: Apache-2.0
# Compressed images as Espressif's gen_custom_ota.py lays them out, by Python's lzma: of the same liblzma,
# otapack makes the same bytes; of any, each reads what the other made.
. "$SOURCE/tests/cli-lib.sh"

need python3
! lacks compressed_image/ || skip 'otapack was built without liblzma'
python3 -c 'import lzma' 2>out || skip 'python3 has no lzma'
cat >pack.py <<'PYTHON'
import binascii, hashlib, lzma, struct, sys

app = open(sys.argv[1], 'rb').read()
filters = [{'id': lzma.FILTER_LZMA2, 'preset': 6, 'dict_size': 64 * 1024}]
data = lzma.compress(app, lzma.FORMAT_XZ, lzma.CHECK_CRC32, None, filters)
header = struct.pack('<4sBB10sI16s', b'ESP', 3, 1, b'0', len(data), hashlib.md5(data).digest())
header += struct.pack('<I', binascii.crc32(header))
open(sys.argv[2], 'wb').write(header + data)
first = bytearray(app[:288])
first[1] = 0
open(sys.argv[3], 'wb').write(bytes(first) + header + data)
PYTHON

files=("$FIXTURES"/esp_image/good-app-*.bin)
! have_vectors || files+=("$VECTORS"/esp-image/*.bin)
printf 'otapack: 1\napp: ${APP}\ncompress:\n  type: esp-xz\n  app_header: ${BEHIND}\n' >recipe.yaml
count=0
for app in "${files[@]}"; do
    otapack inspect "$app" --get type >type 2>err || continue
    file_is type app || continue
    otapack verify "$app" >out 2>err || continue
    python3 pack.py "$app" packed behind
    expect_exit 0 otapack verify packed
    expect_exit 0 otapack verify behind
    expect_exit 0 otapack build recipe.yaml -D APP="$app" -D BEHIND=false -o ours
    same packed ours
    expect_exit 0 otapack build recipe.yaml -D APP="$app" -D BEHIND=true -o ours
    same behind ours
    cut_bytes ours 328 $(($(size_of ours) - 328)) | python3 -c \
        'import lzma, sys; sys.stdout.buffer.write(lzma.decompress(sys.stdin.buffer.read()))' >unpacked
    same "$app" unpacked
    count=$((count + 1))
done
[ $count -ge 5 ] || fail "only $count apps"
